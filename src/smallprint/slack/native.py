"""What people write in Slack itself (posts, e-mails sent to Slack) as files that our readers know."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr
from typing import Any

from smallprint.models.domain import SharedFile

_HTML = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body|div|p|h[1-6]|document)\b",
    re.IGNORECASE | re.DOTALL,
)
_RAW_MAIL = re.compile(rb"\s*(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]{0,998}\r?\n(?:[ \t][^\n]*\n)*){2,}")
_MAIL_HEADERS = re.compile(
    rb"^(?:from|date|subject|message-id|received|mime-version):", re.IGNORECASE | re.MULTILINE
)
_SIGN_IN = (b'type="password"', b"signin", b"/?redir=")
_HEADINGS = frozenset({"h1", "h2", "h3"})
_PAGE = "<html><head><meta charset='utf-8'></head><body>{body}</body></html>"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_NAME = 120


def is_page(content: bytes) -> bool:
    """True if it begins like HTML."""
    return _HTML.match(content[:8192]) is not None


def is_sign_in_page(content: bytes, size: int, *, native: bool = False) -> bool:
    """Without files:read Slack answers 200 and its sign-in page; a real file has the size that Slack says.

    What is native to Slack comes as a page, and its size may be that of another form of it: then only the
    page itself can tell.
    """
    if not is_page(content) or len(content) == size:
        return False
    return not native or any(sign in content for sign in _SIGN_IN)


def file_name(title: str, ending: str) -> str:
    """A file's name made of a title: "Q3 plan" and ".md" are "Q3 plan.md"."""
    stem = " ".join(_UNSAFE.sub(" ", title).split()).strip(" .")[:_NAME].strip() or "untitled"
    return stem if stem.lower().endswith(ending) else f"{stem}{ending}"


def post_file(info: Mapping[str, Any], content: bytes) -> SharedFile:
    """A post: HTML as it is, or the HTML in, or made of, the JSON that older ones are kept in."""
    title = str(info.get("title") or info.get("name") or "")
    page = content.decode("utf-8", "replace") if is_page(content) else _page_of_json(content)
    if page is None:
        return SharedFile(file_name(title, ".md"), content)
    whole = page if page.lstrip()[:9].lower().startswith(("<!doctype", "<html")) else _PAGE.format(body=page)
    return SharedFile(file_name(title, ".html"), whole.encode())


def mail_file(
    info: Mapping[str, Any], content: bytes, attachments: Sequence[tuple[str, bytes]] = ()
) -> SharedFile:
    """An e-mail: the raw message if Slack gives it, else one made of its headers, body and attachments."""
    subject = str(info.get("subject") or info.get("title") or "")
    name = file_name(subject, ".eml")
    if is_raw_mail(content):
        return SharedFile(name, content)
    message = EmailMessage(policy=SMTP)
    _set_headers(message, _headers(info, subject))
    _set_body(message, content, str(info.get("plain_text") or ""))
    for attached, data in attachments:
        message.add_attachment(
            data, maintype="application", subtype="octet-stream", filename=file_name(attached, "")
        )
    return SharedFile(name, message.as_bytes())


def is_raw_mail(content: bytes) -> bool:
    """True if it begins with the headers of a message (RFC 5322)."""
    head = _RAW_MAIL.match(content[:65536])
    return head is not None and len(_MAIL_HEADERS.findall(head[0])) >= 2  # noqa: PLR2004 - one may be prose


def _headers(info: Mapping[str, Any], subject: str) -> Iterator[tuple[str, str]]:
    known = info.get("headers") or {}
    values = (
        ("From", _people(info.get("from"))),
        ("To", _people(info.get("to"))),
        ("Cc", _people(info.get("cc"))),
        ("Subject", _one_line(subject)),
        ("Date", _one_line(str(known.get("date") or ""))),
        ("Message-ID", _one_line(str(known.get("message_id") or ""))),
    )
    return ((header, value) for header, value in values if value)


def _people(listed: Any) -> str:
    people = [person for person in listed or () if isinstance(person, Mapping)]
    named = [
        _person(*(_one_line(str(person.get(key) or "")) for key in ("name", "address"))) for person in people
    ]
    return ", ".join(name for name in named if name)


def _person(name: str, address: str) -> str:
    if not address.isascii():  # no header can carry it as an address
        name, address = f"{name} {address}".strip(), ""
    return formataddr((name, address))


def _one_line(text: str) -> str:
    """Without line breaks, which would begin a header of the writer's own."""
    return "".join(
        " " if character.isspace() else character
        for character in text
        if character.isprintable() or character.isspace()
    ).strip()


def _set_headers(message: EmailMessage, headers: Iterable[tuple[str, str]]) -> None:
    for header, value in headers:
        # Python's parser of addresses stumbles over some that stand in real mails.
        with suppress(ValueError, IndexError, AttributeError, TypeError, HeaderParseError):
            message[header] = value


def _set_body(message: EmailMessage, content: bytes, plain_text: str) -> None:
    text = content.decode("utf-8", "replace")
    if is_page(content):
        message.set_content(text, subtype="html")
    else:
        message.set_content(text if text.strip() else plain_text)


def _page_of_json(content: bytes) -> str | None:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, Mapping):
        return None
    for key in ("full", "html", "content", "preview"):
        if isinstance(data.get(key), str) and is_page(data[key].encode("utf-8", "replace")):
            return str(data[key])
    root = data.get("root")
    return "".join(_lines(root.get("children"))) if isinstance(root, Mapping) else None


def _lines(children: Any) -> Iterator[str]:
    for child in children if isinstance(children, list) else ():
        if isinstance(child, Mapping):
            mark = child["type"] if child.get("type") in _HEADINGS else "p"
            yield f"<{mark}>{html.escape(str(child.get('text') or ''))}</{mark}>"
            yield from _lines(child.get("children"))
