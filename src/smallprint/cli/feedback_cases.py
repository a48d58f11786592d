"""`smallprint eval from-feedback`: what people accepted and dismissed becomes a data set."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from smallprint.cli.running import DONE, FAILED, complain, with_product
from smallprint.config import Settings
from smallprint.errors import DatabaseError, EvaluationError, SmallprintError
from smallprint.evaluation.feedback_cases import DecidedDocument, DecidedReport, by_document, case_of
from smallprint.models.domain import Decision, Report
from smallprint.services.database.feedback import FeedbackStore

if TYPE_CHECKING:
    from smallprint.bootstrap.product import Product

FILES, DOCS = "files", "docs"

NOTHING = "Nobody has accepted or dismissed a finding yet, or the reports are not kept any more."
WRITTEN = "{id}  {name}: {accepted} accepted, {dismissed} dismissed{placeless}"
PLACELESS = "; {count} left out, whose words are not in the text"
MISSING = (
    "{count} documents are not here. Smallprint keeps no documents: put these files into {folder} under any name,"
    " and run this again. They are known by their SHA-256."
)
LACKS = "{sha256}  {name}: {accepted} accepted, {dismissed} dismissed"
GONE = "{count} reports with decisions are not kept any more."
NOT_A_FOLDER = "{folder} can't be written to ({reason}). Please name another folder."


async def from_feedback(settings: Settings, folder: Path) -> int:
    """The status of the command. Raises EvaluationError where the folder can't be written to."""

    async def work(product: Product) -> int:
        decided, gone = await _decided(product)
        if gone:
            complain(GONE.format(count=gone))
        if not decided:
            typer.echo(NOTHING)
            return DONE
        return await _write_all(product, decided, folder)

    return await with_product(settings, work, offline=True)


async def _decided(product: Product) -> tuple[Sequence[DecidedDocument], int]:
    """The documents, and of how many reports nothing is left."""
    store = FeedbackStore(product.database)
    found: list[DecidedReport] = []
    gone = 0
    for analysis_id in await store.decided():
        report = await _report(product, analysis_id)
        if report is None:
            gone += 1
        else:
            found.append(DecidedReport(report, await store.decisions(analysis_id)))
    return by_document(found), gone


async def _report(product: Product, analysis_id: str) -> Report | None:
    try:
        return await product.analyses.report(analysis_id)
    except DatabaseError:  # another release wrote it
        return None


async def _write_all(product: Product, decided: Sequence[DecidedDocument], folder: Path) -> int:
    _make(folder)
    files = await asyncio.to_thread(_by_checksum, folder / FILES)
    missing = [each for each in decided if each.sha256 not in files]
    failed = False
    for each in decided:
        if each.sha256 in files:
            failed = not await _write(product, each, files[each.sha256], folder) or failed
    if missing:
        typer.echo(MISSING.format(count=len(missing), folder=folder / FILES))
        for each in missing:
            typer.echo(LACKS.format(sha256=each.sha256, name=each.name, **_counts(each)))
    return FAILED if missing or failed else DONE


async def _write(product: Product, decided: DecidedDocument, file: Path, folder: Path) -> bool:
    """False when the file can't be read as a document."""
    try:
        document = await product.reader.read(file.name, await asyncio.to_thread(file.read_bytes))
    except SmallprintError as error:
        complain(f"{file.name}: {error.user_message}")
        return False
    case = case_of(decided, document, f"{FILES}/{file.name}")
    (folder / DOCS / f"{case.id}.txt").write_bytes(case.text.encode())
    (folder / f"{case.id}.json").write_text(case.labels, encoding="utf-8")
    placeless = PLACELESS.format(count=case.placeless) if case.placeless else ""
    typer.echo(WRITTEN.format(id=case.id, name=decided.name, placeless=placeless, **_counts(decided)))
    return True


def _counts(decided: DecidedDocument) -> Mapping[str, int]:
    return {each.value: decided.count(each) for each in (Decision.ACCEPTED, Decision.DISMISSED)}


def _make(folder: Path) -> None:
    try:
        for each in (folder / FILES, folder / DOCS):
            each.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvaluationError(NOT_A_FOLDER.format(folder=folder, reason=error.strerror)) from error


def _by_checksum(folder: Path) -> Mapping[str, Path]:
    files = (path for path in sorted(folder.iterdir()) if path.is_file())
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in files}
