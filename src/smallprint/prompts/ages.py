"""How long ago something was, as people say it. Pure."""

from __future__ import annotations

from datetime import datetime

JUST_NOW = "just now"
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def ago(then: datetime, now: datetime) -> str:
    """3 days ago"""
    seconds = (now - then).total_seconds()
    for unit_s, name in _UNITS:
        if seconds >= unit_s:
            count = int(seconds // unit_s)
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return JUST_NOW
