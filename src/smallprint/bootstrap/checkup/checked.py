"""What a check has found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How good or bad it is, as it is shown."""

    OK = "ok"
    NOTE = "note"
    """Works, and is worth knowing."""
    FAULT = "fix"
    """Something must be done."""
    ABSENT = "not set up"


@dataclass(frozen=True, slots=True)
class Checked:
    """One line of a check-up. Neither sentence holds a secret."""

    subject: str
    verdict: Verdict
    says: str
    remedy: str = ""
    """What to do; always there for a fault."""


def ok(subject: str, says: str) -> Checked:
    return Checked(subject, Verdict.OK, says)


def note(subject: str, says: str, remedy: str = "") -> Checked:
    return Checked(subject, Verdict.NOTE, says, remedy)


def fault(subject: str, says: str, remedy: str) -> Checked:
    return Checked(subject, Verdict.FAULT, says, remedy)


def absent(subject: str, says: str, remedy: str = "") -> Checked:
    return Checked(subject, Verdict.ABSENT, says, remedy)
