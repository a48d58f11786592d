"""Which words of a passage went and which came, in the documents' own letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz.distance import Indel

from smallprint.models.domain import Piece, PieceKind

# Scripts without spaces are compared letter by letter; a number stays whole.
_TOKEN = re.compile(r"\d+(?:[.,'’]\d+)*|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]+|_+|\s+|[^\w\s]")
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‐": "-"})
_BRIDGE = 2
"""Letters of a kept word between two that changed, at most, for it to change with them."""
_MOST_TOKENS = 20_000


def pieces_between(before: str, after: str) -> tuple[Piece, ...]:
    """What was kept, what went and what came, what went first; typography and spacing count as kept, as it stands now."""
    if not before or not after:
        return _whole(before, after)
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) + len(new) > _MOST_TOKENS:
        return _whole(before, after)
    blocks = _solid(_matching([_plain(token) for token in old], [_plain(token) for token in new]), new)
    pieces: list[Piece] = []
    at_old = at_new = 0
    for a, b, size in [*blocks, (len(old), len(new), 0)]:
        pieces += _whole("".join(old[at_old:a]), "".join(new[at_new:b]))
        pieces += _whole("", "", "".join(new[b : b + size]))
        at_old, at_new = a + size, b + size
    return tuple(pieces)


def _whole(gone: str, come: str, kept: str = "") -> tuple[Piece, ...]:
    found = ((PieceKind.GONE, gone), (PieceKind.COME, come), (PieceKind.KEPT, kept))
    return tuple(Piece(kind, text) for kind, text in found if text)


def _plain(token: str) -> str:
    if token.isascii():
        return token.lower() if not token.isspace() else " "
    return " " if token.isspace() else unicodedata.normalize("NFKC", token.translate(_SAME)).casefold()


def _matching(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    for block in Indel.opcodes(old, new).as_matching_blocks():
        if block.size:
            yield block.a, block.b, block.size


def _solid(blocks: Iterator[tuple[int, int, int]], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Without the spaces and tiny words that two quite different wordings share by chance."""
    found = [(-1, -1, 1), *blocks]
    solid = []
    for index, (a, b, size) in enumerate(found[1:], start=1):
        text = "".join(new[b : b + size]).strip()
        last = index + 1 == len(found)
        between = not last and all(_changed_between(pair) for pair in pairwise(found[index - 1 : index + 2]))
        if len(text) > _BRIDGE or not between:
            solid.append((a, b, size))
    return solid


def _changed_between(pair: tuple[tuple[int, int, int], tuple[int, int, int]]) -> bool:
    (a, b, size), (next_a, next_b, _) = pair
    return next_a > a + size and next_b > b + size
