"""The automatic clause numbers of a Word file, computed from numbering.xml: what a reader sees in Word.

A small reference of its own, since no word processor is at hand: levels, formats, starts, overrides and numbers by
style (ECMA-376-1, §17.9). An empty paragraph that only carries a section break does not count, as in LibreOffice.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_UNNUMBERED = {"bullet", "none"}


@dataclass(frozen=True)
class Clause:
    """A paragraph with an automatic number."""

    number: str
    text: str


def numbered_clauses(content: bytes) -> list[Clause]:
    """In the document's order; paragraphs without text are counted but not returned."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if "word/numbering.xml" not in package.namelist():
            return []
        numbering = _Numbering(_part(package, "word/numbering.xml"), _part(package, "word/styles.xml"))
        body = _part(package, "word/document.xml")
    clauses = []
    for paragraph in body.iter(f"{_W}p"):
        text = "".join(node.text or "" for node in paragraph.iter(f"{_W}t")).strip()
        if not text and paragraph.find(f"{_W}pPr/{_W}sectPr") is not None:
            continue
        number = numbering.next_number(paragraph)
        if number and text:
            clauses.append(Clause(number, text))
    return clauses


def kept(clause: Clause, text: str) -> bool:
    """True if the number stands right before its clause in `text`."""
    number = re.escape(clause.number.strip(" .():"))
    start = r"\s+".join(map(re.escape, clause.text.split()[:6]))[:300]
    return bool(re.search(rf"(?<![\w.]){number}[.):]*\s*{start}", text))


@dataclass
class _Level:
    start: int
    kind: str
    text: str
    legal: bool


@dataclass
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counters: dict[int, int] = field(default_factory=dict)


class _Numbering:
    def __init__(self, numbering: ET.Element, styles: ET.Element) -> None:
        self._abstract = {
            _value(node, "abstractNumId"): _List(_levels(node))
            for node in numbering.findall(f"{_W}abstractNum")
        }
        self._linked = _style_links(numbering)
        self._lists: dict[str, tuple[_List, dict[int, int]]] = {}
        for node in numbering.findall(f"{_W}num"):
            abstract = self._abstract.get(_val(node.find(f"{_W}abstractNumId")) or "", _List())
            self._lists[_value(node, "numId")] = (abstract, _starts(node))
        self._styles = {_value(style, "styleId"): style for style in styles.findall(f"{_W}style")}

    def next_number(self, paragraph: ET.Element) -> str:
        """Its number as Word shows it; empty without one."""
        number_id, depth = self._properties(paragraph)
        if number_id in (None, "0") or number_id not in self._lists:
            return ""
        numbers, starts = self._lists[number_id]
        if depth not in numbers.levels:
            return ""
        _count(numbers, depth, starts)
        level = numbers.levels[depth]
        if level.kind in _UNNUMBERED:
            return ""
        return re.sub(r"%(\d)", lambda place: _shown(numbers, int(place[1]) - 1, level.legal), level.text)

    def _properties(self, paragraph: ET.Element) -> tuple[str | None, int]:
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        style = _val(paragraph.find(f"{_W}pPr/{_W}pStyle"))
        number_id = _val(own.find(f"{_W}numId")) if own is not None else None
        depth = _val(own.find(f"{_W}ilvl")) if own is not None else None
        for style_id in self._chain(style):
            inherited = self._styles[style_id].find(f"{_W}pPr/{_W}numPr")
            if inherited is None:
                continue
            number_id = number_id or _val(inherited.find(f"{_W}numId"))
            linked = self._linked.get(style_id)
            depth = (
                depth or _val(inherited.find(f"{_W}ilvl")) or (str(linked) if linked is not None else None)
            )
        return number_id, int(depth or 0)

    def _chain(self, style: str | None) -> Iterator[str]:
        seen: set[str] = set()
        while style and style in self._styles and style not in seen:
            seen.add(style)
            yield style
            style = _val(self._styles[style].find(f"{_W}basedOn"))


def _count(numbers: _List, depth: int, starts: dict[int, int]) -> None:
    for deeper in [level for level in numbers.counters if level > depth]:
        del numbers.counters[deeper]
    if depth in starts:
        numbers.counters[depth] = starts.pop(depth) - 1  # an override counts once
    start = numbers.levels[depth].start
    numbers.counters[depth] = numbers.counters.get(depth, start - 1) + 1
    for above in range(depth):
        if above in numbers.levels:
            numbers.counters.setdefault(above, numbers.levels[above].start)


def _shown(numbers: _List, depth: int, legal: bool) -> str:  # noqa: FBT001 - one bit of the format
    level = numbers.levels.get(depth)
    count = numbers.counters.get(depth, level.start if level else 1)
    return _formatted(count, "decimal" if legal or level is None else level.kind)


def _formatted(count: int, kind: str) -> str:
    if kind in {"lowerLetter", "upperLetter"}:
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters.upper() if kind == "upperLetter" else letters
    if kind in {"lowerRoman", "upperRoman"}:
        numeral = ""
        for value, letter in _ROMAN:
            numeral, count = numeral + letter * (count // value), count % value
        return numeral.upper() if kind == "upperRoman" else numeral
    return f"{count:02d}" if kind == "decimalZero" else str(count)


def _levels(abstract: ET.Element) -> dict[int, _Level]:
    return {
        int(_value(level, "ilvl")): _Level(
            int(_val(level.find(f"{_W}start")) or 1),
            _val(level.find(f"{_W}numFmt")) or "decimal",
            _val(level.find(f"{_W}lvlText")) or "",
            level.find(f"{_W}isLgl") is not None,
        )
        for level in abstract.findall(f"{_W}lvl")
    }


def _starts(number: ET.Element) -> dict[int, int]:
    return {
        int(_value(override, "ilvl")): int(start)
        for override in number.findall(f"{_W}lvlOverride")
        if (start := _val(override.find(f"{_W}startOverride")))
    }


def _style_links(numbering: ET.Element) -> dict[str, int]:
    """A style to the level that belongs to it."""
    return {
        style: int(_value(level, "ilvl"))
        for level in numbering.iter(f"{_W}lvl")
        if (style := _val(level.find(f"{_W}pStyle")))
    }


def _part(package: zipfile.ZipFile, name: str) -> ET.Element:
    return ET.fromstring(package.read(name))  # noqa: S314 - our own documents and a vetted corpus


def _val(node: ET.Element | None) -> str | None:
    return None if node is None else node.get(f"{_W}val")


def _value(node: ET.Element, name: str) -> str:
    return node.get(f"{_W}{name}") or ""
