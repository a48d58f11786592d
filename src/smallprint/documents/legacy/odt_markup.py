"""ODT: tracked changes, comments, hidden text, headers and footers. Child process only.

Format: ODF 1.3 part 3, §5.5 (change tracking), §14.1 (annotations), §7.7 (hidden text), §16.11 (headers and footers).
"""

from __future__ import annotations

from smallprint.documents.archive import Archive, pack
from smallprint.documents.legacy.markup_notes import MarkupNotes
from smallprint.documents.reading import Refused
from smallprint.documents.xml_tree import MAX_DEPTH, create_parser, run_parser

_KINDS = {
    "deletion": "deletion",
    "annotation": "comment",
    "hidden-text": "hidden",
    "hidden-paragraph": "hidden",
    "header": "header",
    "header-left": "header",
    "header-first": "header",
    "footer": "footer",
    "footer-left": "footer",
    "footer-first": "footer",
}
_CUT = ("comment", "hidden")
_SPACED = ("p", "h", "s", "tab", "line-break")
_LOADED = ("image", "object", "object-ole", "plugin", "section-source", "table-source")
_ELSEWHERE = ("http:", "https:", "ftp:", "file:", "//", "\\\\")


_TEXT_PARTS = ("mimetype", "META-INF/manifest.xml", "meta.xml", "styles.xml")


class OdtMarkup(MarkupNotes):
    """`body` is the file without comments and hidden words, which the parser would show among the others."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body


def read_odt_markup(content: bytes) -> OdtMarkup:
    """Raises Refused: encrypted, unsafe_archive, corrupt."""
    archive = Archive(content)
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Refused("encrypted")
    if "content.xml" not in archive.names:
        raise Refused("corrupt")
    found = OdtMarkup(content)
    found.macros = any(name.startswith(("Basic/", "Scripts/")) for name in archive.names)
    text = archive.read("content.xml")
    listener = _Listener(found)
    listener.listen(text)
    if "styles.xml" in archive.names:
        _Listener(found).listen(archive.read("styles.xml"))
    if listener.cuts:
        parts = {name: archive.read(name) for name in _TEXT_PARTS if name in archive.names}
        found.body = pack({**parts, "content.xml": _without(text, listener.cuts)})
    return found


def _without(text: bytes, cuts: list[tuple[int, int]]) -> bytes:
    """The XML without these spans; those inside others come before them."""
    kept, position = [], 0
    for start, end in sorted(cuts):
        if start >= position:
            kept.append(text[position:start])
            position = end
    return b"".join([*kept, text[position:]])


class _Passage:
    """Words that are being gathered, from the element at `depth` on or between two marks."""

    __slots__ = ("author", "depth", "kind", "start", "words")

    def __init__(self, kind: str, depth: int = 0, start: int = 0) -> None:
        self.kind = kind
        self.depth = depth
        self.start = start
        self.words: list[str] = []
        self.author: list[str] = []


class _Listener:
    """Follows the XML as it is parsed: changes and hidden words begin and end in the middle of sentences."""

    def __init__(self, found: MarkupNotes) -> None:
        self._found = found
        self._depth = 0
        self._open: list[_Passage] = []
        self._change = ""
        self._insertions: set[str] = set()
        self._inserted: dict[str, _Passage] = {}
        self._style = ""
        self._invisible: set[str] = set()
        self._in_author = 0
        self._content = b""
        self._parser = create_parser()
        self.cuts: list[tuple[int, int]] = []
        """Where comments and hidden words begin and end, in bytes."""

    def listen(self, content: bytes) -> None:
        self._content = content
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        run_parser(self._parser, content)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Refused("unsafe_archive")
        tag = name.rpartition(":")[2]
        self._follow_styles(tag, attributes)
        self._follow_changes(tag, attributes)
        if tag in _SPACED:
            self._characters(" ")
        if tag in ("creator", "date"):
            self._in_author = self._in_author or self._depth
        elif tag in _LOADED and attributes.get("xlink:href", "").lower().startswith(_ELSEWHERE):
            self._found.external_links += 1
        if tag in _KINDS:
            self._open.append(_Passage(_KINDS[tag], self._depth, self._parser.CurrentByteIndex))
        elif tag in ("p", "h", "span") and attributes.get("text:style-name") in self._invisible:
            self._open.append(_Passage("hidden", self._depth, self._parser.CurrentByteIndex))
        if tag == "hidden-text":
            self._characters(attributes.get("text:string-value", ""))

    def _follow_styles(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "style":
            self._style = attributes.get("style:name", "")
        elif tag == "text-properties" and attributes.get("text:display") == "none":
            self._invisible.add(self._style)

    def _follow_changes(self, tag: str, attributes: dict[str, str]) -> None:
        """A deletion keeps its words in the list of changes, an insertion stands in the text between two marks."""
        if tag == "changed-region":
            self._change = attributes.get("text:id", attributes.get("xml:id", ""))
        elif tag == "insertion":
            self._insertions.add(self._change)
        elif tag == "change-start" and attributes.get("text:change-id") in self._insertions:
            self._inserted[attributes["text:change-id"]] = _Passage("insertion")
        elif tag == "change-end":
            passage = self._inserted.pop(attributes.get("text:change-id", ""), None)
            if passage:
                self._found.add(passage.kind, "".join(passage.words))

    def _end(self, name: str) -> None:
        if self._in_author == self._depth:
            self._in_author = 0
        if self._open and self._open[-1].depth == self._depth:
            passage = self._open.pop()
            self._found.add(passage.kind, "".join(passage.words), "".join(passage.author))
            self._cut(passage)
        self._depth -= 1

    def _cut(self, passage: _Passage) -> None:
        """Only where bytes are characters of markup: not in UTF-16, which nobody writes here."""
        end = self._content.find(b">", self._parser.CurrentByteIndex) + 1
        if passage.kind in _CUT and self._content[:1] == b"<" and end:
            self.cuts.append((passage.start, end))

    def _characters(self, text: str) -> None:
        if self._in_author:
            if self._open and not text[:1].isdigit():  # the date stands beside the name
                self._open[-1].author.append(text)
            return
        if self._open:
            self._open[-1].words.append(text)
        if not self._open or self._open[-1].kind == "hidden":
            for passage in self._inserted.values():
                passage.words.append(text)
