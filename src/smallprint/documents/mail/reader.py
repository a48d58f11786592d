"""E-mail (RFC 5322, MIME) → blocks: headers, text, then what was attached, one level deep. Child process only.

Nothing is fetched that an e-mail points to, and no e-mail inside it is opened.
"""

from __future__ import annotations

import email
import re
from email import policy
from email.header import decode_header, make_header

from smallprint.documents.html import read_html
from smallprint.documents.mail.attachments import read_attachments
from smallprint.documents.mail.parts import MAX_PARTS, MailParts
from smallprint.documents.plain import decode, read_text, utf_16_without_mark
from smallprint.documents.reading import Block, Reading, Refused, split_long, tidy

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from email.message import Message

ENCRYPTED = "This e-mail is encrypted. Please share its text, or a copy that is saved without encryption."
MORE_PARTS = f"This e-mail has more than {MAX_PARTS} parts; the rest was not read."
PICTURES_IN_TEXT = "{count} inside the text of the e-mail {was} not looked at."
NO_TEXT = "This e-mail has no text of its own."
LONG_HEADER = "The e-mail's {name} line is very long; the rest of it was not read."

HEADERS = ("From", "Reply-To", "To", "Cc", "Date", "Subject")
HEADER = "E-mail header"
QUOTED = "Quoted message"

_LONGEST_HEADER = 20_000  # the standard library's parser of addresses takes quadratic time
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_QUOTE_MARKS = re.compile(r"[ \t]?(?:>[ \t]?)+")
_ENCRYPTED_KINDS = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")


def read_mail(content: bytes, max_pages: int) -> Reading:
    """Headers, body (plain text where there is one) and up to ten attachments. Raises Refused: encrypted, empty, unsafe."""
    content, transcoded = _as_ascii(content)
    message = email.message_from_bytes(content, policy=policy.default)
    if _is_encrypted(message):
        raise Refused("encrypted", ENCRYPTED)
    parts = MailParts(message, transcoded=transcoded)
    headers, warnings = _headers(message)
    body = _body(parts, warnings)
    attached = read_attachments(parts.attachments, max_pages)
    if not headers and not body and not attached.blocks:
        raise Refused("empty")
    return Reading(
        [*headers, *body, *attached.blocks],
        warnings=[*warnings, *parts.warnings, *_remarks(parts, body), *attached.warnings],
        notes=attached.notes,
    )


def _as_ascii(content: bytes) -> tuple[bytes, bool]:
    """A mail saved in UTF-16 has none of the line ends and colons that the parser looks for."""
    if content.startswith(_UTF16_MARKS) or utf_16_without_mark(content):
        return decode(content)[0].lstrip("\ufeff").encode(), True
    return content.removeprefix(b"\xef\xbb\xbf"), False


def _is_encrypted(message: Message) -> bool:
    kind = message.get_content_type()
    return kind in _ENCRYPTED_KINDS and message.get_param("smime-type") not in ("signed-data", "certs-only")


# --- headers ---------------------------------------------------------------------------------------------


def _headers(message: Message) -> tuple[list[Block], list[str]]:
    blocks: list[Block] = []
    warnings: list[str] = []
    raw = [(name.lower(), str(value)) for name, value in message.raw_items()]
    for name in HEADERS:
        for value in (value for key, value in raw if key == name.lower()):
            if len(value) > _LONGEST_HEADER:
                warnings.append(LONG_HEADER.format(name=name))
            text = tidy(_decoded(message, name, value[:_LONGEST_HEADER]))
            blocks += [
                Block(piece, section=HEADER, kind="mail_header")
                for piece in split_long(f"{name}: {text}")
                if text
            ]
    return blocks, warnings


def _decoded(message: Message, name: str, raw: str) -> str:
    ways = (lambda: message.policy.header_fetch_parse(name, raw), lambda: make_header(decode_header(raw)))
    for way in ways:
        try:
            return str(way())
        except Exception:  # noqa: BLE001, S112 - the standard library's header parsers stumble over hostile ones in many ways
            continue
    return raw


# --- text ------------------------------------------------------------------------------------------------


def _body(parts: MailParts, warnings: list[str]) -> list[Block]:
    blocks: list[Block] = []
    for is_html, text in parts.texts:
        if is_html:
            reading = read_html(text.encode("utf-8", "replace"))
            warnings += reading.warnings
            blocks += reading.blocks
        else:
            blocks += _plain_blocks(text)
    return blocks


def _plain_blocks(text: str) -> list[Block]:
    """Paragraphs; the history that a reply quotes stays, without its ">" and named as what it is."""
    blocks: list[Block] = []
    for quoted, lines in _runs(text.splitlines()):
        for block in read_text("\n".join(lines).encode("utf-8", "replace")).blocks:
            block.section = QUOTED if quoted else ""
            blocks.append(block)
    return blocks


def _runs(lines: list[str]) -> list[tuple[bool, list[str]]]:
    """Neighbouring lines that are all quoted, or all not."""
    runs: list[tuple[bool, list[str]]] = []
    for line in lines:
        marks = _QUOTE_MARKS.match(line)
        quoted = bool(marks)
        if not runs or runs[-1][0] is not quoted:
            runs.append((quoted, []))
        runs[-1][1].append(line[marks.end() :] if marks else line)
    return runs


def _remarks(parts: MailParts, body: list[Block]) -> list[str]:
    remarks = [] if body else [NO_TEXT]
    if parts.pictures:
        one = parts.pictures == 1
        count = "1 picture" if one else f"{parts.pictures} pictures"
        remarks.append(PICTURES_IN_TEXT.format(count=count, was="was" if one else "were"))
    if parts.cut:
        remarks.append(MORE_PARTS)
    return remarks
