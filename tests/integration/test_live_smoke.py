"""The checks for a person with a key, run against the loopback Claude: all that can be checked there is."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from scripts.live_smoke import run

from smallprint.config import Settings, load_settings
from tests.fakes.claude import FakeClaude, LocalServer, outcomes

ROOT = Path(__file__).parents[2]
KEY = "sk-ant-very-secret"


@pytest.fixture
def smoke(monkeypatch, capsys):
    """Runs the checks with these settings and nothing else; exit code, and what was printed."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    async def with_(*, agreed: bool = True, **settings: str) -> tuple[int, str]:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        code = await run(load_settings(None), agreed=agreed)
        return code, capsys.readouterr().out

    return with_


def word_of(check: int, printed: str) -> str:
    [line] = [line for line in printed.splitlines() if line.startswith(f"{check} ")]
    return line.rpartition(": ")[2].partition(" (")[0]


async def test_nothing_is_asked_before_the_costs_are_agreed_to(smoke):
    async with FakeClaude() as claude:
        code, printed = await smoke(agreed=False, ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=claude.url)
    assert code == 2
    assert "at most US$" in printed
    assert claude.received == []


async def test_every_check_that_a_fake_can_answer_runs_and_the_key_is_never_printed(smoke):
    async with FakeClaude(api_key=KEY) as claude:
        code, printed = await smoke(ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=claude.url)
    words = [word_of(check, printed) for check in range(1, 9)]
    # the fake's reviewer says yes to everything, and there is no fourth answer to "embeddings"
    assert words == ["held", "held", "held", "did not hold", "held", "held", "held", "not run"], printed
    assert "0 of 10 false findings caught" in printed
    assert code == 1
    assert "Billed: US$" in printed
    assert KEY not in printed


async def test_a_check_that_claude_refuses_does_not_keep_the_others_from_running(smoke):
    async with FakeClaude() as claude:
        claude.always(outcomes.rejected(), "Unseen")
        _, printed = await smoke(ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=claude.url)
    assert word_of(6, printed) == "did not hold"
    assert "model_request_rejected" in printed
    assert word_of(7, printed) == "held"


async def test_at_a_compatible_server_only_the_checks_that_make_sense_there_run(smoke):
    async with LocalServer() as server:
        _, printed = await smoke(
            ENDPOINT="compatible",
            ANTHROPIC_BASE_URL=server.url,
            DEFAULT_MODEL="qwen3:32b",
            REVIEWER_MODEL="gpt-oss:20b",
        )
    assert [word_of(check, printed) for check in (1, 2, 3, 6)] == ["not run"] * 4
    assert [word_of(check, printed) for check in (5, 7)] == ["held"] * 2
    assert "price is unknown" in printed


async def test_without_a_key_it_ends_with_the_setting_that_is_missing(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scripts.live_smoke",
        cwd=tmp_path,  # not where a developer's .env may hold a real key
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().startswith("live_smoke: ANTHROPIC_API_KEY is not set")
