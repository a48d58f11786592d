"""Plain text and Markdown files: find the encoding, find the paragraphs. Child process only."""

from __future__ import annotations

import re

from smallprint.documents.markdown import read_markdown
from smallprint.documents.reading import Block, Reading, split_long, tidy, tidy_lines

GUESSED_ENCODING = (
    "The file doesn't say how its characters are encoded; it was read as {encoding}, so some may be wrong."
)

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE_BYTES = 256 * 1024
_ZERO_SHARE = 0.5
_BLANK_LINE = re.compile(r"\n[ \t\f\v]*\n")
_NEW_ITEM = re.compile(
    r"\s*(?:[-*•·–]\s+\S|\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivxIVX]{1,6})[.)]\s+\S|\d{1,3}(?:\.\d{1,3}){1,4}\s+\S"
    r"|(?:ARTICLE|Article|SECTION|Section)\s+[\dIVX]+\b)"
)
_SENTENCE_ENDED = re.compile(r"[.;:!?][\"”’')\]]*\s*$")
_SHORT_LINE = 0.7
_WRAPPED_LINE = 45


def read_text(content: bytes) -> Reading:
    """Paragraphs are parted by blank lines; lines wrapped by hand are joined again."""
    text, warnings = decode(content)
    paragraphs = [
        part
        for part in _BLANK_LINE.split(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n"))
        if part.strip()
    ]
    blocks = [
        Block(piece)
        for part in paragraphs
        for whole in join_lines(part.splitlines())
        for piece in split_long(whole)
    ]
    return Reading(blocks, warnings=warnings)


def read_markdown_file(content: bytes) -> Reading:
    text, warnings = decode(content)
    return Reading(read_markdown(text), warnings=warnings)


def decode(content: bytes, declared: str | None = None) -> tuple[str, list[str]]:
    """The text, and a warning where the encoding had to be guessed."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content.decode(encoding, "replace"), []
    for likely in (utf_16_without_mark(content) or "utf-8", declared or "utf-8"):
        try:
            return content.decode(likely), []
        except (UnicodeDecodeError, LookupError):
            continue
    guessed = _guess_encoding(content)
    return content.decode(guessed, "replace"), [GUESSED_ENCODING.format(encoding=guessed)]


def utf_16_without_mark(content: bytes) -> str | None:
    """The byte order of UTF-16 without a byte order mark: in Western text every other byte is zero."""
    sample = content[:_SAMPLE_BYTES]
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if half and odd > _ZERO_SHARE * half and not even:
        return "utf-16-le"
    return "utf-16-be" if half and even > _ZERO_SHARE * half and not odd else None


def join_lines(lines: list[str]) -> list[str]:
    """Paragraphs out of wrapped lines: a new one begins at a clause number or bullet, or after a short last line."""
    stripped = [line.strip() for line in lines if line.strip()]
    widest = max(map(len, stripped), default=0)
    if widest < _WRAPPED_LINE or _looks_like_columns(lines):
        return [text] if (text := tidy_lines("\n".join(lines))) else []
    paragraphs: list[str] = []
    previous = ""
    for line in stripped:
        ended = bool(_SENTENCE_ENDED.search(previous)) and len(previous) < _SHORT_LINE * widest
        if not previous or ended or _NEW_ITEM.match(line):
            paragraphs.append(line)
        else:
            paragraphs[-1] = join_wrapped(paragraphs[-1], line)
        previous = line
    return [text for text in map(tidy, paragraphs) if text]


def join_wrapped(above: str, below: str) -> str:
    """ "royalty-" + "free" stays "royalty-free"; everything else gets a space."""
    hyphenated = above.endswith("-") and above[-2:-1].isalpha() and below[:1].islower()
    return above + below if hyphenated else f"{above} {below}"


def _looks_like_columns(lines: list[str]) -> bool:
    """Tables drawn with spaces keep their lines."""
    gaps = sum(1 for line in lines if re.search(r"\S(?: {3,}|\t+)\S", line))
    return gaps * 2 > len(lines) and len(lines) > 1


def _guess_encoding(content: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 30 ms that UTF-8 files need not pay

    best = from_bytes(content[:_SAMPLE_BYTES]).best()
    return best.encoding if best else "cp1252"
