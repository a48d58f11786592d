"""What an evaluation talks about: labelled documents, and what came of running them. Frozen, plain, without I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from smallprint.models.domain import Report, RiskLevel

Span = tuple[int, int]
"""Offsets of `LabelledDocument.text`, end exclusive."""


@dataclass(frozen=True, slots=True)
class ExpectedFinding:
    """Something that people found in a document, or found missing from it."""

    category: str
    risk: RiskLevel | None
    """None where the label says "info": present, but no risk."""
    absent: bool
    """True: a protection that the document lacks; there are no spans then."""
    spans: tuple[Span, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HarmlessClause:
    """A clause that people rated as good or neutral."""

    category: str
    flagging_is_wrong: bool
    """False where it is merely neutral."""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """One document of a data set."""

    id: str
    title: str
    file: Path
    """What is given to the reader: the file as people share it, or the text."""
    text: str = field(repr=False)
    """What the labels' offsets refer to."""
    expected: tuple[ExpectedFinding, ...]
    labelled_absent: frozenset[str]
    """Categories that people looked for and did not find: only these, and those expected, may count as false alarms."""
    must_not_flag: tuple[HarmlessClause, ...]
    exhaustive: bool
    """False: the labels are not complete, so precision is not measured."""
    source: str
    """"house", "cuad", …: what the labels come from."""
    level: RiskLevel | None = None
    """What the document as a whole should come to; None where nobody says."""
    injected: bool = False
    """It holds text that tries to steer an AI."""
    twin: str = ""
    """Id of the same document without the injected text, to see whether its level falls."""


@dataclass(frozen=True, slots=True)
class DocumentRun:
    """One document, analysed once."""

    document_id: str
    repeat: int
    """0-based."""
    report: Report | None
    error: str = ""
    """Code of the error when there is no report."""
