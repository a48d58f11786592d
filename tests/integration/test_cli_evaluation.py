"""`smallprint eval` as a person uses it: real processes, a data set in a folder, runs that are kept and compared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fakes.labelled import LIABILITY, labelled, write_labels
from tests.integration.program import run

DOCUMENTS = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set, and three runs of it that are kept, with what they said: offline, perfect and sloppy."""
    folder = tmp_path_factory.mktemp("evaluated")
    dataset = folder / "labels"
    dataset.mkdir()
    for number in range(DOCUMENTS):
        write_labels(labelled(dataset, f"agreement-{number}"))
    for options in (("--offline",), ("--scripted", "sloppy"), ("--scripted", "perfect", "--repeats", "2")):
        done = run(folder, "eval", "run", *options, "labels")
        assert (done.returncode, done.stderr) == (0, "")
        (folder / f"{options[-1]}.txt").write_text(done.stdout, encoding="utf-8")
    return folder


def test_a_run_prints_its_figures_and_the_id_it_is_kept_under(folder: Path) -> None:
    said = (folder / "2.txt").read_text(encoding="utf-8")
    assert "6 documents, 12 runs" in said
    assert re.search(r"Recall +100\.0%", said)
    (kept,) = re.findall(r"Kept as ([0-9a-f]+)\.", said)
    listed = run(folder, "eval", "list").stdout
    assert re.search(rf"{kept} .* scripted-perfect  recall 100\.0%, precision 100\.0%", listed)
    assert "scripted-sloppy" in listed
    assert "offline-rules" in listed
    assert re.search(r"document_analysis=\d+, findings_review=\d+", listed)


def test_a_run_that_is_not_to_be_kept_is_not(folder: Path) -> None:
    assert "Not kept." in run(folder, "eval", "run", "--offline", "--no-save", "labels").stdout
    assert run(folder, "eval", "list").stdout.count("offline-rules") == 1


def test_sloppy_is_worse_than_perfect_and_the_verdict_is_kept(folder: Path) -> None:
    done = run(folder, "eval", "compare", "scripted-perfect", "scripted-sloppy")
    assert done.returncode == 1
    assert ": worse." in done.stdout
    assert "says nothing about a prompt" in done.stdout
    assert "New misses" in done.stdout
    assert "  worse (" in run(folder, "eval", "list").stdout


def test_a_run_is_not_worse_than_itself(folder: Path) -> None:
    done = run(folder, "eval", "compare", "scripted-perfect", "scripted-perfect")
    assert (done.returncode, ": not worse." in done.stdout) == (0, True)


def test_a_report_goes_to_the_terminal_to_a_page_or_to_a_text(folder: Path) -> None:
    assert "payment.price_increase" in run(folder, "eval", "report", "scripted-perfect").stdout
    run(folder, "eval", "report", "scripted-perfect", "--html", "out/report.html")
    run(folder, "eval", "report", "scripted-perfect", "--markdown", "out/report.md")
    assert (folder / "out/report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (folder / "out/report.md").read_text(encoding="utf-8").startswith("# labels, scripted-perfect")


def test_labels_that_changed_are_not_compared_with_what_was_measured_before(tmp_path: Path) -> None:
    dataset = tmp_path / "labels"
    dataset.mkdir()
    write_labels(labelled(dataset))
    for options in (("--scripted", "perfect"), ("--scripted", "sloppy")):
        run(tmp_path, "eval", "run", *options, "labels")
    labels = dataset / "services.json"
    labels.write_text(labels.read_text(encoding="utf-8").replace('"high"', '"critical"'), encoding="utf-8")
    done = run(tmp_path, "eval", "compare", "scripted-perfect", "scripted-sloppy")
    assert done.returncode == 2
    assert "have changed since" in done.stderr


def test_a_document_that_cannot_be_read_is_named_and_the_others_are_scored(tmp_path: Path) -> None:
    dataset = tmp_path / "labels"
    dataset.mkdir()
    write_labels(labelled(dataset, "good"))
    broken = labelled(dataset, "broken")
    write_labels(broken)
    labels = dataset / "broken.json"
    (dataset / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    text = labels.read_text(encoding="utf-8").replace('"text_file"', '"file": "broken.pdf", "text_file"')
    labels.write_text(text, encoding="utf-8")
    done = run(tmp_path, "eval", "run", "--offline", "labels")
    assert done.returncode == 1
    assert "broken (repeat 1) has no report:" in done.stderr
    assert "2 documents, 2 runs" in done.stdout
    assert LIABILITY not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "--offline", "nowhere"), "no labelled documents in nowhere"),
        (("run", "--offline", "--mode", "replay", "labels"), "each says who answers"),
        (("run", "--offline", "--prompt", "document_analysis=2", "labels"), "mean nothing"),
        (("run", "--scripted", "careful", "labels"), "perfect, sloppy, hostile"),
        (("run", "--scripted", "perfect", "--prompt", "analyst", "labels"), "document_analysis=v2"),
        (("run", "--scripted", "perfect", "--prompt", "document_analysis=99", "labels"), "no version 99"),
        (("run", "--mode", "replay", "labels"), "--mode record"),
        (("run", "labels"), "ANTHROPIC_API_KEY"),
        (("compare", "nothing", "latest"), 'no evaluation "nothing"'),
        (("report", "latest", "--html", "a", "--markdown", "b"), "not both"),
        (("report", "latest", "--html", "labels"), "can't be written"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_request_is_answered_with_a_sentence(
    folder: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    done = run(folder, "eval", *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_before_the_first_run_there_is_a_sentence_and_no_table(tmp_path: Path) -> None:
    assert "Run one" in run(tmp_path, "eval", "report").stderr
