"""`python -m evaluation.datasets.house.making [folder]` writes the set, by default where it stands."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from evaluation.datasets.house.making.house import HOME, write

from smallprint.documents.reader import DocumentReader

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if sys.argv[1:] else HOME
    for name in asyncio.run(write(folder, DocumentReader())):
        print(f"wrote {name}")  # noqa: T201 - what a command says
