"""Analyses the documents of a data set, each as often as wanted, and keeps going whatever happens to one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from smallprint.errors import EvaluationError, SmallprintError
from smallprint.evaluation.values import DocumentRun, LabelledDocument
from smallprint.models.domain import AnalysisRequest, Brief, Document, Report, Step

UNREADABLE_FILE = "unreadable_file"
TRIGGER = "eval"

log = structlog.get_logger()

Done = Callable[[DocumentRun], None]


class Reader(Protocol):
    """Bytes to Document (documents/reader.py)."""

    async def read(self, name: str, content: bytes) -> Document: ...


class Analyser(Protocol):
    """Document to Report (agents/orchestrator.py)."""

    async def run(
        self,
        document: Document,
        request: AnalysisRequest,
        progress: Callable[[Step], Awaitable[None]],
        *,
        last_try: bool,
    ) -> Report: ...


async def evaluate(
    documents: Sequence[LabelledDocument],
    reader: Reader,
    analyser: Analyser,
    *,
    repeats: int = 1,
    at_once: int = 4,
    brief: Brief,
    progress: Done,
) -> tuple[DocumentRun, ...]:
    """One run per document and repeat, in this order; `progress` hears of each as soon as it is done.

    The ids of the analyses say document and repeat and nothing else, so the same evaluation made twice asks the same
    questions and a recording answers them. The analyser must therefore keep its analyses apart from every other
    evaluation's (a database of its own), or it would return what it made before.

    Raises:
        EvaluationError: the evaluation itself can't go on (a recording is missing); a document's trouble is in its run.
    """
    turns = asyncio.Semaphore(at_once)
    evaluated = [_Evaluated(document, reader, analyser, turns, brief, progress) for document in documents]
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each.run(repeat)) for each in evaluated for repeat in range(repeats)]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return tuple(task.result() for task in tasks)


def analysis_id(document_id: str, repeat: int) -> str:
    return f"{TRIGGER}:{document_id}:{repeat}"


def repeat_of(analysis: str) -> int:
    """The repeat that an id of `analysis_id` is for; 0 for every other id."""
    trigger, _, rest = analysis.partition(":")
    repeat = rest.rpartition(":")[2]
    return int(repeat) if trigger == TRIGGER and repeat.isascii() and repeat.isdecimal() else 0


@dataclass(slots=True)
class _Evaluated:
    """One document; its file is read once, by whichever repeat comes first."""

    document: LabelledDocument
    reader: Reader
    analyser: Analyser
    turns: asyncio.Semaphore
    brief: Brief
    progress: Done
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _read: Document | None = None

    async def run(self, repeat: int) -> DocumentRun:
        async with self.turns:
            try:
                run = DocumentRun(self.document.id, repeat, await self._analyse(repeat))
            except EvaluationError:
                raise
            except SmallprintError as error:
                run = DocumentRun(self.document.id, repeat, None, error.code)
            except OSError:
                run = DocumentRun(self.document.id, repeat, None, UNREADABLE_FILE)
            except Exception as bug:  # noqa: BLE001 - hours of paid answers must not be lost to one document
                # Only its kind: the text of an error may repeat the document.
                log.error("evaluating a document failed", document=self.document.id, error=type(bug).__name__)  # noqa: TRY400
                run = DocumentRun(self.document.id, repeat, None, SmallprintError.code)
        self.progress(run)
        return run

    async def _analyse(self, repeat: int) -> Report:
        document = await self._document()
        request = AnalysisRequest(analysis_id(self.document.id, repeat), trigger=TRIGGER, brief=self.brief)
        return await self.analyser.run(document, request, _say_nothing, last_try=True)

    async def _document(self) -> Document:
        async with self._reading:
            if self._read is None:
                content = await asyncio.to_thread(self.document.file.read_bytes)
                self._read = await self.reader.read(self.document.file.name, content)
            return self._read


async def _say_nothing(_step: Step) -> None:
    """Nobody watches the steps of one document here."""
