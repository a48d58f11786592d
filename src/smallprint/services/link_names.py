"""What a document fetched from a link is called, and in which encoding it is."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import unquote

import aiohttp
from yarl import URL

ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "message/rfc822": ".eml",
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
}
MAX_NAME = 120
MAX_ENDING = 8


def name_of(response: aiohttp.ClientResponse, url: URL) -> str:
    """The name in the answer, else the last part of the address, else the host; with an ending, without a path."""
    disposition = response.content_disposition
    given = harmless_name(disposition.filename or "") if disposition else ""
    name = given or harmless_name(unquote(url.name)) or harmless_name(url.host or "") or "document"
    if given or (url.name and _has_ending(name)):
        return name
    return name + ENDINGS.get(response.content_type, "")


def harmless_name(text: str) -> str:
    """The last part of a path, without invisible characters and leading dots, at most MAX_NAME characters."""
    last = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    visible = "".join(character for character in last if unicodedata.category(character)[0] != "C")
    name = " ".join(visible.split()).lstrip(". ").rstrip(". ")
    ending = PurePosixPath(name).suffix if _has_ending(name) else ""
    return name if len(name) <= MAX_NAME else name[: MAX_NAME - len(ending)] + ending


def as_utf8(response: aiohttp.ClientResponse, content: bytes) -> bytes:
    """Text whose encoding only the answer's header knows, marked so that a reader of the bytes knows it too."""
    charset = (response.charset or "").lower()
    if (
        not response.content_type.startswith("text/")
        or not charset
        or charset.replace("_", "-") in {"utf-8", "utf8", "us-ascii"}
    ):
        return content
    try:
        return (
            codecs.BOM_UTF8 + content.decode(charset).encode() if not content.startswith(_MARKS) else content
        )
    except (LookupError, UnicodeError):
        return content


_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _has_ending(name: str) -> bool:
    ending = PurePosixPath(name).suffix
    return 1 < len(ending) <= MAX_ENDING and ending[1:].isalnum()
