"""Reworded or changed: may two wordings of a passage mean something else? When in doubt, they may."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz.distance import Indel

from smallprint.documents.changes.texts import label_key
from smallprint.documents.quotes.contradictions import contradicts, words

MOST_WORDS_OTHER = 0.35
"""Share of the words that a rewording may replace; more is another text."""
MOST_WORDS_ALONE = 3
"""Words in a row that may come, or go, with nothing in their place; more is a new condition."""
LONGEST_JUDGED = 100_000
"""Characters of both; what is longer (a table) is changed, without a look at each word."""

# fmt: off
_WEIGHTY = frozenset({
    "and", "or", "all", "any", "each", "every", "some", "both", "either", "sole", "solely", "exclusive",
    "exclusively", "reasonable", "reasonably", "best", "material", "materially", "gross", "wilful", "willful",
    "direct", "directly", "indirect", "indirectly", "consequential", "immediately", "promptly", "prior",
    "written", "writing", "consent", "irrevocable", "perpetual", "unlimited", "limited", "mutual", "mutually",
    "jointly", "severally", "indemnify", "liable", "liability", "automatically", "terminate", "renew",
    "optional", "mandatory", "required", "permitted", "prohibited", "free", "fee", "fees", "penalty", "interest",
    "business", "working", "calendar", "day", "days", "week", "weeks", "month", "months", "year", "years",
    "hour", "hours", "net", "including", "discretion", "und", "oder", "alle", "schriftlich",
})
_MONTHS = frozenset({
    "january", "february", "march", "april", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
})
_PARTIES = frozenset({
    "supplier", "customer", "client", "provider", "vendor", "buyer", "seller", "purchaser", "landlord",
    "tenant", "lessor", "lessee", "licensor", "licensee", "employer", "employee", "contractor", "company",
    "party", "parties", "borrower", "lender", "discloser", "recipient", "owner", "agent", "we", "us", "our",
    "you", "your", "they", "their", "he", "she",
})
# fmt: on
_TURNING = _WEIGHTY | _MONTHS | _PARTIES
_NAME = re.compile(r"(?<![.!?:;]\s)(?<!^)\b[^\W\d_]\w*")
_REFERENCE = re.compile(
    r"(?P<what>\b(?:section|clause|article|paragraph|schedule|exhibit|annex|sub-?section|ziffer|abschnitt)s?\s+|§+\s*)"
    r"(?P<number>\d+(?:\.\d+)*[a-z]?)",
    re.IGNORECASE,
)


def means_the_same(before: str, after: str) -> bool:
    """True if only words differ that do not usually turn a meaning: reworded, not changed."""
    if len(before) + len(after) > LONGEST_JUDGED or contradicts(before, "", after, ""):
        return False
    one, other = words(before), words(after)
    turning = _TURNING | names(before) | names(after)
    replaced = 0
    for lost, gained in _differences(one, other):
        if not turning.isdisjoint({*lost} ^ {*gained}):
            return False
        if max(len(lost), len(gained)) > MOST_WORDS_ALONE and not (lost and gained):
            return False
        replaced += max(len(lost), len(gained))
    return replaced <= MOST_WORDS_OTHER * max(len(one), len(other))


def names(text: str) -> frozenset[str]:
    """Words that are capitalised where no sentence begins: parties, products, defined terms."""
    found = " ".join(name for name in _NAME.findall(text) if name[0].isupper())
    return frozenset(words(found))


def renumbered(text: str, new_numbers: Mapping[str, str]) -> str:
    """The text with its references ("Section 4.2") as the new document numbers them; clauses without a new number stay."""

    def replace(found: re.Match[str]) -> str:
        number = found["number"]
        return found["what"] + new_numbers.get(label_key(number), number)

    return _REFERENCE.sub(replace, text)


def _differences(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Words that went, and those that came in their place."""
    old = new = 0
    for block in Indel.opcodes(one, other).as_matching_blocks():  # the last one is empty, at the end
        if block.a > old or block.b > new:
            yield one[old : block.a], other[new : block.b]
        old, new = block.a + block.size, block.b + block.size
