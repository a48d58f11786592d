"""RTF: tracked changes, comments, hidden text, headers and footers; and the text without what was deleted. Child process only.

The parser shows deleted and hidden words among the others, so they are taken out of what it gets to read.
Format: Rich Text Format Specification 1.9.1 (Microsoft, 2008).
"""

from __future__ import annotations

import re

from smallprint.documents.legacy.markup_notes import MarkupNotes
from smallprint.documents.reading import Refused

MAX_DEPTH = 1_000

_TOKEN = re.compile(
    rb"(?P<open>\{)|(?P<close>\})|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\(?P<symbol>[^a-zA-Z])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
# Groups that hold text of their own; what a group like \fonttbl or \pict holds is none of a reader's business.
_DESTINATIONS = {
    b"header": "header",
    b"headerl": "header",
    b"headerr": "header",
    b"headerf": "header",
    b"footer": "footer",
    b"footerl": "footer",
    b"footerr": "footer",
    b"footerf": "footer",
    b"annotation": "comment",
    b"atnauthor": "author",
    b"footnote": "",
    b"template": "template",
}
_SILENT = frozenset(
    (
        b"fonttbl colortbl stylesheet info pict object fldinst listtable listoverridetable revtbl rsidtbl generator"
        b" themedata datastore xmlnstbl atnid latentstyles pgptbl filetbl bkmkstart bkmkend mmathPr listtext pntext"
    ).split()
)
_STATES = {b"deleted": "deletion", b"revised": "insertion", b"v": "hidden"}
_TAKEN_OUT = ("deletion", "hidden")
_BREAKS = frozenset((b"par", b"line", b"cell", b"row", b"tab", b"sect", b"page"))
_CHARACTERS = {
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•",
}  # fmt: skip
_LOADS = re.compile(rb"\b(?:INCLUDETEXT|INCLUDEPICTURE|DDEAUTO|DDE)\b", re.IGNORECASE)


class RtfMarkup(MarkupNotes):
    """`body` is the file without deleted and hidden words."""

    def __init__(self, body: bytes = b"") -> None:
        super().__init__()
        self.body = body


def read_rtf_markup(content: bytes) -> RtfMarkup:
    """Raises Refused: unsafe_archive, if groups are nested too deep."""
    return _Scanner(content).scan()


class _Group:
    """What holds until the closing brace."""

    __slots__ = ("destination", "silent", "states", "unicode_skip")

    def __init__(self, above: _Group | None = None) -> None:
        self.destination: str = above.destination if above else ""
        self.silent: bool = above.silent if above else False
        self.states: frozenset[str] = above.states if above else frozenset()
        self.unicode_skip: int = above.unicode_skip if above else 1


class _Scanner:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._found = RtfMarkup()
        self._groups = [_Group()]
        self._kept: list[bytes] = []
        self._kept_to = 0
        self._words: list[str] = []
        self._kind = ""
        self._author = ""
        self._skip = 0
        self._encoding = "cp1252"

    def scan(self) -> RtfMarkup:
        position = 0
        while match := _TOKEN.match(self._content, position):
            position = match.end()
            if match["word"] == b"bin":  # raw bytes follow, which are no RTF
                position += max(0, int(match["number"] or 0))
            self._token(match)
            if len(self._groups) > MAX_DEPTH:
                raise Refused("unsafe_archive")
        self._flush()
        self._kept.append(self._content[self._kept_to :])
        self._found.body = b"".join(self._kept)
        return self._found

    def _token(self, match: re.Match[bytes]) -> None:
        if match["open"]:
            self._groups.append(_Group(self._groups[-1]))
        elif match["close"]:
            if len(self._groups) > 1:
                self._groups.pop()
            self._skip = 0
        elif match["word"]:
            self._control(match)
        elif match["hex"]:
            self._text(match, bytes([int(match["hex"], 16)]).decode(self._encoding, "replace"))
        elif match["symbol"]:
            self._text(
                match,
                {b"~": " ", b"_": "-"}.get(match["symbol"], match["symbol"].decode("latin-1").strip("*-|:")),
            )
        elif match["text"]:
            self._text(match, match["text"].decode(self._encoding, "replace"))

    def _control(self, match: re.Match[bytes]) -> None:
        word, number, group = match["word"], match["number"], self._groups[-1]
        if word in _DESTINATIONS:
            self._flush()  # two headers may follow each other
            group.destination = _DESTINATIONS[word]
            self._found.external_links += word == b"template"
        elif word in _SILENT:
            group.silent = True
        elif word in _STATES:
            state = {_STATES[word]}
            group.states = group.states - state if number == b"0" else group.states | state
        elif word == b"plain":
            group.states = frozenset()
        elif word == b"uc":
            group.unicode_skip = int(number or 1)
        elif word == b"ansicpg" and number:
            self._encoding = _known_encoding(number)
        elif word == b"u" and number:
            self._text(match, chr(int(number) % 0x10000))
            self._skip = group.unicode_skip
        elif word in _BREAKS:
            self._text(match, " ", is_break=True)
        elif word in _CHARACTERS:
            self._text(match, _CHARACTERS[word])

    def _text(self, match: re.Match[bytes], text: str, *, is_break: bool = False) -> None:
        """One piece of text; `is_break` stays in the body even where the words round it are taken out."""
        group = self._groups[-1]
        if group.silent:
            self._found.external_links += len(_LOADS.findall(match[0]))
            return
        if self._skip and not is_break:  # stands in for a character that came as \u
            skipped, text = min(self._skip, len(text)), text[self._skip :]
            self._skip -= skipped
        if group.destination == "author":
            self._author = text
            return
        kind = _kind(group)
        if kind != self._kind:
            self._flush()
            self._kind = kind
        if kind:
            self._words.append(text)
        if kind in _TAKEN_OUT and not is_break:
            self._kept.append(self._content[self._kept_to : match.start()])
            self._kept_to = match.end()

    def _flush(self) -> None:
        if self._kind not in ("", "template"):
            author = self._author if self._kind == "comment" else ""
            self._found.add(self._kind, "".join(self._words), author)
        self._words = []


def _kind(group: _Group) -> str:
    """Deleted words are a deletion even in a header; hidden ones are hidden even if inserted."""
    for state in ("deletion", "hidden", "insertion"):
        if state in group.states:
            return state
    return group.destination


def _known_encoding(number: bytes) -> str:
    try:
        "".encode(f"cp{int(number)}")
    except LookupError:
        return "cp1252"
    return f"cp{int(number)}"
