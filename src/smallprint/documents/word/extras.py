"""All of a Word file that is not its text: changes, comments, hidden words, headers, footers. Child process only."""

from __future__ import annotations

from smallprint.documents.erasure import take_out
from smallprint.documents.office_package import OfficePackage
from smallprint.documents.reading import Block, Refused, letters, split_long, tidy
from smallprint.documents.word.comments import comment_marks
from smallprint.documents.word.markup import Mark, MarkupReader, worth_reading
from smallprint.documents.word.places import Places
from smallprint.documents.word.styles import Styles
from smallprint.documents.xml_tree import Element, parse_xml

ONE_CHANGE = "1 tracked change is not accepted yet; it is listed apart."
CHANGES = "{count:,} tracked changes are not accepted yet; they are listed apart."
MORE_MARKS = "Only the first {limit:,} of {count:,} tracked changes, comments and hidden texts were read."
PAGE_HEADER, PAGE_FOOTER = "page header", "page footer"
MORE_HIDDEN = "hidden text in {count:,} more places"

MAX_MARKS = 3_000

_MAIN_PART = "word/document.xml"
_HEADERS, _NOTES = ("header", "footer"), ("footnotes", "endnotes")
_LISTED_HIDDEN = 10
_DOCTYPE = b"<!DOCTYPE"


class WordExtras:
    """Opens the file; read() fills the rest. Raises Refused: corrupt, encrypted, unsafe_archive."""

    def __init__(self, content: bytes) -> None:
        self._package = OfficePackage(content)
        self.archive = self._package.archive
        self.main_part = self._find_main_part()
        self.blocks: list[Block] = []
        self.notes: dict[str, object] = {}
        self.warnings: list[str] = []
        self._parts = self._related_parts()
        self._main = self.archive.read(self.main_part)
        if _DOCTYPE in self._main:
            raise Refused("unsafe_archive")

    def read(self, body: list[Block]) -> None:
        """Each mark becomes a passage; hidden text is taken out of the body."""
        marks = self._marks()
        self._count(marks)
        places = Places(body) if marks else None
        hidden: list[str] = []
        for mark in marks[:MAX_MARKS]:
            beside = places.block_of(mark.paragraph) if places else None
            where = places.name_of(beside) if places else ""
            self._add(mark, where, beside)
            if mark.kind == "hidden":
                hidden.append(f"{mark.what} in “{where}”" if where else mark.what)
                take_out(body, [mark.text], beside)
        self.notes["hidden"] = _listed(list(dict.fromkeys(hidden)))
        self._read_headers_and_footers()
        self.notes |= self._package.dangers()

    def _find_main_part(self) -> str:
        try:
            return self._package.main_part()
        except Refused:
            if _MAIN_PART in self.archive.names:
                return _MAIN_PART
            raise

    def _related_parts(self) -> dict[str, list[str]]:
        """Names of the parts that the main one refers to, by what they are."""
        parts: dict[str, list[str]] = {}
        for each in self._package.relationships(self.main_part).values():
            if not each.external and each.target not in parts.setdefault(each.kind, []):
                parts[each.kind].append(each.target)
        return parts

    def _parts_of(self, *kinds: str) -> list[str]:
        return [name for kind in kinds for name in self._parts.get(kind, [])]

    def _marks(self) -> list[Mark]:
        """Of the body first, then of headers, footers and notes; comments last."""
        styles = Styles(b"".join(map(self.archive.read, self._parts_of("styles"))))
        reader = MarkupReader(styles)
        for part in (self._main, *map(self.archive.read, self._parts_of(*_HEADERS, *_NOTES))):
            if worth_reading(part, styles):
                reader.read(parse_xml(part))
        return reader.marks + self._comments(reader)

    def _comments(self, reader: MarkupReader) -> list[Mark]:
        extended = [self._package.xml(name) for name in self._parts_of("commentsExtended")]
        comments = [self._package.xml(name) for name in self._parts_of("comments")]
        state = extended[0] if extended else None
        return [mark for each in comments if each is not None for mark in comment_marks(each, state, reader)]

    def _count(self, marks: list[Mark]) -> None:
        kinds = [mark.kind for mark in marks]
        insertions, deletions = kinds.count("insertion"), kinds.count("deletion")
        changes = insertions + deletions
        self.notes |= {"insertions": insertions, "deletions": deletions, "comments": kinds.count("comment")}
        if changes:
            self.warnings.append(ONE_CHANGE if changes == 1 else CHANGES.format(count=changes))
        if len(marks) > MAX_MARKS:
            self.warnings.append(MORE_MARKS.format(limit=MAX_MARKS, count=len(marks)))

    def _add(self, mark: Mark, where: str, beside: Block | None) -> None:
        place = f"{mark.what} · {where}" if where else mark.what
        section = beside.section if beside else ""
        self.blocks += [Block(text, None, section, mark.kind, place) for text in split_long(tidy(mark.text))]

    def _read_headers_and_footers(self) -> None:
        seen: set[tuple[str, str]] = set()
        for kind, place in zip(_HEADERS, (PAGE_HEADER, PAGE_FOOTER), strict=True):
            for name in self._parts_of(kind):
                root = self._package.xml(name)
                text = "" if root is None else _text_of(root)
                if letters(text) and not text.isdecimal() and (kind, text) not in seen:
                    seen.add((kind, text))
                    self.blocks += [Block(piece, None, "", kind, place) for piece in split_long(text)]


def _text_of(root: Element) -> str:
    """What a header or footer says, without what is deleted."""
    waiting, words = [root], []
    while waiting:
        element = waiting.pop()
        if element.tag == "t":
            words.append(element.text)
        elif element.tag in ("p", "tab", "br", "tc"):
            words.append(" ")
        if element.tag not in ("Fallback", "del", "moveFrom"):
            waiting += element.children[::-1]
    return tidy("".join(words))


def _listed(phrases: list[str]) -> list[str]:
    more = len(phrases) - _LISTED_HIDDEN
    return [*phrases[:_LISTED_HIDDEN], MORE_HIDDEN.format(count=more)] if more > 1 else phrases
