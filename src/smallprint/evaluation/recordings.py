"""A model's answers, written down once and given again: an evaluation without a key, free, and every time the same.

A recording is found by a hash of what was asked, so a changed prompt, model, document or form of the answer misses,
and only its own. The document is not kept; the answer is, and an answer quotes the document.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from smallprint.agents.language_model import LanguageModel
from smallprint.errors import (
    AnswerTruncated,
    ContextExceeded,
    EvaluationError,
    ModelError,
    ModelRefused,
    RecordingMissing,
)
from smallprint.evaluation.runner import repeat_of
from smallprint.models.completion import Completion, CompletionRequest
from smallprint.models.domain import Usage
from smallprint.models.evaluation import RecordingMode

MISSING = (
    "Nothing is recorded in {folder} for {agent} {version} with {model} on {document} (repeat {repeat})."
    " To record it, run the same evaluation with --mode record and a key."
)
BROKEN = (
    "Line {line} of the recordings in {file} can't be read. Please remove the line, or get the file anew."
)
NOT_WRITABLE = "The recordings can't be kept in {folder}: {reason}. Please choose another folder."

_OUTCOMES: Mapping[str, type[ModelError]] = {
    error.code: error for error in (ModelRefused, AnswerTruncated, ContextExceeded)
}
"""What a model can answer instead of an answer; the same question would get it again."""
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


class RecordingKey(NamedTuple):
    request: str
    """sha256 of what was asked."""
    repeat: int


class Recording(BaseModel):
    """A line of a file of recordings."""

    model_config = ConfigDict(frozen=True)

    request: str
    repeat: int
    outcome: str = "ok"
    """Or the code of the error that the model answered with."""
    text: str = ""
    """Quotes the document."""
    model: str = ""
    usage: Usage = Usage()
    cost_nano_usd: int | None = None
    seconds: float = 0
    instead_of: str = ""


class RecordedModel:
    """A language model whose answers come from files, or go there. One file per agent and prompt version."""

    def __init__(
        self,
        folder: Path,
        mode: RecordingMode,
        model: LanguageModel | None = None,
        *,
        sees: bool = True,
        repeat_of: Callable[[str], int] = repeat_of,
    ) -> None:
        """`model` is needed unless `mode` is replay; `sees` is what it did when it was recorded.

        `repeat_of` says which repeat an analysis id belongs to, so that repeats keep different answers.
        """
        self._recordings = _Recordings(folder)
        self._mode = mode
        self._model = model
        self._sees = sees
        self._repeat_of = repeat_of

    @property
    def sees(self) -> bool:
        return self._sees if self._model is None else self._model.sees

    async def complete(self, request: CompletionRequest) -> Completion:
        """The recorded answer, or the model's.

        Raises:
            RecordingMissing: in replay, when nothing was recorded for exactly this question.
            EvaluationError: a file of recordings can't be read or written.
            ModelError: the model's, now or when it was recorded.
        """
        if self._mode is RecordingMode.LIVE:
            return await self._ask(request)
        key = RecordingKey(request_hash(request), self._repeat_of(request.analysis_id))
        recorded = await self._recordings.get(request, key)
        if recorded is not None:
            return _replayed(recorded)
        if self._mode is RecordingMode.REPLAY:
            raise RecordingMissing(_missing(self._recordings.folder, request, key))
        return await self._recorded(request, key)

    async def _recorded(self, request: CompletionRequest, key: RecordingKey) -> Completion:
        try:
            answer = await self._ask(request)
        except ModelError as error:
            if error.code in _OUTCOMES:
                await self._recordings.add(request, Recording(**key._asdict(), outcome=error.code))
            raise
        await self._recordings.add(request, _recording(key, answer))
        return answer

    async def _ask(self, request: CompletionRequest) -> Completion:
        if self._model is None:
            raise RecordingMissing
        return await self._model.complete(request)


def request_hash(request: CompletionRequest) -> str:
    """sha256 of everything that decides an answer; who asked, when and why is left out.

    The day that a prompt names is left out as well, or no recording would outlive the day it was made on.
    """
    asked = {
        "agent": request.agent,
        "model": request.model,
        "effort": request.effort,
        "max_tokens": request.max_tokens,
        "system": request.system,
        "task": _DAY.sub("DAY", request.task),
        "document_name": request.document_name,
        "document_text": request.document_text,
        "output_schema": request.output_schema,
        "attachment": request.attachment,
        "faulty_answer": request.faulty_answer,
        "fault": request.fault,
        "pictures": [
            [picture.media_type, picture.page, hashlib.sha256(picture.content).hexdigest()]
            for picture in request.pictures
        ],
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


class _Recordings:
    """Files of one recording a line, only ever added to; each is read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[Path, dict[RecordingKey, Recording]] = {}
        self._turn = asyncio.Lock()

    async def get(self, request: CompletionRequest, key: RecordingKey) -> Recording | None:
        async with self._turn:
            return (await self._of(self._file(request))).get(key)

    async def add(self, request: CompletionRequest, recording: Recording) -> None:
        file = self._file(request)
        async with self._turn:
            known = await self._of(file)
            await asyncio.to_thread(_append, file, recording)
            known[RecordingKey(recording.request, recording.repeat)] = recording

    async def _of(self, file: Path) -> dict[RecordingKey, Recording]:
        if file not in self._known:
            self._known[file] = await asyncio.to_thread(_load, file)
        return self._known[file]

    def _file(self, request: CompletionRequest) -> Path:
        version = 0 if request.prompt_version is None else request.prompt_version
        return self.folder / f"{request.agent}-{version:04}.jsonl"


def _load(file: Path) -> dict[RecordingKey, Recording]:
    known: dict[RecordingKey, Recording] = {}
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                recording = Recording.model_validate_json(line)
            except ValidationError:
                # Not chained: pydantic's message repeats what the line says.
                raise EvaluationError(BROKEN.format(line=number, file=file)) from None
            known[RecordingKey(recording.request, recording.repeat)] = recording
    return known


def _append(file: Path, recording: Recording) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8", newline="\n") as lines:
            lines.write(recording.model_dump_json() + "\n")
    except OSError as error:
        raise EvaluationError(NOT_WRITABLE.format(folder=file.parent, reason=error.strerror)) from error


def _recording(key: RecordingKey, answer: Completion) -> Recording:
    return Recording(
        **key._asdict(),
        text=answer.text,
        model=answer.model,
        usage=answer.usage,
        cost_nano_usd=answer.cost_nano_usd,
        seconds=answer.seconds,
        instead_of=answer.instead_of,
    )


def _replayed(recording: Recording) -> Completion:
    """What it cost and took then is reported again: that is what the evaluated versions cost."""
    if recording.outcome in _OUTCOMES:
        raise _OUTCOMES[recording.outcome]
    return Completion(
        recording.text,
        recording.model,
        recording.usage,
        recording.cost_nano_usd,
        recording.seconds,
        replayed=True,
        instead_of=recording.instead_of,
    )


def _missing(folder: Path, request: CompletionRequest, key: RecordingKey) -> str:
    version = "without a prompt version" if request.prompt_version is None else f"v{request.prompt_version}"
    return MISSING.format(
        folder=folder,
        agent=request.agent,
        version=version,
        model=request.model,
        document=request.document_name,
        repeat=key.repeat + 1,
    )
