"""Takes hidden lines out of the body, where they would read as if everybody saw them. Child process only."""

from __future__ import annotations

import re

from smallprint.documents.reading import Block, letters, tidy, tidy_lines

_FEWEST_LETTERS = 4
_LONGEST_PATTERN = 2_000


def take_out(blocks: list[Block], lines: list[str], near: Block | None = None) -> None:
    """Removes each line once, wherever its spaces are, and blocks of which nothing is left.

    Looks into the block `near` first. Lines of fewer than four letters stay: such a one may stand there visibly too.
    """
    for line in lines:
        pattern = _spaced(line)
        if pattern is None:
            continue
        first = tidy(line)[0]
        for block in [near, *blocks] if near else blocks:
            if first not in block.text:
                continue  # a cheap question that spares many searches
            text, found = pattern.subn(" ", block.text, count=1)
            if found:
                block.text = tidy_lines(text)
                break
    blocks[:] = [block for block in blocks if block.text]


def _spaced(line: str) -> re.Pattern[str] | None:
    characters = "".join(tidy(line).split())
    if len(letters(line)) < _FEWEST_LETTERS or len(characters) > _LONGEST_PATTERN:
        return None
    return re.compile(r"\s*".join(map(re.escape, characters)))
