"""Markdown → blocks of plain text: what a reader of the rendered page would see. Child process only."""

from __future__ import annotations

import re

from smallprint.documents.reading import Block, Outline, split_long, tidy, tidy_lines

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_ITEM = re.compile(r"\s*(?:[-*+•]|(\d{1,9}[.)]))\s+(?=\S)")
_TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")
_TABLE_RULE = re.compile(r"[\s|:\-]+$")
_RULE = re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*$")
_QUOTE_MARK = re.compile(r"\s*(?:>\s?)+")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ESCAPED = re.compile("[\ue021-\ue07e]")
_ESCAPED_BASE = 0xE000
# Every repetition is bounded: a document of ten million brackets must not cost a square of that.
_IMAGE = re.compile(r"!\[([^\[\]]{0,1000})\]\([^()\s]{0,5000}(?:\s+\"[^\"]{0,500}\")?\)")
_LINK = re.compile(
    r"\[([^\[\]]{0,1000})\](?:\(<?(?:[^()\s]|\([^()\s]{0,500}\)){0,5000}>?(?:\s+\"[^\"]{0,500}\")?\)|\[[^\[\]]{0,200}\])"
)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>")
_CODE = re.compile(r"(`{1,3})([^`]{1,2000})\1")
_EMPHASIS = (
    re.compile(r"\*{3}(?=\S)([^*]{1,3000}?)(?<=\S)\*{3}"),
    re.compile(r"\*\*(?=\S)((?:[^*]|\*(?!\*)){1,3000}?)(?<=\S)\*\*"),
    re.compile(r"(?<!\*)\*(?=[^\s*])([^*]{1,3000}?)(?<=[^\s*])\*(?!\*)"),
    re.compile(r"(?<!\w)_{1,3}(?=[^\s_])([^_]{1,3000}?)(?<=[^\s_])_{1,3}(?!\w)"),
    re.compile(r"~~(?=\S)([^~]{1,3000}?)~~"),
)


def read_markdown(text: str) -> list[Block]:
    """Headings, paragraphs, list items, tables and code, each with the headings above it."""
    reader = _MarkdownReader()
    for line in _COMMENT.sub("", text).splitlines():
        reader.read_line(line)
    reader.end_block()
    return reader.blocks


def without_marks(text: str) -> str:
    """Inline Markdown as plain words: emphasis, links, code marks, tags, entities and escapes removed."""
    text = _ESCAPE.sub(_protect, text)
    if "[" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
        text = _LINK.sub(r"\1", text)  # a picture inside a link
    if "<" in text:
        text = _TAG.sub(" ", _AUTOLINK.sub(r"\1", text))
    if "`" in text:
        text = _CODE.sub(r"\2", text)
    text = _without_emphasis(text)
    if "&" in text:
        text = _unescape_entities(text)
    return _ESCAPED.sub(_restore, text)


def without_emphasis(text: str) -> str:
    """Only emphasis and escapes removed: for text that a parser wrote as Markdown but that holds no links."""
    return _ESCAPED.sub(_restore, _without_emphasis(_ESCAPE.sub(_protect, text)))


def _protect(match: re.Match[str]) -> str:
    return chr(_ESCAPED_BASE + ord(match[1]))


def _restore(match: re.Match[str]) -> str:
    return chr(ord(match[0]) - _ESCAPED_BASE)


def _without_emphasis(text: str) -> str:
    # Stars, underscores and tildes that pair up; `____` for a signature stays.
    if "*" in text or "_" in text or "~" in text:
        for pattern in _EMPHASIS:
            text = pattern.sub(r"\1", text)
    return text


def _unescape_entities(text: str) -> str:
    from html import unescape  # noqa: PLC0415 - 4 ms that most documents need not pay

    return unescape(text)


class _MarkdownReader:
    """Reads line by line; a block ends at a blank line or where another kind begins."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._outline = Outline()
        self._lines: list[str] = []
        self._kind = ""
        self._fence = ""

    def read_line(self, line: str) -> None:
        if self._fence:
            self._read_code(line)
        elif fence := _FENCE.match(line):
            self.end_block()
            self._kind, self._fence = "code", fence[1]
        else:
            self._read_text(_QUOTE_MARK.sub("", line, count=1) if line.lstrip().startswith(">") else line)

    def end_block(self) -> None:
        lines, kind = self._lines, self._kind
        self._lines, self._kind = [], ""
        if kind in ("table", "code"):
            clean = without_marks if kind == "table" else str
            self._add(tidy_lines("\n".join(map(clean, lines))))
        elif lines:
            self._add(tidy(without_marks("\n".join(lines))))

    def _read_code(self, line: str) -> None:
        if line.strip().startswith(self._fence) and not line.strip().strip(self._fence[0]):
            self.end_block()
            self._fence = ""
        else:
            self._lines.append(line)

    def _read_text(self, line: str) -> None:
        if not line.strip():
            self.end_block()
        elif heading := _HEADING.match(line):
            self.end_block()
            self._add_heading(len(heading[1]), heading[2].rstrip().rstrip("#"))
        elif self._kind == "text" and self._lines and (underline := _UNDERLINE.match(line)):
            lines, self._lines = self._lines, []
            self._add_heading(1 if underline[1][0] == "=" else 2, " ".join(lines))
        elif _RULE.match(line):
            self.end_block()
        else:
            self._read_content(line)

    def _read_content(self, line: str) -> None:
        if _TABLE_ROW.match(line):
            self._begin("table")
            if not _TABLE_RULE.match(line):
                self._lines.append(" | ".join(cell.strip() for cell in line.strip().strip("|").split("|")))
        elif item := _ITEM.match(line):
            self.end_block()
            self._begin("item")
            self._lines.append(f"{item[1]} {line[item.end() :]}" if item[1] else line[item.end() :])
        else:
            if self._kind == "table":
                self.end_block()
            self._kind = self._kind or "text"
            self._lines.append(line)

    def _begin(self, kind: str) -> None:
        if self._kind != kind:
            self.end_block()
            self._kind = kind

    def _add_heading(self, level: int, heading: str) -> None:
        text = tidy(without_marks(heading))
        self._outline.enter(level, text)
        self._add(text)

    def _add(self, text: str) -> None:
        self.blocks += [Block(piece, None, self._outline.section) for piece in split_long(text) if piece]
