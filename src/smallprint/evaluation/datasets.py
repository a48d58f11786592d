"""Labelled documents from a folder: one JSON file each, in the form of our own set, evaluation/datasets/house.

Third-party sets (CUAD, ContractNLI, ToS;DR) are read from wherever the owner keeps them; none is part of Smallprint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from smallprint.errors import EvaluationError
from smallprint.evaluation.categories import our_name
from smallprint.evaluation.values import ExpectedFinding, HarmlessClause, LabelledDocument, Span
from smallprint.models.domain import RiskLevel

NO_LABELS = (
    "There are no labelled documents in {folder}. Please name a folder with one JSON file per document."
)
NOT_LABELS = "The labels in {file} can't be read: {reason}. Please correct the file."
NO_TEXT = "The labels in {file} belong to {text}, which is missing, not UTF-8 or outside the folder. Please put it beside them."
NOT_AT_SPAN = "The labels in {file} quote words for {category} that don't stand at {start}–{end} of the text. Please label that text anew."
QUOTE_WITHOUT_SPAN = "The labels in {file} give {category} {quotes} quotations but {spans} places; each needs its own. Please correct the file."
TWICE = "Several labelled documents have the id {id}. Please give each its own."
NO_TWIN = "{id} names {twin} as the same document without injected text, but there is none of that id. Please correct it."


def load_dataset(folder: Path) -> tuple[LabelledDocument, ...]:
    """The labelled documents of a folder, by the names of their files.

    Raises:
        EvaluationError: the folder holds no labels, or labels that can't be right; its sentence says which and why.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise EvaluationError(NO_LABELS.format(folder=folder))
    documents = tuple(_load(file) for file in files)
    _require_sound_ids(documents)
    return documents


class _Clause(BaseModel):
    model_config = ConfigDict(frozen=True)

    category: str = Field(min_length=1)
    risk: RiskLevel | Literal["info", "none"]
    polarity: Literal["present", "absent"] = "present"
    spans: tuple[Span, ...] = ()
    quotes: tuple[str, ...] = ()

    @property
    def level(self) -> RiskLevel | None:
        return self.risk if isinstance(self.risk, RiskLevel) else None


class _Labels(BaseModel):
    """A file of labels. What else stands in it (licence, facts, sha256, …) is for people."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(min_length=1)
    title: str = ""
    text_file: str
    file: str | None = None
    source: str = ""
    expected: tuple[_Clause, ...] = ()
    labelled_absent: frozenset[str] = frozenset()
    must_not_flag: tuple[_Clause, ...] = ()
    exhaustive: bool | None = None
    level: RiskLevel | None = None
    injected: bool = False
    twin: str = ""


def _load(path: Path) -> LabelledDocument:
    labels = _read_labels(path)
    text = _read_text(path, labels.text_file)
    for clause in (*labels.expected, *labels.must_not_flag):
        _require_quotes(path, clause, text)
    source = _source(labels.source)
    return LabelledDocument(
        id=labels.id,
        title=labels.title or labels.id,
        file=_beside(path, labels.file or labels.text_file),
        text=text,
        expected=tuple(map(_expected, labels.expected)),
        labelled_absent=frozenset(map(our_name, labels.labelled_absent)),
        must_not_flag=tuple(map(_harmless, labels.must_not_flag)),
        exhaustive=source not in _INCOMPLETE if labels.exhaustive is None else labels.exhaustive,
        source=source,
        level=labels.level,
        injected=labels.injected,
        twin=labels.twin,
    )


def _read_labels(path: Path) -> _Labels:
    try:
        return _Labels.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise EvaluationError(NOT_LABELS.format(file=path.name, reason=_first_fault(error))) from error
    except OSError as error:
        raise EvaluationError(NOT_LABELS.format(file=path.name, reason="it can't be opened")) from error


def _first_fault(error: ValidationError) -> str:
    """Where and what, without the value: labels hold words of documents."""
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, fault["loc"]))
    return f"{place}: {fault['msg']}" if place else fault["msg"]


def _read_text(labels: Path, name: str) -> str:
    path = _beside(labels, name)
    try:
        # As bytes: line ends must stay as they are, the labels count them.
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(NO_TEXT.format(file=labels.name, text=name)) from error


def _beside(labels: Path, name: str) -> Path:
    folder = labels.parent.resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise EvaluationError(NO_TEXT.format(file=labels.name, text=name))
    return path


def _require_quotes(path: Path, clause: _Clause, text: str) -> None:
    if len(clause.quotes) != len(clause.spans):
        counts = {"quotes": len(clause.quotes), "spans": len(clause.spans)}
        raise EvaluationError(QUOTE_WITHOUT_SPAN.format(file=path.name, category=clause.category, **counts))
    for (start, end), quote in zip(clause.spans, clause.quotes, strict=True):
        if not 0 <= start < end <= len(text) or text[start:end] != quote:
            raise EvaluationError(
                NOT_AT_SPAN.format(file=path.name, category=clause.category, start=start, end=end)
            )


def _expected(clause: _Clause) -> ExpectedFinding:
    return ExpectedFinding(
        category=our_name(clause.category),
        risk=clause.level,
        absent=clause.polarity == "absent",
        spans=clause.spans,
        quotes=clause.quotes,
    )


def _harmless(clause: _Clause) -> HarmlessClause:
    return HarmlessClause(our_name(clause.category), clause.risk == "none", clause.spans)


_SOURCES = {"cuad": "cuad", "contractnli": "contractnli", "tos;dr": "tosdr"}
_INCOMPLETE = frozenset({"tosdr"})
"""Labelled by volunteers, clause by clause as they saw one."""


def _source(named: str) -> str:
    """A short name for the sets we know, whose labels name them in a sentence."""
    known = (short for name, short in _SOURCES.items() if name in named.casefold())
    return next(known, named or "house")


def _require_sound_ids(documents: Sequence[LabelledDocument]) -> None:
    counted = Counter(document.id for document in documents)
    for document in documents:
        if counted[document.id] > 1:
            raise EvaluationError(TWICE.format(id=document.id))
        if document.twin and document.twin not in counted:
            raise EvaluationError(NO_TWIN.format(id=document.id, twin=document.twin))
