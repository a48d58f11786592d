"""The command line as a person and as a program uses it: real processes, real files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from smallprint.models.domain import Agent
from smallprint.prompts.templates import PromptTemplates
from tests.fakes.shared_files import READABLE, UNREADABLE, Unreadable
from tests.integration.program import AGREEMENT, POLICY, run, run_anew


def test_the_demo_reads_both_samples_and_says_that_it_is_no_ai(tmp_path: Path) -> None:
    done = run_anew(tmp_path, "demo")
    assert done.returncode == 0
    for expected in (
        AGREEMENT.name,
        POLICY.name,
        "Critical risk",
        "not an AI",
        "ANTHROPIC_API_KEY",
        "verified",
        "p. 3",
    ):
        assert expected in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_report_as_json_is_what_the_schema_says(tmp_path: Path) -> None:
    schema = json.loads(run(tmp_path, "schema").stdout)
    done = run(tmp_path, "analyse", "--offline", "--json", str(AGREEMENT))
    report = json.loads(done.stdout)
    jsonschema.validate(report, schema)
    assert (done.returncode, report["risk_level"], report["document_name"]) == (0, "critical", AGREEMENT.name)


def test_several_files_are_a_list_in_the_order_they_were_named(tmp_path: Path) -> None:
    reports: list[dict[str, Any]] = json.loads(
        run(tmp_path, "analyse", "--offline", "--json", str(POLICY), str(AGREEMENT)).stdout
    )
    assert [report["document_name"] for report in reports] == [POLICY.name, AGREEMENT.name]


def test_standard_input_is_a_document(tmp_path: Path) -> None:
    done = run(tmp_path, "analyse", "--offline", "-", stdin=AGREEMENT.read_bytes())
    assert done.returncode == 0
    assert "3 pages" in done.stdout


def test_plain_lines_when_piped(tmp_path: Path) -> None:
    done = run_anew(tmp_path, "analyse", "--offline", str(AGREEMENT))
    assert "\x1b[" not in done.stdout + done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.pdf", b"", "empty"),
        ("broken.pdf", b"%PDF-1.7 nonsense", "damaged"),
        ("tool.bin", b"\x7fELF" + bytes(64), "program"),
    ],
)
def test_a_document_that_fails_says_why_and_the_others_are_still_read(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run(tmp_path, "analyse", "--offline", name, str(AGREEMENT))
    assert done.returncode == 1
    assert name in done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert AGREEMENT.name in done.stdout


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    done = run(tmp_path, "analyse", "--offline", "nothing.pdf")
    assert (done.returncode, "no file" in done.stderr.lower()) == (1, True)


def test_a_failure_as_json_names_the_document_the_code_and_the_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    failure = json.loads(run(tmp_path, "analyse", "--offline", "--json", "empty.txt").stdout)
    assert (failure["schema"], failure["document_name"], failure["error"]) == (
        "smallprint.failure/1",
        "empty.txt",
        "empty",
    )


@pytest.mark.parametrize("arguments", [("analyse",), ("analyse", "--unknown", "x"), ("frobnicate",)])
def test_wrong_usage_is_status_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run(tmp_path, *arguments).returncode == 2


def test_without_a_key_it_says_what_to_set(tmp_path: Path) -> None:
    done = run(tmp_path, "analyse", str(AGREEMENT))
    assert done.returncode == 2
    assert "ANTHROPIC_API_KEY" in done.stderr
    assert "--offline" in done.stderr


def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path: Path) -> None:
    done = run(tmp_path, "analyse", "--offline", str(AGREEMENT), MAX_PAGES="none")
    assert done.returncode == 2
    assert "MAX_PAGES" in done.stderr


def test_serving_without_tokens_says_where_to_get_them(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", "--offline")
    assert done.returncode == 2
    assert "SLACK_BOT_TOKEN" in done.stderr


def test_prompt_versions_are_listed_set_and_rolled_back(tmp_path: Path) -> None:
    assert "live" in run(tmp_path, "prompts", "list").stdout
    newest = PromptTemplates().latest(Agent.ANALYST).label
    assert f"{newest} → v1" in run(tmp_path, "prompts", "set", "analyst", "v1", "a", "reason").stdout
    assert f"v1 → {newest}" in run(tmp_path, "prompts", "rollback", "analyst").stdout
    assert "document_analysis v1" in run(tmp_path, "prompts", "show", "analyst", "1").stdout
    unknown = run(tmp_path, "prompts", "show", "nobody")
    assert (unknown.returncode, "document_analysis" in unknown.stderr) == (2, True)


def test_help_and_version_answer_at_once(tmp_path: Path) -> None:
    assert "analyse" in run_anew(tmp_path, "--help").stdout
    assert run(tmp_path, "--version").stdout.startswith("smallprint ")


def test_files_of_every_format_are_read_in_one_call(tmp_path: Path) -> None:
    files = [file for file in READABLE if not file.picture]
    for file in files:
        (tmp_path / file.name).write_bytes(file.content)
    done = run(tmp_path, "analyse", "--offline", "--json", *[file.name for file in files])
    assert [report["document_name"] for report in json.loads(done.stdout)] == [file.name for file in files]
    assert done.returncode == 0


def test_files_that_cannot_be_read_each_get_their_sentence_and_status_1(tmp_path: Path) -> None:
    pictures = [
        Unreadable(file.name, file.content, "can't look at pictures") for file in READABLE if file.picture
    ]
    for file in [*UNREADABLE, *pictures]:
        (tmp_path / file.name).write_bytes(file.content)
    done = run(tmp_path, "analyse", "--offline", "--json", *[file.name for file in [*UNREADABLE, *pictures]])
    failures = json.loads(done.stdout)
    assert [
        file.name
        for file, failure in zip([*UNREADABLE, *pictures], failures, strict=True)
        if file.sentence not in failure["message"]
    ] == []
    assert done.returncode == 1
