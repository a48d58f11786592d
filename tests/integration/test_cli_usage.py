"""`smallprint usage` as a person and as a program uses it, after analyses with the loopback Claude."""

from __future__ import annotations

import asyncio
import csv
import json
import subprocess
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.claude import FakeClaude
from tests.integration.program import AGREEMENT, POLICY, run


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


async def ask(folder: Path, *words: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(run, folder, *words, **settings)


async def test_what_two_analyses_cost_is_told_as_table_csv_and_json(claude, tmp_path):
    settings = {"ANTHROPIC_API_KEY": "sk-ant-test", "ANTHROPIC_BASE_URL": claude.url, "NO_PROXY": "127.0.0.1"}
    done = await ask(tmp_path, "analyse", str(AGREEMENT), str(POLICY), **settings)
    assert done.returncode == 0, done.stderr

    told = await ask(tmp_path, "usage", "7d", "by", "agent")
    assert told.returncode == 0, told.stderr
    assert "Usage by agent, last 7 days" in told.stdout
    [total] = [line.split() for line in told.stdout.splitlines() if line.strip().startswith("total")]
    assert total[1:3] == ["2", str(len(claude.billed))]
    assert total[-2].startswith("$0.")
    assert "Days are UTC." in told.stdout

    as_json = json.loads((await ask(tmp_path, "usage", "--json", "by", "model")).stdout)
    assert as_json["total"]["input_tokens"] == claude.usage.input_tokens
    assert as_json["total"]["output_tokens"] == claude.usage.output_tokens
    assert {line["name"] for line in as_json["lines"]} == {bill.model for bill in claude.billed}

    header, *records = csv.reader(StringIO((await ask(tmp_path, "usage", "by", "user", "--csv")).stdout))
    [record] = [dict(zip(header, record, strict=True)) for record in records]
    assert (record["user"], record["documents"]) == ("command line", "2")
    assert int(record["known_cost_nano_usd"]) == as_json["total"]["known_cost_nano_usd"] > 0

    versions = (await ask(tmp_path, "usage", "by", "prompt", "analyst")).stdout
    assert "Usage of document_analysis by version, since ever" in versions
    [version] = [line.split() for line in versions.splitlines() if line.strip().startswith("v")][1:]
    uses = (await ask(tmp_path, "usage", "by", "prompt", "analyst", version[0])).stdout
    assert f"The newest analyses with document_analysis {version[0]}" in uses
    assert uses.count("command line") == 4  # channel and user of two analyses


async def test_before_the_first_analysis_there_is_a_sentence(tmp_path):
    told = await ask(tmp_path, "usage", "today")
    assert (told.returncode, "Nothing was asked of the AI" in told.stdout) == (0, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("yesterday",), "today, 7d, 30d or month"),
        (("by", "colour"), "by day, channel"),
        (("--csv", "--json"), "not both"),
        (("by", "prompt", "analyst", "--csv"), "figures of a period"),
    ],
)
def test_what_is_not_understood_is_answered_with_how_to_ask(tmp_path, words, said):
    told = run(tmp_path, "usage", *words)
    assert (told.returncode, said in told.stderr, told.stdout) == (2, True, "")
    assert list(tmp_path.iterdir()) == []
