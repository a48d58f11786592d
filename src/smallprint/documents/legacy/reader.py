"""DOC, ODT, RTF and PPT → blocks, by anydoc, with what it leaves out read beside it. Child process only."""

from __future__ import annotations

from smallprint.documents.legacy.odt_markup import read_odt_markup
from smallprint.documents.legacy.rtf_markup import read_rtf_markup
from smallprint.documents.office_tree import TreeWalker, parse_office
from smallprint.documents.protected import is_placeholder
from smallprint.documents.reading import Reading, Refused

NOT_READ_APART = (
    "Tracked changes, comments, headers and footers of an older Word file (.doc) are not read apart from the text;"
    " save it as .docx to have them shown."
)
WITHOUT_NUMBERS = "Slides of an older PowerPoint file (.ppt) are read without their numbers; save it as .pptx to have them shown."

_DOCUMENT_RECORD = b"\x0f\x00\xe8\x03"  # RT_Document, a container: [MS-PPT] §2.4.1
_MACRO_STORAGES = ("_VBA_PROJECT".encode("utf-16-le"), "Macros\0".encode("utf-16-le"))


def read_legacy_word(content: bytes, kind: str) -> Reading:
    """Raises Refused: encrypted, rights_managed, unsafe_archive, corrupt, scanned."""
    if kind in ("rtf", "odt"):
        markup = read_rtf_markup(content) if kind == "rtf" else read_odt_markup(content)
        reading = _read(markup.body, kind, [], markup.notes())
        reading.blocks += markup.blocks
        return reading
    reading = _read(content, "doc", [NOT_READ_APART], {"macros": _has_macros(content)})
    if is_placeholder("\n".join(block.text for block in reading.blocks)):
        raise Refused("rights_managed")
    return reading


def read_legacy_slides(content: bytes) -> Reading:
    """Notes are passages of their own. Raises Refused: encrypted, corrupt, scanned."""
    if _DOCUMENT_RECORD not in content:
        raise Refused("corrupt")  # the parser would call it empty
    notes = {"unit": "slide", "macros": _has_macros(content)}
    return _read(content, "ppt", [WITHOUT_NUMBERS], notes, quotes_are="notes")


def _read(
    content: bytes, kind: str, warnings: list[str], notes: dict[str, object], *, quotes_are: str = "body"
) -> Reading:
    document = parse_office(content, kind)
    walker = TreeWalker(quotes_are=quotes_are)
    walker.walk(document.blocks)
    walker.walk_notes(document.notes)
    if not walker.blocks and document.assets:
        raise Refused("scanned")
    return Reading(walker.blocks, warnings=warnings if walker.blocks else [], notes=notes)


def _has_macros(content: bytes) -> bool:
    return any(storage in content for storage in _MACRO_STORAGES)
