"""`analyse --prompt … --compare` and `prompts stats` on the command line, against the loopback Claude."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from tests.fakes.claude import FakeClaude
from tests.integration.program import run
from tests.integration.test_cli_wishes import analyse


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


async def test_two_versions_are_analysed_and_what_differs_is_said(claude, tmp_path):
    done = await analyse(claude, tmp_path, "--prompt", "document_analysis=v2", "--compare")

    assert done.returncode == 0, done.stderr
    out = " ".join(done.stdout.split())
    assert "Compared with the analysis of" in out
    assert "Analyst prompt v4 → v2" in out
    assert "Findings: " in out


async def test_what_is_live_is_not_paid_for_again(claude, tmp_path):
    await analyse(claude, tmp_path)
    once = len(claude.received)

    done = await analyse(claude, tmp_path, "--prompt", "document_analysis=v2", "--compare")

    assert len(claude.received) == 2 * once
    assert "no cost" not in done.stdout.split("Compared with")[1]


async def test_a_comparison_as_json_holds_both_reports(claude, tmp_path):
    done = await analyse(claude, tmp_path, "--prompt", "document_analysis=v2", "--compare", "--json")

    compared = json.loads(done.stdout)
    assert compared["schema"] == "smallprint.comparison/1"
    versions = [compared[side]["agents"][0]["prompt_version"] for side in ("before", "after")]
    assert versions == [4, 2]


async def test_comparing_with_nothing_is_refused_with_an_example(claude, tmp_path):
    done = await analyse(claude, tmp_path, "--compare")

    assert (done.returncode, "--prompt document_analysis=v2" in done.stderr) == (2, True)
    assert claude.received == []


async def test_an_unknown_version_is_said_before_anything_is_spent(claude, tmp_path):
    done = await analyse(claude, tmp_path, "--prompt", "document_analysis=v99", "--compare")

    assert (done.returncode, "v99" in done.stderr or "99" in done.stderr) == (1, True)
    assert claude.received == []


async def test_the_statistics_tell_what_each_version_did(claude, tmp_path):
    await analyse(claude, tmp_path, "--prompt", "document_analysis=v2", "--compare")

    done = run(tmp_path, "prompts", "stats", "document-analysis")
    assert done.returncode == 0, done.stderr
    for expected in (
        "document_analysis, last 30d",
        "v4  n = 1  too few to conclude anything (under 30)",
        "v2  n = 1",
        "Findings per document: ",
        "median, ",
        "nobody has said anything yet",
        "Failures: none",
    ):
        assert expected in done.stdout
    assert done.stdout.index("v4  n") < done.stdout.index("v2  n")

    two = run(tmp_path, "prompts", "stats", "analyst", "v3", "V2", "7d").stdout
    assert "document_analysis, last 7d" in two
    assert "v3  n = 0" in two
    assert "v4" not in two


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody",), "nobody"),
        (("analyst", "v99"), "v99"),
        (("analyst", "7y"), "7y"),
    ],
)
def test_what_the_statistics_do_not_know_is_said(tmp_path, words, sentence):
    done = run(tmp_path, "prompts", "stats", *words)
    assert (done.returncode, sentence in done.stderr) == (2, True)


def test_without_analyses_there_are_no_statistics(tmp_path):
    assert (
        "No analysis used any of its versions" in run(tmp_path, "prompts", "stats", "analyst", "all").stdout
    )
