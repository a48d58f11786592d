"""What is to be found in a document, written by quotation; the places are computed from what our reader reads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smallprint.models.domain import DocumentType, RiskLevel

Span = tuple[int, int]
Facts = Mapping[str, str | Sequence[str] | Mapping[str, str]]

ELISION = " … "
"""In a quotation: everything between what stands before it and what stands after it."""

_FOLDED = {'"': '["“”]', "“": '["“”]', "”": '["“”]', "'": "['‘’]", "’": "['‘’]", "–": "[-–]", "-": "[-–]"}
_MOST_LEFT_OUT = 1_500


class LabelError(ValueError):
    """A label does not fit its document."""


@dataclass(frozen=True, slots=True)
class Label:
    """A finding that the document deserves, or a clause that deserves none."""

    category: str
    says: str
    """In our words, for whoever reads the labels."""
    quotes: tuple[str, ...] = ()
    """None: the document lacks something."""
    risk: str = ""
    """Empty: the usual risk of the category."""


@dataclass(frozen=True, slots=True)
class HouseDocument:
    """A document of the set, and its labels."""

    id: str
    title: str
    doc_type: DocumentType
    file: str
    content: bytes = field(repr=False)
    perspective: str
    level: RiskLevel
    expected: tuple[Label, ...] = ()
    must_not_flag: tuple[Label, ...] = ()
    labelled_absent: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict)
    injected: bool = False
    twin: str = ""


def risk(category: str, says: str, *quotes: str, level: str = "") -> Label:
    """Something to be found."""
    if not quotes:
        raise LabelError(f"{category}: without a quotation it is `lacks`")
    return Label(category, says, quotes, level)


def lacks(category: str, says: str, level: str = "") -> Label:
    """A protection that is looked for in vain."""
    return Label(category, says, (), level)


def harmless(category: str, says: str, quote: str) -> Label:
    """A clause that must not be called a risk, though it may look like one of the category."""
    return Label(category, says, (quote,), "none")


def neutral(category: str, says: str, quote: str) -> Label:
    """A clause that may be mentioned, but is no risk worth a level."""
    return Label(category, says, (quote,), "info")


def place(text: str, quote: str) -> Span:
    """Where the quotation stands in the text. Raises LabelError unless it stands there exactly once."""
    found = list(re.finditer(_pattern(quote), text, re.DOTALL))
    if len(found) != 1:
        raise LabelError(f"{len(found)} times in the text, not once: {quote!r}")
    return found[0].span()


def stands(text: str, words: str) -> bool:
    """Whether the words stand anywhere in the text."""
    return re.search(_literal(words), text) is not None


def _pattern(quote: str) -> str:
    """White space, quotes and dashes as the reader may give them."""
    return rf".{{0,{_MOST_LEFT_OUT}}}?".join(map(_literal, quote.split(ELISION)))


def _literal(part: str) -> str:
    words = ("".join(_FOLDED.get(char, re.escape(char)) for char in word) for word in part.split())
    return r"\s+".join(words)
