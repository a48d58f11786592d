"""A part of an Office file as a small tree: no entities, no document types, no prefixes. Child process only.

Not xml.etree: its import costs 6 ms per document and it reads document types. Not lxml: 60 ms.
"""

from __future__ import annotations

from pyexpat import ExpatError, ParserCreate, XMLParserType

from smallprint.documents.reading import Refused

MAX_DEPTH = 256
MAX_ELEMENTS = 1_000_000

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from collections.abc import Iterator


class Element:
    """An element without its namespace; attributes keep their prefix ("r:id")."""

    __slots__ = ("attributes", "children", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""
        """Characters directly inside, joined."""

    def get(self, name: str, default: str = "") -> str:
        """An attribute, whatever prefix it has."""
        if name in self.attributes:
            return self.attributes[name]
        ending = f":{name}"
        return next((value for key, value in self.attributes.items() if key.endswith(ending)), default)

    def child(self, *path: str) -> Element | None:
        """The first element down the path of tags."""
        found: Element | None = self
        for tag in path:
            found = next((child for child in found.children if child.tag == tag), None) if found else None
        return found

    def all(self, *tags: str) -> Iterator[Element]:
        """Every element below with one of the tags, in document order."""
        waiting = self.children[::-1]
        while waiting:
            element = waiting.pop()
            if element.tag in tags:
                yield element
            waiting += element.children[::-1]


def parse_xml(content: bytes) -> Element:
    """The root element. Raises Refused: corrupt, unsafe_archive (a document type, too deep, too many elements)."""
    builder = _Builder()
    run_parser(builder.parser, content)
    return builder.root


def create_parser() -> XMLParserType:
    """A parser that refuses document types, for handlers of one's own."""
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def run_parser(parser: XMLParserType, content: bytes) -> None:
    """Raises Refused: corrupt, and what the handlers raise."""
    try:
        parser.Parse(content, True)
    except (
        ExpatError,
        LookupError,
        ValueError,
    ) as error:  # not well-formed, or in an encoding that nobody knows
        raise Refused("corrupt") from error


class _Builder:
    def __init__(self) -> None:
        self.root = Element("", {})
        self._open = [self.root]
        self._elements = 0
        self.parser = create_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = Element(name.rpartition(":")[2], attributes)
        self._elements += 1
        if self._elements > MAX_ELEMENTS or len(self._open) > MAX_DEPTH:
            raise Refused("unsafe_archive")
        if len(self._open) == 1:
            self.root = element
        else:
            self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        self._open[-1].text += text


def _refuse(*_declaration: object) -> None:
    raise Refused("unsafe_archive")
