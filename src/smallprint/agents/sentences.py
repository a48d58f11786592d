"""Passages → sentences that a reader recognises: whole, verbatim, each with the heading above it; a table's row is one.

Rules match against `Sentence.folded`; what is shown is always cut out of the passage itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smallprint.models.domain import Passage, PassageKind

MAX_SENTENCE_CHARS = 1_500
"""Longer ones are cut at clause boundaries: it bounds every pattern's work on hostile text."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of one passage."""

    text: str
    """Verbatim, without surrounding white space."""
    folded: str
    """For matching: lower case, plain quotes and dashes, single spaces."""
    passage: int
    heading: str
    """The nearest heading above it, folded; "" when there is none."""
    is_heading: bool = False
    is_definition: bool = False

    def around(self, start: int, end: int, max_chars: int) -> str:
        """The sentence, or when it is longer than `max_chars` its clauses around folded[start:end]; verbatim."""
        if len(self.text) <= max_chars:
            return self.text
        return _window(self.text, _unfolded(self.text, start), _unfolded(self.text, end), max_chars)


def split_sentences(passages: Iterable[Passage]) -> Iterator[Sentence]:
    """Sentences in the order of the document; headings come too, marked as such."""
    heading = ""
    for passage in passages:
        section = fold(passage.section)
        for text in _pieces(passage):
            folded = fold(text)
            is_heading = not _is_row(text, passage) and _is_heading(text, folded)
            if is_heading:
                heading = folded
            above = f"{section} {heading}".strip()
            yield Sentence(text, folded, passage.number, above, is_heading, bool(_DEFINITION.match(folded)))


def _pieces(passage: Passage) -> Iterator[str]:
    if passage.kind is not PassageKind.TABLE or _CELL_BORDER not in passage.text:
        yield from split(passage.text)
        return
    for line in passage.text.split("\n"):
        if _is_row(line, passage):
            yield line.strip()
        else:
            yield from split(line)


def _is_row(text: str, passage: Passage) -> bool:
    return passage.kind is PassageKind.TABLE and _CELL_BORDER in text and len(text) <= _MAX_ROW_CHARS


_CELL_BORDER = " |"
_MAX_ROW_CHARS = 700  # longer rows hold prose in their cells, which is read by the sentence


def split(text: str) -> Iterator[str]:
    """Sentences of one passage, verbatim, none longer than `MAX_SENTENCE_CHARS`."""
    for line in _lines(text):
        if _is_contents_line(line):
            yield line.strip()
            continue
        for sentence in _sentences(line):
            yield from _capped(sentence)


def fold(text: str) -> str:
    """Lower case, plain quotes and dashes, no soft hyphens, white space as single spaces."""
    return " ".join(text.translate(_PLAIN).lower().split())


# --- where sentences end -----------------------------------------------------------------------------------

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛`´", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)
_END = re.compile(r"[.!?][\"”’')\]]{0,3}\s+(?=[\"“‘'(\[*•]{0,3}[A-Z0-9§ÄÖÜÉ])")
_ENUMERATOR = re.compile(
    r"\s*(?:article|section|clause)?\s*[(\[]?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[ivxlc]{1,5}|[a-z])[.)\]]{0,2}\s*",
    re.IGNORECASE,
)
_MAX_ENUMERATOR_CHARS = 30
_LIST_ITEM = re.compile(
    r"\s*(?:[(\[]?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[ivxlc]{1,5}|[a-zA-Z])[.)\]]|\d{1,3}(?:\.\d{1,3}){1,4}\s|[•·▪◦*–-]\s)"
)
_ABBREVIATIONS = frozenset(  # a paragraph reads better than sixty quoted words
    "sec secs art arts no nos inc corp co ltd llc plc dept est vs v cf al approx ext fig para pp p seq mr mrs ms dr prof"  # noqa: SIM905
    " st jr sr gen rev hon jan feb mar apr jun jul aug sept sep oct nov dec e.g i.e u.s u.k u.s.c c.f.r s.a n.v b.v d.b.a"
    " a.m p.m attn tel incl excl vol ed eds par cl bros assn".split()
)
_BEFORE_DOT = re.compile(r"([\w.]{1,20})[.!?][\"”’')\]]{0,3}\s*$")
_CLAUSE_END = re.compile(r"[;:]\s|,\s|\s(?=\([a-z0-9]{1,4}\)\s)|[.!?]\s|\s(?=and\s|or\s)")
_DEFINITION = re.compile(
    r"(?:[(\[]?[a-z0-9.]{1,6}[.)\]]? )?(?:the term )?\"[^\"]{1,80}\"(?: \([^)]{1,60}\))?,? ?(?:[^.]{0,80} )?"
    r"(?:means?|is defined|has the meaning|shall have the meaning|refers? to)\b"
)
_DOT_LEADER = re.compile(r"\.{4,}|(?:\. ){4,}|[ \t]{3,}\d{1,3}$")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MAX_HEADING_CHARS = 90
_SMALL_WORDS = frozenset(
    "a an and as at by for from in into of on or the to under upon with your our".split()  # noqa: SIM905
)
_VERBS = frozenset({"shall", "will", "may", "must", "is", "are", "agree", "agrees", "do", "does"})
"""A line in capitals with one of these is a sentence that shouts, not a heading."""
_NUMBERED_TITLE = re.compile(
    r"(?:article |section |clause )?\d{1,2}(?:\.\d{1,2}){0,2}\.?\s+[A-Z][^.;:?!|\"“]{2,60}"
)
"""The heading of a document that writes only its first word with a capital."""
_MAX_TITLE_WORDS = 10
_MIN_TITLE_SHARE = 0.75


def _lines(text: str) -> Iterator[str]:
    """Joins wrapped lines, keeps apart what stands on lines of its own: list items, headings, ended sentences."""
    start = 0
    for newline in re.finditer(r"\n[ \t]*", text):
        line = text[start : newline.start()].rstrip()
        rest = text[newline.end() : newline.end() + 12]
        if (
            not line
            or line[-1] in '.;:!?"”'
            or _LIST_ITEM.match(rest)
            or (_is_title(line) and not rest[:1].islower())
        ):
            yield text[start : newline.start()]
            start = newline.end()
    yield text[start:]


def _sentences(line: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(line):
        if not _continues(line, start, end.end()):
            yield line[start : end.end()].strip()
            start = end.end()
    if rest := line[start:].strip():
        yield rest


def _continues(line: str, start: int, end: int) -> bool:
    """True where the full stop belongs to an abbreviation or to a clause's own number."""
    if end - start <= _MAX_ENUMERATOR_CHARS and _ENUMERATOR.fullmatch(line, start, end):
        return True
    before = _BEFORE_DOT.search(line, max(start, end - 40), end)
    if before is None:
        return False
    word = before[1].lower()
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")


def _capped(sentence: str) -> Iterator[str]:
    start = 0
    while len(sentence) - start > MAX_SENTENCE_CHARS:
        end = _boundary(sentence, start + MAX_SENTENCE_CHARS // 2, start + MAX_SENTENCE_CHARS)
        if piece := sentence[start:end].strip():
            yield piece
        start = end
    if piece := sentence[start:].strip():
        yield piece


def _boundary(text: str, low: int, high: int) -> int:
    """The last clause boundary between low and high, else the last space, else high."""
    ends = [found.end() for found in _CLAUSE_END.finditer(text, low, high)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", low, high)
    return space + 1 if space > 0 else high


# --- headings ------------------------------------------------------------------------------------------------


def _is_heading(text: str, folded: str) -> bool:
    """A line that only names what follows: a heading, a run-in heading, a line of a table of contents."""
    return _is_contents_line(text) or (
        len(folded) <= _MAX_HEADING_CHARS and (_is_title(text) or _is_numbered_title(text, folded))
    )


def _is_numbered_title(text: str, folded: str) -> bool:
    return bool(_NUMBERED_TITLE.fullmatch(text.strip())) and not _VERBS & set(folded.split())


def _is_contents_line(line: str) -> bool:
    return len(line) < 2 * _MAX_HEADING_CHARS and bool(line.strip()) and bool(_DOT_LEADER.search(line))


def _is_title(text: str) -> bool:
    if len(text) > 2 * _MAX_HEADING_CHARS or text.rstrip()[-1:] in {";", ",", "!", "?"}:
        return False
    words: list[str] = [word for word in _WORD.findall(text) if word.lower() not in _SMALL_WORDS]
    if not words or len(words) > _MAX_TITLE_WORDS or any(word.lower() in _VERBS for word in words):
        return False
    capitals = sum(1 for word in words if word[0].isupper())
    return capitals >= _MIN_TITLE_SHARE * len(words)


# --- cutting a long sentence for show ------------------------------------------------------------------------


def _unfolded(text: str, position: int) -> int:
    """Offset in `text` of a position in fold(text); exact but for the rare letters whose lower case is longer."""
    folded, space = -1, True
    for offset, char in enumerate(text):
        if char.isspace():
            if not space:
                folded += 1
            space = True
        elif _PLAIN.get(ord(char), "") is not None:
            folded += 1
            space = False
        if folded >= position:
            return offset
    return len(text)


def _window(text: str, start: int, end: int, max_chars: int) -> str:
    """Grows from text[start:end] clause by clause to at most `max_chars`."""
    cuts = [
        0,
        *(found.end() for found in re.finditer(r"[;:]\s+|\s(?=\([a-z0-9]{1,4}\)\s)|,\s+", text)),
        len(text),
    ]
    first = max((cut for cut in cuts if cut <= start), default=0)
    last = min((cut for cut in cuts if cut >= end), default=len(text))
    first = max(first, last - max_chars) if last - first > max_chars else first
    for cut in reversed([cut for cut in cuts if cut < first]):
        if last - cut > max_chars // 2:
            break
        first = cut
    for cut in (cut for cut in cuts if cut > last):
        if cut - first > max_chars:
            break
        last = cut
    return text[first:last].strip()
