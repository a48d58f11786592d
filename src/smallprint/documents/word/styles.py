"""Runs of a Word document that nobody sees: hidden, white on white, or tiny. Child process only.

Format: ECMA-376 part 1, §17.3.2 (run properties) and §17.7 (styles).
"""

from __future__ import annotations

import re

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.xml_tree import Element

HIDDEN, WHITE, TINY = "hidden text", "white text", "tiny text"

_TINY_HALF_POINTS = 4
_WHITE_FROM = 0xF5
_OFF = frozenset({"0", "false", "off", "none"})
_NO_FILL = frozenset({"", "auto", "none", "clear"})
_STYLE = re.compile(rb"<w:style\b[^>]*\bw:styleId=\"([^\"]{1,255})\"[^>]*>(.*?)</w:style>", re.DOTALL)
_RUN_PROPERTIES = re.compile(rb"<w:rPr>(.*?)</w:rPr>", re.DOTALL)
_PROPERTY = re.compile(rb"<w:(vanish|color|sz)\b(?:[^>]*?\bw:val=\"([^\"]{0,40})\")?[^>]*?/>")
_SUSPICIOUS = re.compile(
    rb"[:<]vanish\b|:color [^>]*val=\"[fF][5-9a-fA-F][fF][5-9a-fA-F][fF][5-9a-fA-F]\"|:sz [^>]*val=\"[0-4]\""
)
_PLAIN_TABLES = frozenset({"", "TableGrid", "TableNormal"})


class Styles:
    """What the styles say of a run: {"vanish": "", "color": "FFFFFF", "sz": "2"} by style."""

    def __init__(self, content: bytes) -> None:
        self._properties: dict[str, dict[str, str]] = {}
        for style, definition in _STYLE.findall(content) if _SUSPICIOUS.search(content) else ():
            found = _RUN_PROPERTIES.search(definition)
            properties = _PROPERTY.findall(found[1]) if found else []
            if properties:
                self._properties[style.decode("utf-8", "replace")] = {
                    name.decode(): value.decode("utf-8", "replace") for name, value in properties
                }

    def hide(self, part: bytes) -> bool:
        """True if a part may hold text that cannot be seen: worth a closer look."""
        if _SUSPICIOUS.search(part):
            return True
        hiding = (name for name, properties in self._properties.items() if why_hidden(properties, "", ""))
        return any(f'Style w:val="{name}"'.encode() in part for name in hiding)

    def of_run(self, run: Element, paragraph_style: str) -> dict[str, str]:
        """The run's own properties before its style's, and those before its paragraph's."""
        own = run.child("rPr")
        properties = dict(self._properties.get(paragraph_style, {}))
        if own is None:
            return properties
        style = own.child("rStyle")
        if style is not None:
            properties |= self._properties.get(style.get("val"), {})
        return properties | {
            each.tag: each.get("val") for each in own.children if each.tag in ("vanish", "color", "sz")
        }


def why_hidden(properties: dict[str, str], shade: str, table_style: str) -> str:
    """Why nobody sees a run with these properties; empty if it is seen. `shade` as in shade_of()."""
    if "vanish" in properties and properties["vanish"] not in _OFF:
        return HIDDEN
    if properties.get("sz", "").isdecimal() and int(properties["sz"]) <= _TINY_HALF_POINTS:
        return TINY
    if _white(properties.get("color", "")) and (
        _white(shade) or (shade in _NO_FILL and table_style in _PLAIN_TABLES)
    ):
        return WHITE
    return ""


def shade_of(properties: Element | None) -> str:
    """The background that these properties of a run, paragraph or cell paint: a colour, or empty."""
    if properties is None:
        return ""
    highlight = properties.child("highlight")
    if highlight is not None and highlight.get("val") not in _NO_FILL:
        return highlight.get("val")
    shading = properties.child("shd")
    if shading is None:
        return ""
    if shading.get("val") not in ("", "clear", "nil"):
        return shading.get("val")  # a pattern or a full colour
    return "" if shading.get("fill") in _NO_FILL else shading.get("fill")


def _white(colour: str) -> bool:
    if colour == "white":
        return True
    try:
        return len(colour) == 6 and min(bytes.fromhex(colour)) >= _WHITE_FROM  # noqa: PLR2004 - RRGGBB
    except ValueError:
        return False
