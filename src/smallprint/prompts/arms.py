"""Which version one analysis gets: the channel's pin, else the canary for its share of the documents, else live. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from smallprint.models.domain import Choices, Prompt

BUCKETS = 100


def preferred(choices: Choices, document_sha256: str) -> Iterator[Prompt]:
    """The one that applies first; the next ones are for when it can't be used."""
    if choices.pin:
        yield choices.pin
    elif choices.canary and _is_tried_on(document_sha256, choices.canary, choices):
        yield choices.canary
    if choices.live:
        yield choices.live


def bucket(document_sha256: str) -> int:
    """0 to 99, the same for a document each time and for every agent: analyst and reviewer go together."""
    return int(hashlib.sha256(f"canary:{document_sha256}".encode()).hexdigest(), 16) % BUCKETS


def _is_tried_on(document_sha256: str, canary: Prompt, choices: Choices) -> bool:
    """Nothing is tried where there is no document, or where the same version went live by another way."""
    is_other = choices.live is None or choices.live.version != canary.version
    return is_other and bool(document_sha256) and bucket(document_sha256) < choices.percent
