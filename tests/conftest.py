from __future__ import annotations

import os

from hypothesis import settings

# Everywhere the same questions, so that a run judges the change; HYPOTHESIS_PROFILE=new asks new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
