"""Passages as they are compared: without their numbers, page furniture and what we computed ourselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from smallprint.documents.quotes.contradictions import same_figures
from smallprint.documents.quotes.folding import fold
from smallprint.documents.quotes.running_text import running_text
from smallprint.documents.quotes.voices import FLOWING
from smallprint.models.domain import Document, Passage, PassageKind

_NOT_COMPARED = frozenset(
    {
        PassageKind.PROFILE,
        PassageKind.HEADER,
        PassageKind.FOOTER,
        PassageKind.INSERTION,  # stands in the text too, which reads as if all tracked changes were accepted
        PassageKind.DELETION,
    }
)
_AMOUNT = re.compile(r"[$€£¥₹%]")
"""What holds one is no page header, even if something like it stands at the edge of every page: a total, a price."""
# A number before a lower-case word is no label: "12.3 million", "30 days after".
_LABEL = re.compile(
    r"""\s*(?:
        (?:article|section|clause|part|schedule|annex|exhibit|appendix|artikel|abschnitt|ziffer)\s+
            (?:\d+(?:\.\d+)*[a-z]?|[ivxlc]+|[a-z])\b[.:)]?
        | §+\s*\d+(?:\.\d+)*[a-z]?
        | \(\s*(?:\d{1,3}|[ivxlc]{1,6}|[a-z]{1,2})\s*\)
        | (?:\d{1,3}(?:\.\d{1,3})*|[ivxlc]{1,6}|[a-z])[.)](?=\s)
        | \d{1,3}(?:\.\d{1,3})+(?=\s+(?-i:[^\W\d_a-z]))
    )\s*[-–—:]?\s*""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip


@dataclass(frozen=True)
class Text:
    """A passage to be compared. Two texts are the same if their keys are, and their figures."""

    passage: Passage

    @cached_property
    def label(self) -> str:
        """The number that stands before it, folded: "4.2", "a"; empty when there is none."""
        found = _LABEL.match(self.passage.text)
        return label_key(found.group()) if found and found.end() < len(self.passage.text) else ""

    @cached_property
    def body(self) -> str:
        """Without that number."""
        found = _LABEL.match(self.passage.text)
        bare = self.passage.text[found.end() :] if found else self.passage.text
        return bare if fold(bare) else self.passage.text

    @cached_property
    def folded(self) -> str:
        return fold(self.body)

    @property
    def flows(self) -> bool:
        """True for the document's own text, which goes on from one passage to the next."""
        return self.passage.kind in FLOWING

    @cached_property
    def key(self) -> tuple[str, str]:
        """Letters and digits, and whose words they are: a clause that became a comment is not the same."""
        voice = "" if self.flows else self.passage.kind.value
        return voice, self.folded

    def says_the_same(self, other: Text) -> bool:
        """True if at most typography and the number before it differ."""
        return self.key == other.key and (self.body == other.body or same_figures(self.body, other.body))


def label_key(text: str) -> str:
    """ "Section 4.2." and "4.2" are both "4.2"."""
    found = re.findall(r"\d+(?:\.\d+)*[a-z]?|[a-z]+", text.lower())
    return found[-1] if found else ""


def texts_of(document: Document) -> Sequence[Text]:
    """What two versions are compared by, in the order of the document."""
    compared = [each for each in document.passages if each.kind not in _NOT_COMPARED]
    running = {passage.number for passage in running_text(compared)}
    read = [each for each in compared if each.number in running or _AMOUNT.search(each.text)]
    return [text for text in map(Text, read) if text.folded]
