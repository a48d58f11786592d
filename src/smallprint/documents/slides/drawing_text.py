"""Paragraphs of a shape, as DrawingML keeps them: runs, breaks, fields, numbers. Child process only."""

from __future__ import annotations

from smallprint.documents.numerals import letters, roman
from smallprint.documents.reading import tidy
from smallprint.documents.xml_tree import Element

SEEN, TINY = "seen", "tiny"

_TINY_SIZE = 300  # hundredths of a point: ECMA-376 part 1, §20.1.10.72
_FIELDS_NOT_READ = ("slidenum", "datetime")


def paragraph_lines(shape: Element) -> list[tuple[str, str]]:
    """Each paragraph's text on one line, and whether a reader can see it (SEEN, TINY); empty ones are left out."""
    counters: dict[int, int] = {}
    lines = []
    for paragraph in shape.all("p"):
        text = tidy("".join(_words(paragraph)))
        if not text:
            continue
        lines.append((_number(paragraph, counters) + text, TINY if _is_tiny(paragraph) else SEEN))
    return lines


def _words(element: Element) -> list[str]:
    words = []
    for child in element.children:
        if child.tag == "t":
            words.append(child.text)
        elif child.tag == "br":
            words.append(" ")
        elif child.tag != "fld" or not child.get("type").startswith(_FIELDS_NOT_READ):
            words += _words(child)
    return words


def _is_tiny(paragraph: Element) -> bool:
    """Every run says a size, and each is too small to read."""
    sizes = [_size(run) for run in paragraph.children if run.tag == "r"]
    return bool(sizes) and all(0 < size < _TINY_SIZE for size in sizes)


def _size(run: Element) -> int:
    properties = run.child("rPr")
    size = properties.get("sz") if properties else ""
    return int(size) if size.isdecimal() else 0


def _number(paragraph: Element, counters: dict[int, int]) -> str:
    """ "1. " if the paragraph is numbered by itself: ECMA-376 part 1, §21.1.2.4.1."""
    properties = paragraph.child("pPr")
    numbering = properties.child("buAutoNum") if properties else None
    level = _whole(properties.get("lvl"), 0) if properties else 0
    for deeper in [each for each in counters if each > level or (each == level and numbering is None)]:
        del counters[deeper]
    if numbering is None:
        return ""
    counters[level] = counters.get(level, _whole(numbering.get("startAt"), 1) - 1) + 1
    return _label(numbering.get("type"), counters[level]) + " "


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) <= 6 else otherwise  # noqa: PLR2004 - longer is no number of an item


def _label(style: str, number: int) -> str:
    if style.startswith("roman"):
        label = roman(number)
    elif style.startswith("alpha"):
        label = letters(number)
    else:
        label = str(number)
    if "Uc" in style:
        label = label.upper()
    if style.endswith("ParenBoth"):
        return f"({label})"
    return label + (")" if style.endswith("ParenR") else "." if style.endswith("Period") else "")
