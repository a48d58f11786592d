"""Annexes, schedules and exhibits that a document relies on and does not hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smallprint.agents.sentences import Sentence
from smallprint.models.domain import Finding, Quotation, RiskLevel

CATEGORY = "document.missing_attachment"

_TITLE = "An attachment is missing"
_SAYS = "The document relies on {names}, which {verb} not in it."
_WHY = "What it says there binds as well, and may change prices, scope or duties; you would sign it unread."
_ASK = "Ask for it before you decide, and have it named with its date and number of pages."

MAX_QUOTATIONS = 3
_MOST_NAMED = 4

_NAME = (
    r"(annex(?:ure)?|appendix|schedule|exhibit|attachment|enclosure)(?: ?\"| )([a-z]|\d{1,2}|[ivx]{1,4})\"?"
    r"(?!\w|[.-]\d)"
)
_NAMED = re.compile(rf"\b{_NAME}")
_HEADS = re.compile(rf"(?:[^a-z]{{0,8}})?{_NAME}(?! (?:to|of) (?:the|this) )")
_ELSEWHERE = re.compile(
    r" ?,? (?:to|of|in|under) (?:the |that )?(?:\w+ ){0,6}(?:act|regulations?|directive|order|code|treaty|plan|form|rules|gdpr)\b"
)
_RELIED_ON = re.compile(
    r"\b(?:attached|annexed|enclosed|set (?:out|forth)|specified|described|listed|defined|contained|stated|accordance|under|see|is (?:at|in)|are (?:at|in)|as per|according to|criteria in|conditions in|pursuant)\b"
)
_LATER = re.compile(
    r"\b(?:will be|is to|are to|to be|shall be)(?: \w+){0,3} (?:sent|supply|supplied|provided?|attached|added|circulated|completed|agreed|delivered|prepared|follow)"
)
_HEADING_CHARS = 120


def find_missing_attachments(sentences: tuple[Sentence, ...]) -> tuple[Finding, ...]:
    """One finding, for what is named but has no heading of its own, or is promised for later; its id is the analyst's."""
    present = {name for sentence in sentences for name in _headed(sentence)}
    missing: dict[str, Sentence] = {}
    for sentence in sentences:
        for name in _relied_on(sentence, present):
            missing.setdefault(name, sentence)
    if not missing:
        return ()
    names = sorted(missing)
    says = _SAYS.format(names=_listed(names), verb="is" if len(names) == 1 else "are")
    quotations = tuple(dict.fromkeys(Quotation(each.text, each.passage) for each in missing.values()))
    return (Finding("", CATEGORY, _TITLE, says, _WHY, _ASK, RiskLevel.MEDIUM, quotations[:MAX_QUOTATIONS]),)


def _headed(sentence: Sentence) -> Iterator[str]:
    """The attachment that a short line opens with; contents lists open with it too, so they count as promised only."""
    found = _HEADS.match(sentence.folded)
    if (
        found
        and (sentence.is_heading or len(sentence.folded) <= _HEADING_CHARS)
        and "..." not in sentence.text
    ):
        yield _name(found)


def _relied_on(sentence: Sentence, present: set[str]) -> Iterator[str]:
    later = _LATER.search(sentence.folded)
    if sentence.is_heading or not (later or _RELIED_ON.search(sentence.folded)):
        return
    for found in _NAMED.finditer(sentence.folded):
        name = _name(found)
        elsewhere = _ELSEWHERE.match(sentence.folded, found.end())
        if not elsewhere and (name not in present or (later and later.start() >= found.start())):
            yield name


def _name(found: re.Match[str]) -> str:
    return f"{found[1].capitalize()} {found[2].upper()}"


def _listed(names: list[str]) -> str:
    shown = names[:_MOST_NAMED]
    if len(names) > _MOST_NAMED:
        return f"{', '.join(shown)} and {len(names) - _MOST_NAMED} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
