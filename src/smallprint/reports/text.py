"""Text of documents and models, made safe to show: one line, nothing invisible, nothing that steers a display."""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"

_JOINERS = re.compile("(?<![\u0600-\u109f\ua800-\uabff])[\u200c\u200d]")
"""Zero-width (non-)joiners hide words in Latin text but are spelling in Persian and in Indian scripts."""
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_KEPT_FORMATS = frozenset("\u200c\u200d")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co"})
_HIDDEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0d\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
"""Invisible though Unicode doesn't call them format characters: fillers, blanks, variation selectors, reserved."""


def plain(text: str) -> str:
    """One line without control, bidirectional, zero-width and other invisible characters; may be empty."""
    return " ".join(_visible(text).split())


def plain_lines(text: str) -> str:
    """As `plain`, but line breaks stay (at most one blank line in a row)."""
    lines = _SPACES.sub(" ", _visible(text)).split("\n")
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def length(text: str) -> int:
    """UTF-16 units, the largest of the ways in which displays and APIs count characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, ended by "…" (at a word where there is one) if anything was left out."""
    if length(text) <= limit:
        return text
    kept = _first_units(text, limit - 1)
    at_word = kept.rsplit(" ", 1)[0]
    # a text without spaces (Chinese, a long URL) is cut where the room ends
    kept = at_word if length(at_word) > limit // 2 else kept
    return kept.rstrip(" ,;:.–—-") + ELLIPSIS


def shorten_name(name: str, limit: int) -> str:
    """As `shorten`, but in the middle: a file's ending is what a reader needs to recognise it."""
    if length(name) <= limit:
        return name
    tail = name[-(limit // 4) :]
    while length(tail) > limit // 4:
        tail = tail[1:]
    return _first_units(name, limit - 1 - length(tail)).rstrip() + ELLIPSIS + tail.lstrip()


def _visible(text: str) -> str:
    spaced = re.sub("\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text).replace("\t", " ")
    hidden = {ord(character): None for character in set(spaced) if not _is_shown(character)}
    return _JOINERS.sub("", _HIDDEN.sub("", spaced.translate(hidden)))


def _is_shown(character: str) -> bool:
    if character == "\n" or character in _KEPT_FORMATS:
        return True
    return unicodedata.category(character) not in _HIDDEN_CATEGORIES


def _first_units(text: str, units: int) -> str:
    """The longest beginning of at most so many UTF-16 units, without half a character at its end."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * max(units, 0)].decode("utf-16-le", "ignore")
