"""What was asked for beside the link, in the words of the command: so that a misunderstanding is seen at once."""

from __future__ import annotations

from collections.abc import Sequence

from smallprint.models.domain import Brief, Profile
from smallprint.reports.text import plain

PROFILE_CHOICES: Sequence[tuple[str, str]] = (
    (Profile.ECONOMY.value, "Economy: cheapest"),
    (Profile.BALANCED.value, "Balanced"),
    (Profile.THOROUGH.value, "Thorough: most careful, costs most"),
)
"""For the menus of forms: value and text."""
UNDERSTOOD = "I understood: {wishes}."


def wishes_line(brief: Brief) -> str:
    """for “the tenant”, focus “exit”, in English, thorough, again; empty when nothing was wished for."""
    side, focus, language = plain(brief.side), plain(brief.focus), plain(brief.language)
    parts = (
        f"for “{side}”" if side else "",
        f"focus “{focus}”" if focus else "",
        f"in {language}" if language else "",
        brief.profile.value if brief.profile else "",
        "again" if brief.again else "",
    )
    return ", ".join(part for part in parts if part)


def understood(brief: Brief) -> str:
    """As a sentence; empty when nothing was wished for."""
    line = wishes_line(brief)
    return UNDERSTOOD.format(wishes=line) if line else ""
