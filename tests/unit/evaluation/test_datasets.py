"""Labelled documents from a folder."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smallprint.errors import EvaluationError
from smallprint.evaluation.datasets import load_dataset
from smallprint.evaluation.values import ExpectedFinding, HarmlessClause
from tests.fakes.judged import CRITICAL, HIGH, LIABILITY, TEXT

START = TEXT.index(LIABILITY)
SPAN = [START, START + len(LIABILITY)]


def labels(**changes: Any) -> dict[str, Any]:
    clause = {"category": "liability.uncapped", "risk": "high", "spans": [SPAN], "quotes": [LIABILITY]}
    whole = {
        "id": "d1",
        "title": "An agreement",
        "text_file": "docs/d1.txt",
        "source": "house",
        "licence": "ours",
        "expected": [clause],
        "labelled_absent": ["term.auto_renewal"],
    }
    return {**whole, **changes}


def write(folder: Path, *labelled: dict[str, Any], text: str = TEXT) -> Path:
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / "d1.txt").write_bytes(text.encode())
    for number, each in enumerate(labelled):
        (folder / f"{number}.json").write_text(json.dumps(each), "utf-8")
    return folder


def complaint(folder: Path) -> str:
    with pytest.raises(EvaluationError) as refused:
        load_dataset(folder)
    return refused.value.user_message


def test_a_document_comes_with_its_text_and_labels(tmp_path):
    (document,) = load_dataset(write(tmp_path, labels()))
    assert (document.id, document.title, document.text) == ("d1", "An agreement", TEXT)
    assert document.file == (tmp_path / "docs" / "d1.txt").resolve()
    assert document.expected == (
        ExpectedFinding("liability.uncapped", HIGH, absent=False, spans=((SPAN[0], SPAN[1]),), quotes=(LIABILITY,)),
    )  # fmt: skip
    assert document.labelled_absent == {"term.auto_renewal"}
    assert (document.source, document.exhaustive, document.level, document.injected, document.twin) == (
        "house", True, None, False, "",
    )  # fmt: skip


def test_the_file_that_people_share_goes_before_its_text(tmp_path):
    (tmp_path / "d1.pdf").write_bytes(b"%PDF-")
    (document,) = load_dataset(write(tmp_path, labels(file="d1.pdf", level="critical", exhaustive=False)))
    assert document.file.name == "d1.pdf"
    assert (document.level, document.exhaustive) == (CRITICAL, False)


def test_what_is_absent_has_no_place_and_what_is_mere_information_no_risk(tmp_path):
    absent = {
        "category": "nda.no_survival",
        "risk": "medium",
        "polarity": "absent",
        "spans": [],
        "quotes": [],
    }
    neutral = {"category": "a.b", "risk": "info", "spans": [SPAN], "quotes": [LIABILITY]}
    (document,) = load_dataset(write(tmp_path, labels(expected=[absent, neutral])))
    assert [(each.absent, each.risk) for each in document.expected] == [
        (True, document.expected[0].risk),
        (False, None),
    ]


def test_a_clause_that_is_good_must_not_be_flagged_a_neutral_one_may(tmp_path):
    good, neutral = (
        {"category": "a.b", "risk": risk, "spans": [SPAN], "quotes": [LIABILITY]} for risk in ("none", "info")
    )
    (document,) = load_dataset(write(tmp_path, labels(must_not_flag=[good, neutral])))
    span = (SPAN[0], SPAN[1])
    assert document.must_not_flag == (
        HarmlessClause("a.b", True, (span,)),
        HarmlessClause("a.b", False, (span,)),
    )


@pytest.mark.parametrize(
    ("source", "name", "exhaustive"),
    [
        ("CUAD v1 (The Atticus Project); contract from EDGAR", "cuad", True),
        ("ContractNLI dev split: https://example.org/a.pdf", "contractnli", True),
        ("labels: ToS;DR points ; text: somewhere", "tosdr", False),
        ("", "house", True),
        ("our lawyers", "our lawyers", True),
    ],
)
def test_where_labels_come_from_says_whether_they_are_complete(tmp_path, source, name, exhaustive):
    (document,) = load_dataset(write(tmp_path, labels(source=source)))
    assert (document.source, document.exhaustive) == (name, exhaustive)


def test_sentences_of_tosdr_become_our_categories(tmp_path):
    sentence = {**labels()["expected"][0], "category": "tosdr.you_waive_your_moral_rights"}
    (document,) = load_dataset(write(tmp_path, labels(expected=[sentence])))
    assert document.expected[0].category == "ip.moral_rights"


def test_line_ends_stay_as_the_labels_count_them(tmp_path):
    text = TEXT.replace("\n", "\r\n")
    start = text.index(LIABILITY)
    moved = {**labels()["expected"][0], "spans": [[start, start + len(LIABILITY)]]}
    (document,) = load_dataset(write(tmp_path, labels(expected=[moved]), text=text))
    assert document.text == text


def test_documents_come_in_the_order_of_their_files_and_know_their_twin(tmp_path):
    folder = write(tmp_path, labels(), labels(id="d2", injected=True, twin="d1"))
    plain, injected = load_dataset(folder)
    assert (plain.id, injected.id, injected.injected, injected.twin) == ("d1", "d2", True, "d1")


def test_a_folder_without_labels_is_told_apart(tmp_path):
    assert "no labelled documents" in complaint(tmp_path)
    assert "no labelled documents" in complaint(tmp_path / "missing")


def test_a_broken_file_is_named_and_its_words_are_not_repeated(tmp_path):
    write(tmp_path)
    (tmp_path / "broken.json").write_text('{"id": "secret words', "utf-8")
    assert "broken.json" in complaint(tmp_path)
    assert "secret" not in complaint(tmp_path)


def test_a_wrong_label_is_named_by_its_place(tmp_path):
    wrong = {**labels()["expected"][0], "risk": "terrible words"}
    told = complaint(write(tmp_path, labels(expected=[wrong])))
    assert "expected.0.risk" in told
    assert "terrible" not in told


@pytest.mark.parametrize("span", [[0, 4], [SPAN[0], SPAN[1] + 1], [-5, 10], [9, 9], [0, 10**9]])
def test_a_quotation_that_does_not_stand_at_its_place_is_refused(tmp_path, span):
    wrong = {**labels()["expected"][0], "spans": [span]}
    told = complaint(write(tmp_path, labels(expected=[wrong])))
    assert "liability.uncapped" in told
    assert "anew" in told


def test_a_quotation_needs_a_place(tmp_path):
    wrong = {**labels()["expected"][0], "spans": []}
    assert "1 quotations but 0 places" in complaint(write(tmp_path, labels(expected=[wrong])))


@pytest.mark.parametrize("name", ["docs/missing.txt", "../outside.txt", "/etc/hostname", "docs"])
def test_a_text_that_is_missing_or_outside_the_folder_is_refused(tmp_path, name):
    (tmp_path / "outside.txt").write_text("x", "utf-8")
    inside = tmp_path / "set"
    inside.mkdir()
    assert name in complaint(write(inside, labels(text_file=name)))
    assert name in complaint(write(inside, labels(file=name)))


def test_a_text_in_another_encoding_is_refused(tmp_path):
    folder = write(tmp_path, labels())
    (folder / "docs" / "d1.txt").write_bytes(b"\xff\xfe")
    assert "UTF-8" in complaint(folder)


def test_ids_are_unique_and_twins_exist(tmp_path):
    assert "d1" in complaint(write(tmp_path, labels(), labels()))
    assert "gone" in complaint(write(tmp_path, labels(), labels(id="d2", twin="gone")))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*labels()]), inner, max_size=4)
        ),
        max_leaves=8,
    )
)
def test_whatever_stands_in_a_file_it_is_read_or_refused(tmp_path, content):
    write(tmp_path)
    (tmp_path / "any.json").write_text(json.dumps(content), "utf-8")
    with suppress(EvaluationError):
        load_dataset(tmp_path)
