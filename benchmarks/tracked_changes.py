"""The words of a Word file's tracked changes, straight from the XML: what a reading must have as passages of their own."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHANGES = {"ins": "insertion", "moveTo": "insertion", "del": "deletion", "moveFrom": "deletion"}
_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")


def tracked_changes(content: bytes) -> list[tuple[str, str]]:
    """("insertion" | "deletion", its words), paragraph by paragraph; those without words are left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [name for name in package.namelist() if _PARTS.fullmatch(name)]
        return [change for name in parts for change in _changes(package.read(name))]


def _changes(part: bytes) -> Iterator[tuple[str, str]]:
    for node in ET.fromstring(part).iter():  # noqa: S314 - our own documents and a vetted corpus
        kind = _CHANGES.get(node.tag.removeprefix(_W)) if node.tag.startswith(_W) else None
        if kind is None:
            continue
        words = "".join(text.text or "" for text in node.iter() if text.tag in (f"{_W}t", f"{_W}delText"))
        if words.strip():
            yield kind, " ".join(words.split())
