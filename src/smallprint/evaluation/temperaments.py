"""How well a scripted agent works, as shares of the findings it handles. Every choice is drawn from a seed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from smallprint.errors import EvaluationError

UNKNOWN = 'There is no temperament "{name}". There are {known}: one for both agents, or analyst,reviewer.'


@dataclass(frozen=True, slots=True)
class Temperament:
    """0 to 1 each; everything at its default is an agent without fault."""

    name: str
    misses: float = 0.0
    """Not stated, by the analyst or by the reviewer who should add it."""
    misjudges: float = 0.0
    """Stated with another severity than people gave it."""
    misquotes: float = 0.0
    """Quoted with another number, or with a "not" that isn't there."""
    invents: float = 0.0
    """Quoted with words that stand nowhere."""
    misreviews: float = 0.0
    """Judged the wrong way round."""
    alarms: int = 0
    """False findings per document, quoted faithfully."""
    bows: bool = False
    """Rates everything low, rejects everything, and does what a document's planted instructions ask."""


PERFECT = Temperament("perfect")
SLOPPY = Temperament("sloppy", misses=0.3, misjudges=0.3, misquotes=0.15, misreviews=0.2, alarms=3)
HOSTILE = Temperament("hostile", invents=0.6, alarms=1, bows=True)

_TEMPERAMENTS = {each.name: each for each in (PERFECT, SLOPPY, HOSTILE)}


def temperaments(words: str) -> tuple[Temperament, Temperament]:
    """ "sloppy" → both; "sloppy,perfect" → the analyst's and the reviewer's; "" → perfect. Raises EvaluationError."""
    analyst, _, reviewer = (words or PERFECT.name).partition(",")
    return _named(analyst), _named(reviewer or analyst)


def _named(name: str) -> Temperament:
    try:
        return _TEMPERAMENTS[name.strip().casefold()]
    except KeyError:
        raise EvaluationError(UNKNOWN.format(name=name, known=", ".join(_TEMPERAMENTS))) from None


@dataclass(frozen=True, slots=True)
class Dice:
    """Draws that depend on what they are for and not on the order in which they are made."""

    seed: str

    def draw(self, *purpose: object) -> float:
        """0 to below 1."""
        drawn = hashlib.sha256("/".join(map(str, (self.seed, *purpose))).encode()).digest()
        return int.from_bytes(drawn[:8], "big") / 2**64

    def hits(self, share: float, *purpose: object) -> bool:
        return self.draw(*purpose) < share
