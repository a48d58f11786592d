"""Which text format a text is: HTML, mail, Markdown, CSV, or none of them."""

from __future__ import annotations

import csv
import re

from smallprint.documents.plain import utf_16_without_mark
from smallprint.models.domain import DocumentKind

BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")

_SAMPLE_BYTES = 65_536
_START_BYTES = 4_096
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL_SHARE = 0.05  # random bytes have 0.11, EBCDIC text about 0.01
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SVG_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!(?:--|doctype).{0,2000}?>\s*)*<svg\b", re.IGNORECASE | re.DOTALL
)
_OTHER_STARTS = (
    (re.compile(rb"\s*<\?xml[^>]*>\s*<\?mso-application", re.IGNORECASE), "an older Office XML file"),
    (re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<office:document\b"), "a flat OpenDocument file"),
)
_MAIL_HEADER = re.compile(rb"[!-9;-~]+:[ \t]|[!-9;-~]+:\r?$|[ \t]+\S|From \S+@")
# Headers that mail programs write and people do not: a memo may begin with From and To as well.
_MAIL_MARK = re.compile(
    rb"^(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|DKIM-Signature|X-Mailer|Content-Type):",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_HEADERS = 400
_MAIL_SUFFIXES = frozenset({"eml", "mht", "mhtml"})
_MARKDOWN_SUFFIXES = frozenset({"md", "markdown"})
_HTML_SUFFIXES = frozenset({"html", "htm", "xhtml"})
_DELIMITED_SUFFIXES = {"csv": DocumentKind.CSV, "tsv": DocumentKind.TSV, "tab": DocumentKind.TSV}
# A workbook's name on a text with columns: many programs "export to Excel" that way.
_SNIFFED_SUFFIXES = frozenset({"", "txt", "text", "xls", "xlsx", "dat", "asc", "log", "bin"})

_DELIMITERS = ("\t", ";", ",", "|")
_SNIFFED_LINES = 40
_FEWEST_LINES = 4
_FEWEST_COLUMNS = 3
_LONGEST_CELL = 40  # characters on average: more is prose with commas
_LONGEST_LINE = 200  # characters, of a CSV with one column


def is_text(content: bytes) -> bool:
    """True if the bytes can be the characters of a text in some common encoding."""
    if content.startswith(BYTE_ORDER_MARKS) or utf_16_without_mark(content):
        return True
    sample = content[:_SAMPLE_BYTES]
    controls = len(_CONTROL.findall(sample))
    return b"\x00" not in sample and controls <= _MOST_CONTROL_SHARE * len(sample)


def text_kind(suffix: str, content: bytes) -> DocumentKind | str:
    """The kind, or what it is in words if we do not read it. Call it for texts only."""
    start = content.removeprefix(BYTE_ORDER_MARKS[0])[:_START_BYTES]
    if _SVG_START.match(start):
        return "an SVG picture"
    for pattern, found in _OTHER_STARTS:
        if pattern.match(start):
            return found
    if suffix in _MAIL_SUFFIXES or _is_mail(start):
        return DocumentKind.EMAIL
    if suffix in _HTML_SUFFIXES or _HTML_START.match(start):
        return DocumentKind.HTML
    if suffix in _MARKDOWN_SUFFIXES:
        return DocumentKind.MARKDOWN
    return _delimited_kind(suffix, content) or DocumentKind.TEXT


def _is_mail(start: bytes) -> bool:
    """Nothing but headers up to the first blank line, one of them a machine's."""
    head = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    lines = head.splitlines()[:_MOST_HEADERS]
    if len(start) == _START_BYTES:
        lines = lines[:-1] or lines  # the sample may have cut the last one
    return bool(_MAIL_MARK.search(head)) and all(_MAIL_HEADER.match(line) for line in lines)


def _delimited_kind(suffix: str, content: bytes) -> DocumentKind | None:
    """By suffix if the text can be one; without a suffix that says so, only if every line has the same columns."""
    named = _DELIMITED_SUFFIXES.get(suffix)
    if named is None and suffix not in _SNIFFED_SUFFIXES:
        return None
    lines = _first_lines(content)
    if named is not None:
        return named if _can_be_delimited(lines) else None
    for delimiter in _DELIMITERS:
        if _has_equal_columns(lines, delimiter):
            return DocumentKind.TSV if delimiter == "\t" else DocumentKind.CSV
    return None


def _first_lines(content: bytes) -> list[str]:
    sample = content[:_SAMPLE_BYTES]
    encoding = utf_16_without_mark(content) or (
        "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1"
    )
    lines = sample.removeprefix(BYTE_ORDER_MARKS[0]).decode(encoding, "ignore").splitlines()
    return lines[:-1][:_SNIFFED_LINES] if len(content) > _SAMPLE_BYTES else lines[:_SNIFFED_LINES]


def _can_be_delimited(lines: list[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    with_delimiter = sum(any(delimiter in line for delimiter in _DELIMITERS) for line in filled)
    short = all(len(line) <= _LONGEST_LINE for line in filled)
    return with_delimiter * 2 >= len(filled) or short


def _has_equal_columns(lines: list[str], delimiter: str) -> bool:
    if len(lines) < _FEWEST_LINES or sum(delimiter in line for line in lines) < len(lines) - 1:
        return False
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    columns = {len(row) for row in rows}
    cells = [cell for row in rows for cell in row]
    return (
        len(columns) == 1
        and columns.pop() >= _FEWEST_COLUMNS
        and all(cell.strip() for cell in rows[0])
        and sum(map(len, cells)) <= _LONGEST_CELL * len(cells)
    )
