"""How well versions of a document are told from other documents, and how long a comparison takes.

    .venv/bin/python benchmarks/document_changes.py FOLDER…

Reads every document in the folders, compares each with each other (none should look like a version), and each with an
edited copy of itself (all should).
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from statistics import median

from smallprint.documents.changes import VERSION_OF, changes_between, similarity
from smallprint.documents.passages import number_passages
from smallprint.documents.reader import DocumentReader, ReadingLimits
from smallprint.errors import DocumentError
from smallprint.logging import configure_logging
from smallprint.models.domain import Document, Passage

SHARES = (0.05, 0.2, 0.5)
"""Of a document's passages: changed, removed, split, or with a new one before them."""
LEAST_CHARACTERS = 1_500
MANY = 3_000
_WORDS = ("material", "90", "not", "reasonable", "thirty", "Supplier")


def main(folders: Sequence[str]) -> None:
    configure_logging("ERROR")
    documents = asyncio.run(_documents(_files(folders)))
    pairs = sorted((similarity(one, other) for one, other in combinations(documents, 2)), reverse=True)
    print(f"{len(documents)} documents, {len(pairs)} pairs; most similar: {_shares(pairs[:5])}")
    long = [document for document in documents if len(document.text) >= LEAST_CHARACTERS]
    dice = random.Random(7)  # noqa: S311 - must be repeatable
    for share in SHARES:
        alike = sorted(similarity(document, edited(document, share, dice)) for document in long)
        print(f"{share:.0%} edited: least similar {_shares(alike[:3])}, median {median(alike):.2f}")
    print(f"VERSION_OF is {VERSION_OF}")
    _time(documents, dice)


def edited(document: Document, share: float, dice: random.Random) -> Document:
    """A copy with so many of its passages changed in one way or another."""
    blocks = [
        (text, passage.page, passage.section, passage.kind, passage.place)
        for passage in document.passages
        for text in _edited(passage, share, dice)
        if text.strip()
    ]
    text, passages = number_passages(blocks)
    return replace(document, text=text, passages=passages, sha256="")


def _edited(passage: Passage, share: float, dice: random.Random) -> Iterator[str]:
    way, text = dice.random() / share, passage.text
    if way > 1:
        yield text
    elif way > 0.75:
        yield f"A new clause, number {dice.randrange(10_000)}, about delivery within {dice.randrange(90)} days."
        yield text
    elif way > 0.5:
        yield text[: len(text) // 2]
        yield text[len(text) // 2 :]
    elif way > 0.25:
        words = text.split()
        for _ in range(max(1, len(words) // 8)):
            words[dice.randrange(len(words))] = dice.choice(_WORDS)
        yield " ".join(words)


def _time(documents: Sequence[Document], dice: random.Random) -> None:
    every = [passage.text for document in documents for passage in document.passages]
    one, other = (_mixed(every, documents[0], dice) for _ in range(2))
    for what, beside in (("a version", edited(one, 0.2, dice)), ("a stranger", other)):
        started = time.process_time()
        changes_between(one, beside)
        spent = time.process_time() - started
        print(f"{MANY:,} passages, {len(one.text):,} characters, beside {what}: {spent:.2f} s")


def _mixed(every: Sequence[str], like: Document, dice: random.Random) -> Document:
    blocks = [(f"{dice.choice(every)} Item {dice.randrange(10**6)}.",) for _ in range(MANY)]
    text, passages = number_passages(blocks)
    return replace(like, text=text, passages=passages, sha256="")


def _files(folders: Sequence[str]) -> dict[str, bytes]:
    paths = (path for folder in folders for path in Path(folder).rglob("*") if path.is_file())
    return {path.name: path.read_bytes() for path in sorted(paths)}


async def _documents(files: Mapping[str, bytes]) -> list[Document]:
    reader = DocumentReader(ReadingLimits())
    read = []
    for name, content in files.items():
        try:
            read.append(await reader.read(name, content))
        except DocumentError:
            continue
    return [document for document in read if document.text]


def _shares(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in values)


if __name__ == "__main__":
    main(sys.argv[1:] or ["examples"])
