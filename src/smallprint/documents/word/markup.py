"""What stands beside the text of a Word file: tracked changes, comments, hidden runs. Child process only.

No parser that we know shows deletions. Format: ECMA-376 part 1, §17.13 (annotations).
"""

from __future__ import annotations

import re

from smallprint.documents.reading import tidy
from smallprint.documents.word.styles import Styles, shade_of, why_hidden

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.xml_tree import Element

CHANGED, MOVED = "tracked change", "moved"
BY = " by {author}"

_CHANGES = {
    "ins": ("insertion", CHANGED),
    "del": ("deletion", CHANGED),
    "moveTo": ("insertion", MOVED),
    "moveFrom": ("deletion", MOVED),
}
_MARKED = re.compile(rb"[:<](?:ins|del|moveFrom|moveTo|commentRangeStart|commentReference)\b")
_SKIPPED = frozenset(
    {"Fallback", "rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr", "instrText", "delInstrText"}
)
_TEXT = frozenset({"t", "delText"})
_SPACES = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_TEXT_BOX_SHADE = "unknown"
_LONGEST_AUTHOR = 60


class Mark:
    """A passage that is no plain text: `kind` is a PassageKind's value, `what` says which in words."""

    __slots__ = ("kind", "paragraph", "text", "what")

    def __init__(self, kind: str, text: str, what: str, paragraph: Paragraph | None) -> None:
        self.kind = kind
        self.text = text
        self.what = what
        self.paragraph = paragraph


class Paragraph:
    """A paragraph while it is read; `text` is what stands there if all changes are accepted."""

    __slots__ = ("pieces", "previous", "style", "text")

    def __init__(self, style: str, previous: Paragraph | None) -> None:
        self.style = style
        self.previous = previous
        self.text = ""
        self.pieces: list[tuple[str, str, str]] = []
        """(kind, what, text) of each run; ("", "", text) for plain text."""


class Surroundings:
    """What holds for a run because of the elements around it."""

    __slots__ = ("change", "shade", "table_style")

    def __init__(self, change: tuple[str, str] = ("", ""), shade: str = "", table_style: str = "") -> None:
        self.change = change
        self.shade = shade
        self.table_style = table_style

    def changed(self, change: tuple[str, str]) -> Surroundings:
        return Surroundings(change, self.shade, self.table_style)

    def shaded(self, shade: str) -> Surroundings:
        return Surroundings(self.change, shade, self.table_style) if shade else self

    def in_table(self, style: str) -> Surroundings:
        return Surroundings(self.change, self.shade, style)


def worth_reading(part: bytes, styles: Styles) -> bool:
    """True if a part holds anything that MarkupReader would find; costs a millisecond where parsing costs a hundred."""
    return bool(_MARKED.search(part)) or styles.hide(part)


class MarkupReader:
    """Walks the parts of a document in turn."""

    def __init__(self, styles: Styles) -> None:
        self.marks: list[Mark] = []
        self.anchors: dict[str, str] = {}
        """The text that each comment is about, by the comment's id."""
        self.commented: dict[str, Paragraph] = {}
        self._styles = styles
        self._open_comments: list[str] = []
        self._paragraphs: list[Paragraph] = []
        self._last: Paragraph | None = None

    def read(self, root: Element) -> None:
        self._walk(root, Surroundings())

    def _walk(self, element: Element, around: Surroundings) -> None:
        for child in element.children:
            tag = child.tag
            if tag == "p":
                self._read_paragraph(child, around)
            elif tag == "r":
                self._read_run(child, around)
            elif tag in _CHANGES:
                self._walk(child, around.changed(_change(child)))
            elif tag.startswith("comment"):
                self._read_comment_mark(tag, child.get("id"))
            elif tag not in _SKIPPED:
                self._walk(child, _inside(child, around))

    def _read_paragraph(self, element: Element, around: Surroundings) -> None:
        properties = element.child("pPr")
        style = properties.child("pStyle") if properties else None
        paragraph = Paragraph("" if style is None else style.get("val"), self._last)
        self._paragraphs.append(paragraph)
        self._walk(element, around.shaded(shade_of(properties)))
        self._paragraphs.pop()
        self._last = paragraph if paragraph.text.strip() else self._last
        self._end(paragraph)

    def _read_run(self, run: Element, around: Surroundings) -> None:
        text = "".join(_words(child) for child in run.children)
        if text and self._paragraphs:
            self._take(text, run, around)
        for child in run.children:
            if child.tag not in _SKIPPED | _TEXT:  # text boxes hold paragraphs; references to comments
                if child.tag.startswith("comment"):
                    self._read_comment_mark(child.tag, child.get("id"))
                elif child.children:
                    self._walk(child, around.shaded(_TEXT_BOX_SHADE))

    def _take(self, text: str, run: Element, around: Surroundings) -> None:
        paragraph = self._paragraphs[-1]
        for comment in self._open_comments:
            self.anchors[comment] = self.anchors.get(comment, "") + text
        kind, what = around.change
        if kind != "deletion":
            paragraph.text += text
            shade = shade_of(run.child("rPr")) or around.shade
            why = why_hidden(self._styles.of_run(run, paragraph.style), shade, around.table_style)
            if why:
                kind, what = "hidden", f"{why}, {what}" if what else why
        paragraph.pieces.append((kind, what, text))

    def _read_comment_mark(self, tag: str, comment: str) -> None:
        if tag == "commentRangeEnd":
            self._open_comments = [each for each in self._open_comments if each != comment]
            return
        if self._paragraphs:
            self.commented.setdefault(comment, self._paragraphs[-1])
        if tag == "commentRangeStart":
            self._open_comments.append(comment)

    def _end(self, paragraph: Paragraph) -> None:
        """One mark for runs that follow one another and are marked alike: Word tears a change into many."""
        above = ("", "")
        for kind, what, text in paragraph.pieces:
            if (kind, what) == above and kind:
                self.marks[-1].text += text
            elif kind:
                self.marks.append(Mark(kind, text, what, paragraph))
            above = (kind, what)
        paragraph.pieces = []


def by_whom(what: str, element: Element) -> str:
    """ "tracked change by Ann, 2026-01-03"."""
    author = tidy(element.get("author"))[:_LONGEST_AUTHOR]
    date = element.get("date")[:10]
    return what + (BY.format(author=author) if author else "") + (f", {date}" if date else "")


def _change(element: Element) -> tuple[str, str]:
    kind, what = _CHANGES[element.tag]
    return kind, by_whom(what, element)


def _inside(element: Element, around: Surroundings) -> Surroundings:
    if element.tag == "tbl":
        properties = element.child("tblPr", "tblStyle")
        return around.in_table("" if properties is None else properties.get("val"))
    if element.tag == "tc":
        return around.shaded(shade_of(element.child("tcPr")))
    return around


def _words(element: Element) -> str:
    return element.text if element.tag in _TEXT else _SPACES.get(element.tag, "")
