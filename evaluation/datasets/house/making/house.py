"""The whole set: writes every file, its text as our reader reads it, and its labels."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from evaluation.datasets.house.making import (
    board_paper,
    budget,
    consumer_terms,
    incident_report,
    lease,
    letter,
    nda,
    privacy_notice,
    security_questionnaire,
    services_agreement,
    statement_of_work,
    supply_agreement,
)
from evaluation.datasets.house.making.labels import Facts, HouseDocument, Label, LabelError, place, stands

from smallprint.documents.reader import DocumentReader

HOME = Path(__file__).resolve().parents[1]


def documents() -> tuple[HouseDocument, ...]:
    """Every document, in the order of the README."""
    return (
        services_agreement.document(),
        nda.document(),
        privacy_notice.document(),
        statement_of_work.document(),
        security_questionnaire.document(),
        budget.document(),
        incident_report.document(),
        board_paper.document(),
        lease.document(),
        consumer_terms.document(),
        *supply_agreement.pair(),
        letter.document(),
    )


async def write(folder: Path, reader: DocumentReader) -> list[str]:
    """Writes the set and returns the documents' ids. Raises LabelError where a label does not fit its document."""
    for name in ("files", "docs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return await asyncio.gather(*(_write(folder, reader, document) for document in documents()))


async def _write(folder: Path, reader: DocumentReader, document: HouseDocument) -> str:
    text = (await reader.read(document.file, document.content)).text
    try:
        record = _record(document, text)
    except LabelError as error:
        raise LabelError(f"{document.id}: {error}") from error
    (folder / "files" / document.file).write_bytes(document.content)
    (folder / record["text_file"]).write_bytes(text.encode())
    written = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    (folder / f"{document.id}.json").write_bytes(written.encode())
    return document.id


def _record(document: HouseDocument, text: str) -> dict[str, Any]:
    expected = [_entry(label, text) for label in document.expected]
    _check(document, expected, text)
    return {
        "id": document.id,
        "title": document.title,
        "doc_type": document.doc_type.value,
        "text_file": f"docs/{document.id}.txt",
        "file": f"files/{document.file}",
        "chars": len(text),
        "sha256": hashlib.sha256(document.content).hexdigest(),
        "source": "house",
        "licence": "Apache-2.0",
        "perspective": document.perspective,
        "label_origin": "written together with the document",
        "level": document.level.value,
        "exhaustive": True,
        "injected": document.injected,
        "twin": document.twin,
        "expected": expected,
        "labelled_absent": sorted(document.labelled_absent),
        "must_not_flag": [_entry(label, text) for label in document.must_not_flag],
        "facts": document.facts,
    }


def _entry(label: Label, text: str) -> dict[str, Any]:
    usual = _usual_risks().get(label.category)
    if usual is None:
        raise LabelError(f"{label.category} is not in categories.yaml")
    spans = [place(text, quote) for quote in label.quotes]
    return {
        "category": label.category,
        "label": label.says,
        "risk": label.risk or usual,
        "polarity": "present" if spans else "absent",
        "spans": spans,
        "quotes": [text[start:end] for start, end in spans],
    }


def _check(document: HouseDocument, expected: Sequence[Mapping[str, Any]], text: str) -> None:
    """The labels agree with each other, and the facts stand in the document."""
    ranks = ["low", "medium", "high", "critical"]
    worst = max((entry["risk"] for entry in expected), key=ranks.index, default="low")
    if worst != document.level:
        raise LabelError(f"its level is {document.level}, but its worst finding {worst}")
    if both := {entry["category"] for entry in expected} & set(document.labelled_absent):
        raise LabelError(f"both found and absent: {', '.join(sorted(both))}")
    if unknown := set(document.labelled_absent) - _usual_risks().keys():
        raise LabelError(f"not in categories.yaml: {', '.join(sorted(unknown))}")
    _check_facts(document.facts, text)


def _check_facts(facts: Facts, text: str) -> None:
    for value in facts.values():
        for stated in (
            [value] if isinstance(value, str) else value.values() if isinstance(value, Mapping) else value
        ):
            if not stands(text, stated):
                raise LabelError(f"no such fact in the text: {stated!r}")


@cache
def _usual_risks() -> Mapping[str, str]:
    usual: dict[str, str] = yaml.safe_load((HOME / "categories.yaml").read_text(encoding="utf-8"))
    return usual
