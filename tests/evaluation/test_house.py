"""The house data set is what its labels say, and is made again byte for byte."""

from __future__ import annotations

import asyncio
import hashlib
import json
import runpy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from evaluation.datasets.house.making import supply_agreement
from evaluation.datasets.house.making.house import HOME, documents, write
from evaluation.datasets.house.making.labels import LabelError, place, risk

from smallprint.agents.clauses import ClauseAnalyst
from smallprint.agents.screen import screen
from smallprint.documents.reader import DocumentReader
from smallprint.evaluation.datasets import load_dataset
from smallprint.models.domain import Document, DocumentType, RiskLevel

SHARED = Path(__file__).parents[3] / "shared" / "evaldata"
LABELS: list[dict[str, Any]] = [
    json.loads(path.read_text(encoding="utf-8")) for path in sorted(HOME.glob("*.json"))
]
USUAL: dict[str, str] = yaml.safe_load((HOME / "categories.yaml").read_text(encoding="utf-8"))

each_document = pytest.mark.parametrize("label", LABELS, ids=[label["id"] for label in LABELS])


def text_of(label: Mapping[str, Any]) -> str:
    text_file: str = label["text_file"]
    return (HOME / text_file).read_bytes().decode()


class KeepingReader(DocumentReader):
    """Our own reader, which also keeps what it has read."""

    def __init__(self) -> None:
        super().__init__(children=2)
        self.documents: dict[str, Document] = {}

    async def read(self, name: str, content: bytes) -> Document:
        self.documents[name] = await super().read(name, content)
        return self.documents[name]


@dataclass(frozen=True)
class MadeAgain:
    folder: Path
    documents: Mapping[str, Document]
    """By the name of the file."""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> MadeAgain:
    """The whole set, written once more; every file is read for it, so it is done once."""
    reader, folder = KeepingReader(), tmp_path_factory.mktemp("house")
    asyncio.run(write(folder, reader))
    return MadeAgain(folder, reader.documents)


def test_twelve_documents_and_one_twin_are_there():
    assert len(LABELS) == 13
    assert {label["id"] for label in LABELS} == {document.id for document in documents()}
    assert len({label["id"] for label in LABELS}) == len({label["file"] for label in LABELS}) == 13


@each_document
def test_every_quotation_stands_where_its_label_says(label):
    text = text_of(label)
    assert label["chars"] == len(text)
    for entry in [*label["expected"], *label["must_not_flag"]]:
        assert [text[start:end] for start, end in entry["spans"]] == entry["quotes"]
        assert all(entry["quotes"])
        assert bool(entry["quotes"]) is (entry["polarity"] == "present")


@each_document
def test_labels_speak_of_known_categories_and_levels(label):
    entries = [*label["expected"], *label["must_not_flag"]]
    assert {*(entry["category"] for entry in entries), *label["labelled_absent"]} <= USUAL.keys()
    assert {entry["risk"] for entry in label["expected"]} <= set(RiskLevel)
    assert {entry["risk"] for entry in label["must_not_flag"]} <= {"none", "info"}
    assert label["doc_type"] in set(DocumentType)


@each_document
def test_the_level_is_that_of_the_worst_finding(label):
    worst = max((RiskLevel(entry["risk"]).rank for entry in label["expected"]), default=0)
    assert RiskLevel(label["level"]).rank == worst


@each_document
def test_nothing_is_both_found_and_absent(label):
    assert not {entry["category"] for entry in label["expected"]} & set(label["labelled_absent"])


def test_made_again_the_set_is_the_same_byte_for_byte(made):
    written = sorted(path.relative_to(made.folder) for path in made.folder.rglob("*") if path.is_file())
    kept = [*HOME.glob("*.json"), *HOME.glob("docs/*"), *HOME.glob("files/*")]
    assert written == sorted(path.relative_to(HOME) for path in kept)
    for name in written:
        assert (made.folder / name).read_bytes() == (HOME / name).read_bytes(), name


@each_document
def test_the_reader_reads_each_file_as_its_text_says(made, label):
    content = (HOME / label["file"]).read_bytes()
    document = made.documents[Path(label["file"]).name]
    assert document.sha256 == label["sha256"] == hashlib.sha256(content).hexdigest()
    assert document.text == text_of(label)


@each_document
def test_no_clause_is_both_a_risk_and_harmless(label):
    risks = [span for entry in label["expected"] for span in entry["spans"]]
    harmless = [span for entry in label["must_not_flag"] for span in entry["spans"]]
    assert not [(one, two) for one in risks for two in harmless if max(one[0], two[0]) < min(one[1], two[1])]


def test_the_evaluation_loads_the_set():
    loaded = {document.id: document for document in load_dataset(HOME)}
    assert loaded.keys() == {label["id"] for label in LABELS}
    assert all(document.exhaustive for document in loaded.values())
    assert loaded["house-supply-agreement-steered"].twin in loaded


def test_the_twins_differ_only_by_the_planted_text():
    steered, plain = (
        next(label for label in LABELS if label["id"] == each.id) for each in supply_agreement.pair()
    )
    assert (steered["injected"], steered["twin"], plain["injected"]) == (True, plain["id"], False)
    paragraphs = text_of(steered).split("\n\n")
    planted = [paragraph for paragraph in paragraphs if paragraph not in text_of(plain).split("\n\n")]
    assert len(planted) == 3
    assert [paragraph for paragraph in paragraphs if paragraph not in planted] == text_of(plain).split("\n\n")
    to_ai = next(entry for entry in steered["expected"] if entry["category"] == "document.addresses_ai")
    assert all(any(quote in paragraph for paragraph in planted) for quote in to_ai["quotes"])
    assert steered["level"] == plain["level"] == "critical"
    assert [entry["category"] for entry in plain["expected"]] == [
        entry["category"]
        for entry in steered["expected"]
        if entry["category"] not in {"document.addresses_ai", "document.hidden_text"}
    ]


def test_every_document_is_described_in_the_readme():
    readme = (HOME / "README.md").read_text(encoding="utf-8")
    for label in LABELS:
        assert f"`{Path(label['file']).name}`" in readme
        assert f"`{label['id']}`" in readme


def test_the_letter_is_harmless():
    letter = next(label for label in LABELS if label["id"] == "house-letter")
    assert (letter["expected"], letter["level"]) == ([], "low")
    assert letter["must_not_flag"]


def test_the_offline_rules_find_some_of_the_risks(made):
    rules, expected, found = ClauseAnalyst(), 0, 0
    for label in LABELS:
        document = made.documents[Path(label["file"]).name]
        flagged = {each.category for each in (*rules.read(document).findings, *screen(document))}
        expected += len(label["expected"])
        found += sum(entry["category"] in flagged for entry in label["expected"])
    assert found / expected > 0.2


def test_a_quotation_that_stands_twice_or_nowhere_stops_the_maker():
    assert place("A fee of\n£5 is due. A fine is not.", "A fee of £5 … due.") == (0, 19)
    with pytest.raises(LabelError, match="0 times"):
        place("A fee is due.", "A fine is due.")
    with pytest.raises(LabelError, match="2 times"):
        place("A fee. A fee.", "A fee.")
    with pytest.raises(LabelError, match="without a quotation"):
        risk("liability.cap", "Nothing is quoted")


@pytest.mark.corpus
def test_usual_risks_agree_with_the_mapping_of_the_public_data_sets():
    mapping = SHARED / "mapping_reference.py"
    if not mapping.exists():
        pytest.skip("the public data sets are not here")
    known = runpy.run_path(str(mapping))
    ours = {entry["id"]: entry["risk"] for entry in known["CUAD"].values()}
    ours |= {category: level for answers in known["CNLI"].values() for category, level in answers.values()}
    assert {category: USUAL[category] for category in ours} == ours
