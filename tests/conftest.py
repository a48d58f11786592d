from __future__ import annotations

import os

from hypothesis import settings

# CI asks the same questions every time, so that it judges the change; a developer's run asks new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", deadline=None)
settings.load_profile("same" if os.environ.get("CI") else "new")
