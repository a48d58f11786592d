"""What must be the same for a report to be shown again: prompts, models and wishes. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from smallprint import __version__
from smallprint.agents.profiles import Staffing
from smallprint.models.domain import Brief, Prompt


def fingerprint(prompts: Mapping[str, Prompt], staffing: Staffing, brief: Brief) -> str:
    """Hexadecimal SHA-256. The document is not part of it: its own hash stands beside."""
    parts = {
        "release": __version__,
        "prompts": {agent: prompt.sha256 for agent, prompt in prompts.items()},
        "staffing": asdict(staffing),
        "wishes": [brief.side.casefold(), brief.focus.casefold(), brief.language.casefold()],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
