"""PPTX → blocks, slide by slide: text, tables, charts, diagrams, notes, comments. Child process only.

An own walker over the XML: importing python-pptx (with lxml and Pillow) costs 110 ms of CPU per document, this 2 ms, and
python-pptx reads neither diagrams nor comments. Format: ECMA-376 part 1, §19 (PresentationML) and §21 (DrawingML).
"""

from __future__ import annotations

from smallprint.documents.office_package import OfficePackage
from smallprint.documents.reading import Block, Reading, Refused, split_long, table_blocks, tidy
from smallprint.documents.slides.charts import chart_rows
from smallprint.documents.slides.drawing_text import TINY, paragraph_lines
from smallprint.documents.xml_tree import Element

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from collections.abc import Iterator

TOO_MANY_SLIDES = "This presentation has {slides} slides; my limit is {limit}. Please split it or share the part that matters."
WITHOUT_TEXT = (
    "{slides} had no text (only pictures, perhaps); the findings don't cover what a picture there shows."
)

_TITLES = ("title", "ctrTitle")
_NOT_READ = ("sldNum", "dt")  # placeholders with the slide's number and the date
_TABLE, _CHART, _DIAGRAM = "table", "chart", "diagram"


def read_slides(content: bytes, max_pages: int) -> Reading:
    """Raises Refused: corrupt, encrypted, unsafe_archive, too_many_pages."""
    package = OfficePackage(content)
    main = package.main_part()
    presentation = package.xml(main)
    if presentation is None:
        raise Refused("corrupt")
    parts = _slide_parts(package, presentation, main)
    if len(parts) > max_pages:
        raise Refused("too_many_pages", TOO_MANY_SLIDES.format(slides=len(parts), limit=max_pages))
    deck = _Deck(package, _size(presentation))
    for number, part in enumerate(parts, 1):
        deck.read_slide(number, part)
    return deck.reading(len(parts))


def _slide_parts(package: OfficePackage, presentation: Element, main: str) -> list[str]:
    """In the order in which they are shown."""
    relationships = package.relationships(main)
    listed = presentation.child("sldIdLst")
    ids = [each.attributes.get("r:id", "") for each in listed.children] if listed else []
    return [relationships[each].target for each in ids if each in relationships]


def _size(presentation: Element) -> tuple[int, int]:
    """Width and height in EMU (914,400 an inch); 0 if not said."""
    size = presentation.child("sldSz")
    return (_number(size, "cx"), _number(size, "cy")) if size else (0, 0)


class _Deck:
    """Collects the blocks of all slides and what the receipt has to say."""

    def __init__(self, package: OfficePackage, size: tuple[int, int]) -> None:
        self.package = package
        self.size = size
        self.blocks: list[Block] = []
        self.hidden: list[str] = []
        self.comments = 0
        self.authors = _authors(package)

    def read_slide(self, number: int, part: str) -> None:
        root = self.package.xml(part)
        if root is None:
            return
        slide = _Slide(self, number, part, root)
        slide.read()
        self.blocks += slide.blocks
        self.hidden += slide.hidden

    def reading(self, slides: int) -> Reading:
        if not self.blocks and any(name.startswith("ppt/media/") for name in self.package.archive.names):
            raise Refused("scanned")
        read = {block.page for block in self.blocks}
        empty = [number for number in range(1, slides + 1) if number not in read]
        return Reading(
            self.blocks,
            pages=slides or None,
            warnings=[WITHOUT_TEXT.format(slides=_named(empty))] if empty and self.blocks else [],
            notes={
                "unit": "slide",
                "hidden": self.hidden,
                "comments": self.comments,
                **self.package.dangers(),
            },
        )


class _Slide:
    """One slide: its shapes in the order they stand, then notes and comments."""

    def __init__(self, deck: _Deck, number: int, part: str, root: Element) -> None:
        self.blocks: list[Block] = []
        self.hidden: list[str] = []
        self._deck = deck
        self._number = number
        self._part = part
        self._root = root
        self._relationships = deck.package.relationships(part)
        self._is_hidden = root.get("show", "1") in {"0", "false"}
        self._title = ""

    def read(self) -> None:
        tree = self._root.child("cSld", "spTree")
        if tree is not None:
            self._title = self._find_title(tree)
            self._read_shapes(tree, hidden=self._is_hidden)
        for part in self._deck.package.related(self._part, "notesSlide"):
            self._read_notes(part)
        for part in self._deck.package.related(self._part, "comments"):
            self._read_comments(part)
        if self._is_hidden and self.blocks:
            self.hidden.append(f"slide {self._number}")

    def _find_title(self, tree: Element) -> str:
        for shape in tree.all("sp"):
            if _placeholder(shape) in _TITLES:
                return tidy(" ".join(line for line, _ in paragraph_lines(shape)))[:120]
        return ""

    def _read_shapes(self, group: Element, *, hidden: bool) -> None:
        for shape in _shapes(group):
            unseen = hidden or self._is_unseen(shape)
            if shape.tag == "grpSp":
                self._read_shapes(shape, hidden=unseen)
            elif shape.tag == "graphicFrame":
                self._read_frame(shape, hidden=unseen)
            elif _placeholder(shape) not in _NOT_READ:
                self._read_text(shape, hidden=unseen)

    def _is_unseen(self, shape: Element) -> bool:
        """Marked as hidden, or moved off the slide."""
        described = next(iter(shape.all("cNvPr")), None)
        if described is not None and described.get("hidden") in {"1", "true"}:
            return True
        frame = shape.child("spPr", "xfrm") or shape.child("xfrm")
        offset, extent = (frame.child("off"), frame.child("ext")) if frame else (None, None)
        width, height = self._deck.size
        if offset is None or extent is None or not width or not height:
            return False
        left, top = _number(offset, "x"), _number(offset, "y")
        return (
            left >= width
            or top >= height
            or left + _number(extent, "cx") <= 0
            or top + _number(extent, "cy") <= 0
        )

    def _read_text(self, shape: Element, *, hidden: bool) -> None:
        lines = paragraph_lines(shape)
        seen = "\n".join(text for text, how in lines if how != TINY)
        tiny = "\n".join(text for text, how in lines if how == TINY)
        kind = "footer" if _placeholder(shape) == "ftr" else "body"
        self._add(seen, kind, hidden=hidden)
        self._add(tiny, kind, hidden=True)

    def _read_frame(self, frame: Element, *, hidden: bool) -> None:
        """A table, a chart or a diagram."""
        data = frame.child("graphic", "graphicData")
        if data is None:
            return
        if table := data.child("tbl"):
            self._add_rows(_table_rows(table), _TABLE, hidden=hidden)
        for reference in data.children:
            target = self._relationships.get(reference.get("id"))
            if reference.tag == _CHART and target is not None:
                self._read_chart(target.target, hidden=hidden)
            elif reference.tag == "relIds":
                self._read_diagram(reference.get("dm"), hidden=hidden)

    def _read_chart(self, part: str, *, hidden: bool) -> None:
        root = self._deck.package.xml(part)
        if root is not None:
            title, rows = chart_rows(root)
            self._add(title, "body", hidden=hidden, place=_CHART)
            self._add_rows(rows, _CHART, hidden=hidden)

    def _read_diagram(self, reference: str, *, hidden: bool) -> None:
        target = self._relationships.get(reference)
        root = self._deck.package.xml(target.target) if target else None
        if root is not None:
            text = "\n".join(line for point in root.all("pt") for line, _ in paragraph_lines(point))
            self._add(text, "body", hidden=hidden, place=_DIAGRAM)

    def _read_notes(self, part: str) -> None:
        root = self._deck.package.xml(part)
        for shape in root.all("sp") if root else ():
            if _placeholder(shape) == "body":
                text = "\n".join(line for line, _ in paragraph_lines(shape))
                self._add(text, "notes", hidden=False, place="notes")

    def _read_comments(self, part: str) -> None:
        """Both ways of keeping them: up to 2019 a <text>, since then a body of paragraphs with replies."""
        root = self._deck.package.xml(part)
        for comment in root.all("cm", "reply") if root else ():
            text = tidy(" ".join(_comment_words(comment)))
            author = self._deck.authors.get(comment.get("authorId"), "")
            if text:
                self._deck.comments += 1
                self._add(f"{author}: {text}" if author else text, "comment", hidden=False, place="comment")

    def _add_rows(self, rows: list[list[str]], what: str, *, hidden: bool) -> None:
        for block in table_blocks(rows, self._number, self._title):
            block.kind, block.place = "hidden" if hidden else "table", self._place(what)
            self.blocks.append(block)
        self._note_hidden(hidden and bool(rows))

    def _add(self, text: str, kind: str, *, hidden: bool, place: str = "") -> None:
        if text:
            kind = "hidden" if hidden else kind
            self.blocks += [
                Block(piece, self._number, self._title, kind, self._place(place))
                for piece in split_long(text)
            ]
            self._note_hidden(hidden)

    def _note_hidden(self, hidden: bool) -> None:  # noqa: FBT001 - the only argument
        phrase = f"text on slide {self._number}"
        if hidden and not self._is_hidden and phrase not in self.hidden:
            self.hidden.append(phrase)

    def _place(self, what: str) -> str:
        return f"slide {self._number}, {what}" if what else f"slide {self._number}"


def _shapes(group: Element) -> Iterator[Element]:
    """Shapes in order; of alternatives (new kind of content, old picture of it) the first."""
    for child in group.children:
        if child.tag == "AlternateContent":
            choice = child.child("Choice") or child.child("Fallback")
            if choice is not None:
                yield from _shapes(choice)
        elif child.tag in ("sp", "cxnSp", "grpSp", "graphicFrame"):
            yield child


def _placeholder(shape: Element) -> str:
    """ "title", "body", "ftr" …; empty if it is none."""
    properties = shape.child("nvSpPr", "nvPr", "ph")
    return "" if properties is None else properties.get("type", "obj")


def _table_rows(table: Element) -> list[list[str]]:
    return [
        [" ".join(text for text, _ in paragraph_lines(cell)) for cell in row.children if cell.tag == "tc"]
        for row in table.children
        if row.tag == "tr"
    ]


def _comment_words(comment: Element) -> Iterator[str]:
    for child in comment.children:
        if child.tag == "text":
            yield child.text
        elif child.tag == "txBody":
            yield from (text for text, _ in paragraph_lines(child))


def _authors(package: OfficePackage) -> dict[str, str]:
    """Id → name, from both generations of comments."""
    named = {}
    for part in ("ppt/commentAuthors.xml", "ppt/authors.xml"):
        root = package.xml(part)
        for author in root.children if root else ():
            named[author.get("id")] = tidy(author.get("name"))
    return named


def _number(element: Element, attribute: str) -> int:
    value = element.get(attribute)
    return int(value) if value.removeprefix("-").isdecimal() and len(value) < 15 else 0  # noqa: PLR2004 - longer is no length


def _named(slides: list[int]) -> str:
    listed = ", ".join(map(str, slides[:20])) + (" …" if len(slides) > 20 else "")  # noqa: PLR2004 - a sentence, not a list
    return f"Slides {listed}" if len(slides) > 1 else f"Slide {listed}"
