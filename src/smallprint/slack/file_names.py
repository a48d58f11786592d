"""Names of the files that we post: the document's own, made harmless, and in its thread no other file's."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath

_LONGEST = 60
_MARK = 8


def file_name(document: str, what: str, tag: str, ending: str = "md") -> str:
    """ "lease 2024.pdf" → "lease-2024-smallprint-1f0e9a2b.md".

    `tag`: what the file is posted for; files with different ones have different names (slack/posts.py needs that).
    """
    return f"{_stem(document)}-{what}-{mark_of(tag)}.{ending}"


def mark_of(tag: str) -> str:
    """The few letters that stand for it in a name."""
    return hashlib.sha256(tag.encode()).hexdigest()[:_MARK]


def _stem(name: str) -> str:
    """Short and harmless: letters, digits, dashes."""
    return re.sub(r"[^\w]+", "-", PurePath(name).stem).strip("-")[:_LONGEST] or "document"
