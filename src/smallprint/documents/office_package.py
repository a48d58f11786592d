"""The parts of an Open XML package and how they refer to each other. Child process only.

Format: ECMA-376 part 2 (Open Packaging Conventions), §9.3 relationships.
"""

from __future__ import annotations

from smallprint.documents.archive import Archive
from smallprint.documents.reading import Refused
from smallprint.documents.xml_tree import Element, parse_xml

_MACROS = ("vbaproject.bin", "/macrosheets/")
_EXTERNAL_WORKBOOKS = "xl/externalLinks/"
_MOST_RELATIONSHIPS_PARTS = 2_000


class Relationship:
    """From one part to another, or to something outside the file."""

    __slots__ = ("external", "kind", "target")

    def __init__(self, kind: str, target: str, *, external: bool) -> None:
        """`kind` is the last word of its type ("slide", "hyperlink"); `target` a part's name, or an address."""
        self.kind = kind
        self.target = target
        self.external = external


class OfficePackage:
    """DOCX, PPTX, XLSX: a zip of XML parts. Raises Refused: corrupt, encrypted, unsafe_archive."""

    def __init__(self, content: bytes) -> None:
        self.archive = Archive(content)
        self._names = self.archive.names

    def main_part(self) -> str:
        """The name of the part that everything hangs on."""
        for relationship in self.relationships("").values():
            if relationship.kind == "officeDocument" and relationship.target in self._names:
                return relationship.target
        raise Refused("corrupt")

    def xml(self, part: str) -> Element | None:
        """A part's tree; None if there is no such part."""
        content = self.archive.read(part)
        return parse_xml(content) if content else None

    def relationships(self, part: str) -> dict[str, Relationship]:
        """By id, in the order they stand; empty if the part refers to nothing."""
        folder, _, name = part.rpartition("/")
        root = self.xml(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
        return {} if root is None else {each.get("Id"): _relationship(each, folder) for each in root.children}

    def related(self, part: str, *kinds: str) -> list[str]:
        """The names of the parts that this one refers to in one of these ways."""
        return [
            each.target
            for each in self.relationships(part).values()
            if each.kind in kinds and not each.external and each.target in self._names
        ]

    def dangers(self) -> dict[str, object]:
        """Fields of the receipt: whether there are macros, how many links would load something from outside."""
        names = [f"/{name.lower()}" for name in self._names]
        return {
            "macros": any(macro in name for name in names for macro in _MACROS),
            "external_links": self._external_links(),
        }

    def _external_links(self) -> int:
        """Templates, objects, pictures, workbooks, DDE: all that is loaded. A hyperlink is only followed by a person."""
        workbooks = sum(
            name.startswith(_EXTERNAL_WORKBOOKS) and name.endswith((".xml", ".bin")) for name in self._names
        )
        parts = [
            name
            for name in self._names
            if name.endswith(".rels") and not name.startswith(_EXTERNAL_WORKBOOKS)
        ]
        if len(parts) > _MOST_RELATIONSHIPS_PARTS:
            raise Refused("unsafe_archive")
        return workbooks + sum(self._loaded_from_outside(name) for name in parts)

    def _loaded_from_outside(self, part: str) -> int:
        content = self.archive.read(part)
        if b"External" not in content:  # spares parsing nearly every part
            return 0
        return sum(
            each.get("TargetMode") == "External" and _kind(each) != "hyperlink"
            for each in parse_xml(content).children
        )


def _kind(element: Element) -> str:
    return element.get("Type").rpartition("/")[2]


def _relationship(element: Element, folder: str) -> Relationship:
    external = element.get("TargetMode") == "External"
    target = element.get("Target")
    return Relationship(_kind(element), target if external else _absolute(folder, target), external=external)


def _absolute(folder: str, target: str) -> str:
    """A part's name without "..", as the archive's directory has it."""
    steps = [] if target.startswith("/") else folder.split("/")
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(step for step in steps if step)
