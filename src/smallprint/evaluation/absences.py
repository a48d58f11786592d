"""Protections that a report names as missing, in words: "return or destruction" among what was looked for and not found.

Labels name an absence by a category. A finding needs words of the document, so an absence comes as a phrase. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

PHRASES: Mapping[str, str] = {
    "nda.no_notice_of_compelled_disclosure": r"compelled|required by (?:law|a court)|legally required|subpoena|court order",
    "nda.no_licence_disclaimer": r"(?:implied|implication|grant of|no) (?:a |any )?(?:licen[cs]e|rights)|licen[cs]e (?:by|disclaimer)",
    "nda.no_return_or_destruction": r"return|destr(?:oy|uct)|deletion",
    "nda.no_reverse_engineering_ban": r"reverse[- ]engineer|decompil",
    "nda.no_survival": r"surviv|after the (?:end|term)|post-terminat",
    "nda.no_use_limitation": r"(?:use|used|using) .*(?:purpose|only|limit|restrict)|(?:limit|restrict).* use|purpose",
    "proposal.missing_downside": r"downside|(?:bad|worst|adverse|pessimistic) case|sensitivity",
}
"""Category of an absence → what a phrase for it holds."""

_PATTERNS = {category: re.compile(pattern, re.IGNORECASE) for category, pattern in PHRASES.items()}


def named_missing(phrases: Iterable[str]) -> frozenset[str]:
    """The categories whose protection the phrases say is missing."""
    said = tuple(phrases)
    return frozenset(
        category for category, pattern in _PATTERNS.items() if any(pattern.search(phrase) for phrase in said)
    )
