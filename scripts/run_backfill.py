"""Analyse every document in a folder that was not analysed before, and print one line each.

`python scripts/run_backfill.py FOLDER [--offline] [--at-once 4]`. A document is known by its bytes, so the script may be
stopped and run again: what is done is not paid for twice.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from smallprint.bootstrap.product import Product, assemble
from smallprint.config import load_settings
from smallprint.errors import SmallprintError
from smallprint.logging import configure_logging
from smallprint.models.domain import AnalysisRequest, Step


async def ignore(_: Step) -> None:
    """Nobody watches."""


def documents_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


async def backfill(folder: Path, *, offline: bool, at_once: int) -> int:
    """The number of documents that failed."""
    turns = asyncio.Semaphore(at_once)
    files = await asyncio.to_thread(documents_in, folder)
    async with assemble(load_settings(), offline=offline) as product:

        async def one(path: Path) -> bool:
            async with turns:
                return await analyse(product, path, path.relative_to(folder))

        return (await asyncio.gather(*map(one, files))).count(False)


async def analyse(product: Product, path: Path, shown: Path) -> bool:
    try:
        document = await product.reader.read(path.name, await asyncio.to_thread(path.read_bytes))
        request = AnalysisRequest(f"backfill-{document.sha256[:32]}", trigger="backfill")
        report = await product.orchestrator.run(document, request, ignore)
    except SmallprintError as error:
        print(f"{shown}: {error.user_message}")
        return False
    print(f"{shown}: {report.risk_level.value}, {len(report.findings)} findings")
    return True


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path)
    options.add_argument("--offline", action="store_true", help="use the rules that need no key")
    options.add_argument("--at-once", type=int, default=4)
    chosen = options.parse_args()
    if not chosen.folder.is_dir():
        options.error(f"{chosen.folder} is not a folder")
    configure_logging("ERROR")
    failed = asyncio.run(backfill(chosen.folder, offline=chosen.offline, at_once=chosen.at_once))
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SmallprintError as error:
        sys.exit(f"run_backfill: {error.user_message}")
