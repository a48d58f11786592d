"""What an e-mail consists of: texts to read, files that came with it, the rest. Child process only."""

from __future__ import annotations

import re

from smallprint.documents.plain import decode
from smallprint.documents.reading import Refused, tidy

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from email.message import Message

MAX_PARTS = 200
MAX_DEPTH = 20
MAX_TEXT_BYTES = 10 * 1024**2

_LONGEST_NAME = 80
# Invisible characters and changes of direction can make a name look like another one.
_UNSAFE_IN_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\[\]<>|*?\"]+")
_SIGNATURES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "text/css",
        "text/javascript",
    }
)
_STUB_CHARACTERS = 200
_REAL_HTML_CHARACTERS = 2_000


class Attachment:
    """A file that came with an e-mail; `content` is None for an e-mail inside the e-mail."""

    __slots__ = ("content", "name")

    def __init__(self, name: str, content: bytes | None) -> None:
        self.name = name
        self.content = content


class MailParts:
    """Sorts the parts of a message. Raises Refused if they are nested too deep."""

    def __init__(self, message: Message, *, transcoded: bool) -> None:
        """`transcoded`: the mail was turned into UTF-8 as a whole, whatever its parts say."""
        self.attachments: list[Attachment] = []
        self.pictures = 0
        """Pictures that stand inside the text."""
        self.cut = False
        """There were more than `MAX_PARTS`."""
        self.warnings: list[str] = []
        self._transcoded = transcoded
        self._texts: list[tuple[int, bool, str]] = []
        self._parts = self._groups = 0
        self._sort(message, 0, None)

    @property
    def texts(self) -> list[tuple[bool, str]]:
        """(is it HTML?, text) in order; of alternatives the plain one, unless it only stands in for the other."""
        chosen: list[tuple[bool, str]] = []
        for group in dict.fromkeys(group for group, _, _ in self._texts):
            plain = [text for of, is_html, text in self._texts if of == group and not is_html]
            html = [text for of, is_html, text in self._texts if of == group and is_html]
            use_html = html and _is_stub("\n".join(plain), "\n".join(html))
            chosen += [(True, text) for text in html] if use_html else [(False, text) for text in plain]
        return [(is_html, text) for is_html, text in chosen if text.strip()]

    def _sort(self, part: Message, depth: int, group: int | None) -> None:
        if depth > MAX_DEPTH:
            raise Refused("unsafe_archive")
        self._parts += 1
        if self._parts > MAX_PARTS:
            self.cut = True
            return
        kind = part.get_content_type()
        if kind.startswith("message/"):
            self.attachments.append(Attachment(_name(part, len(self.attachments)), None))
        elif part.is_multipart():
            self._sort_inner(part, kind, depth, group)
        else:
            self._sort_leaf(part, kind, group)

    def _sort_inner(self, part: Message, kind: str, depth: int, group: int | None) -> None:
        if kind == "multipart/alternative" and group is None:
            group = self._next_group()
        for inner in part.get_payload():
            if not isinstance(inner, str):
                self._sort(inner, depth + 1, group)

    def _sort_leaf(self, part: Message, kind: str, group: int | None) -> None:
        attached = part.get_content_disposition() == "attachment" or bool(_filename(part))
        if kind in {"text/plain", "text/html"} and not attached:
            group = self._next_group() if group is None else group
            self._texts.append((group, kind == "text/html", self._text(part)))
        elif (
            kind.startswith("image/")
            and part.get_content_disposition() != "attachment"
            and part["Content-ID"]
        ):
            self.pictures += 1
        elif kind not in _SIGNATURES:
            self.attachments.append(Attachment(_name(part, len(self.attachments)), _bytes(part)))

    def _next_group(self) -> int:
        self._groups += 1
        return self._groups

    def _text(self, part: Message) -> str:
        content = _bytes(part)[:MAX_TEXT_BYTES]
        charset = None if self._transcoded else part.get_content_charset()
        if charset and charset not in {"us-ascii", "utf-8"}:
            try:
                return content.decode(charset)
            except (LookupError, UnicodeDecodeError):
                pass  # it says one thing and is another
        text, warnings = decode(content)
        self.warnings += [warning for warning in warnings if warning not in self.warnings]
        return text


def safe_name(raw: str) -> str:
    """A file's name for people to read: no folders, nothing invisible, not too long."""
    name = tidy(_UNSAFE_IN_NAME.sub(" ", re.split(r"[/\\]", raw)[-1])).strip(" .,")
    if len(name) <= _LONGEST_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    return f"{(stem or name)[: _LONGEST_NAME - 12]}…{dot}{suffix[:10]}" if dot else f"{name[:_LONGEST_NAME]}…"


def _name(part: Message, number: int) -> str:
    return safe_name(_filename(part)) or f"attachment {number + 1}"


def _filename(part: Message) -> str:
    try:
        return str(part.get_filename() or "")
    except Exception:  # noqa: BLE001 - the standard library's header parser stumbles over hostile ones in many ways
        return ""


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_stub(plain: str, html: str) -> bool:
    """ "Please use a program that shows HTML": the plain text says nothing of what the other one does."""
    return not plain.strip() or (len(plain.strip()) < _STUB_CHARACTERS and len(html) > _REAL_HTML_CHARACTERS)
