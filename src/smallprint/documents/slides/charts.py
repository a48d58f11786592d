"""A chart's data as rows: categories down, series across. Child process only. Format: ECMA-376 part 1, §21.2."""

from __future__ import annotations

from smallprint.documents.reading import tidy
from smallprint.documents.xml_tree import Element

_MOST_POINTS = 500
_CATEGORIES = ("cat", "xVal")
_VALUES = ("val", "yVal")


def chart_rows(root: Element) -> tuple[str, list[list[str]]]:
    """The chart's title and its table; both may be empty."""
    series = list(root.all("ser"))
    categories = _points(series[0], _CATEGORIES) if series else {}
    columns = [_points(each, _VALUES) for each in series]
    indexes = sorted({index for column in [categories, *columns] for index in column})[:_MOST_POINTS]
    rows = [["", *(_name(each) for each in series)]] if any(map(_name, series)) else []
    rows += [
        [categories.get(index, str(index + 1)), *(column.get(index, "") for column in columns)]
        for index in indexes
    ]
    return _title(root), rows


def _title(root: Element) -> str:
    title = root.child("chart", "title")
    return tidy("".join(text.text for text in title.all("t"))) if title else ""


def _name(series: Element) -> str:
    text = series.child("tx")
    return tidy(" ".join(value.text for value in text.all("v"))) if text else ""


def _points(series: Element, tags: tuple[str, ...]) -> dict[int, str]:
    """Index → value; of categories on several levels, the innermost."""
    data = next((child for child in series.children if child.tag in tags), None)
    if data is None:
        return {}
    level = next(data.all("lvl"), data)
    found = {}
    for point in level.all("pt"):
        value = point.child("v")
        index = point.get("idx")
        if value is not None and index.isdecimal():
            found[int(index)] = _without_noise(value.text)
    return found


def _without_noise(text: str) -> str:
    """0.30000000000000004 is 0.3: what the chart shows."""
    if "." not in text or "e" in text.lower():
        return tidy(text)
    try:
        return format(float(text), ".12g")
    except ValueError:
        return tidy(text)
