"""A long text in parts. A response URL takes five answers (docs.slack.dev/interactivity/handling-user-interaction)."""

from __future__ import annotations

from collections.abc import Iterator

MOST_PARTS = 4
_PART = 1_900
"""Characters of a part, which fit however Slack counts them."""


def parts(text: str, *, goes_on: str) -> list[str]:
    """At most `MOST_PARTS`, cut at the ends of lines; the last one says `goes_on` where something is left out."""
    cut = list(_cut(text))
    if len(cut) > MOST_PARTS:
        cut[MOST_PARTS - 1 :] = [f"{cut[MOST_PARTS - 1]}\n{goes_on}"]
    return cut


def _cut(text: str) -> Iterator[str]:
    part = ""
    pieces = (
        line[start : start + _PART]
        for line in text.splitlines()
        for start in range(0, max(len(line), 1), _PART)
    )
    for line in pieces:
        if part and len(part) + len(line) >= _PART:
            yield part
            part = ""
        part = f"{part}\n{line}" if part else line
    if part:
        yield part
