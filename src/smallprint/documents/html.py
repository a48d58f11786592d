"""HTML → blocks, by html-to-markdown. Child process only."""

from __future__ import annotations

import re

from smallprint.documents.markdown import read_markdown
from smallprint.documents.native import load_native
from smallprint.documents.plain import decode
from smallprint.documents.reading import Reading, Refused

_DATA_URI = re.compile(
    rb"data:[a-zA-Z0-9.+/-]{0,100}(?:;[a-zA-Z0-9=._-]{1,100}){0,4},[A-Za-z0-9+/=%_.~-]{200,}"
)
_DECLARED_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]{2,40})", re.IGNORECASE
)
_HEAD_BYTES = 4_096
_TAG = re.compile(r"<(/?)[a-zA-Z]")
_DEEPEST = 512


def read_html(content: bytes) -> Reading:
    """The visible text with its headings; scripts, styles, hidden elements and embedded data are left out."""
    content = _DATA_URI.sub(b"data:,", content)
    declared = _DECLARED_CHARSET.search(content, 0, _HEAD_BYTES)
    text, warnings = decode(content, declared[1].decode("ascii") if declared else None)
    return Reading(read_markdown(_to_markdown(text)), warnings=warnings)


def _to_markdown(text: str) -> str:
    parser = load_native("html_to_markdown", "_html_to_markdown")
    options = parser.ConversionOptions(
        extract_metadata=False,
        skip_images=True,
        # Escaped here and unescaped by read_markdown(): a literal star must not become emphasis.
        escape_asterisks=True,
        escape_underscores=True,
        escape_misc=True,
        autolinks=False,
    )
    try:
        markdown = str(parser.convert(text, options).content or "")
    except Exception as error:
        raise Refused("corrupt") from error
    if not markdown.strip() and _depth(text) > _DEEPEST:
        raise Refused(
            "unsafe_archive"
        )  # the parser gives up below a certain depth: that is not an empty file
    return markdown


def _depth(text: str) -> int:
    """How deep elements are nested, at most: those that are never closed count too."""
    depth = deepest = 0
    for closing in _TAG.findall(text):
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest
