"""Text that a reader of the document cannot see, but that was in the file: found by rules."""

from __future__ import annotations

from itertools import islice

from smallprint.agents.injection import addresses_ai
from smallprint.agents.sentences import split
from smallprint.models.domain import Document, Finding, Passage, PassageKind, Quotation, RiskLevel

CATEGORY = "document.hidden_text"

_TITLE = "The document holds text that readers don't see"
_STATEMENT = (
    "Part of the file is hidden: hidden sheets, rows or slides, or text that is marked as hidden, white, tiny or off the page."
    " People who read the document will miss it."
)
_WHY = "What is hidden may bind, disclose or mislead all the same: old prices, internal remarks, terms nobody has read."
_WHY_TO_AI = "The hidden text is addressed to an AI: somebody wants automated reviews to read something that people don't."
_ASK = "Ask whoever sent it why the text is hidden, and have it shown or removed before you rely on the document."

MAX_QUOTATIONS = 3
MAX_QUOTATION_CHARS = 500


def find_hidden_text(document: Document) -> tuple[Finding, ...]:
    """One finding, H1, with up to three of the hidden passages: medium, high when one speaks to an AI. Pure."""
    hidden = [passage for passage in document.passages if passage.kind is PassageKind.HIDDEN]
    if not hidden:
        return ()
    to_ai = list(islice((passage for passage in hidden if addresses_ai([passage])), MAX_QUOTATIONS))
    quotations = tuple(quotation_of(passage) for passage in _worst_first(hidden, to_ai)[:MAX_QUOTATIONS])
    why, severity = (_WHY_TO_AI, RiskLevel.HIGH) if to_ai else (_WHY, RiskLevel.MEDIUM)
    return (Finding("H1", CATEGORY, _TITLE, _STATEMENT, why, _ASK, severity, quotations),)


def _worst_first(hidden: list[Passage], to_ai: list[Passage]) -> list[Passage]:
    numbers = {passage.number for passage in to_ai}
    return [*to_ai, *(passage for passage in hidden if passage.number not in numbers)]


def quotation_of(passage: Passage) -> Quotation:
    """The passage, or as many of its first sentences as fit; verbatim."""
    if len(passage.text) <= MAX_QUOTATION_CHARS:
        return Quotation(passage.text, passage.number)
    first = next(split(passage.text), passage.text)
    if len(first) > MAX_QUOTATION_CHARS:
        first = first[:MAX_QUOTATION_CHARS].rsplit(None, 1)[0]
    return Quotation(first, passage.number)
