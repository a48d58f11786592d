"""What a person wants of an analysis, said on the command line, against the loopback Claude."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.claude import FakeClaude
from tests.integration.program import AGREEMENT, run


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


async def analyse(
    claude: FakeClaude, folder: Path, *options: str, file: Path = AGREEMENT, **settings: str
) -> subprocess.CompletedProcess[str]:
    environment: dict[str, Any] = {
        "ANTHROPIC_API_KEY": "sk-ant-test",
        "ANTHROPIC_BASE_URL": claude.url,
        "NO_PROXY": "127.0.0.1",
        **settings,
    }
    return await asyncio.to_thread(run, folder, "analyse", str(file), *options, **environment)


async def test_the_report_says_whose_side_profile_and_models(claude, tmp_path):
    done = await analyse(
        claude, tmp_path, "--for", "the  customer", "--focus", "exit", "--profile", "thorough"
    )

    assert done.returncode == 0, done.stderr
    assert "claude-opus-5-5" in done.stdout
    sent = str(claude.received)
    assert ("the customer" in sent, "exit" in sent) == (True, True)


async def test_another_prompt_version_can_be_tried_without_making_it_live(claude, tmp_path):
    done = await analyse(claude, tmp_path, "--prompt", "document_analysis=v2")

    assert "prompt v2" in " ".join(done.stdout.split())
    assert "live" in run(tmp_path, "prompts", "list").stdout


@pytest.mark.parametrize("given", ["document_analysis", "=v2", "document_analysis=two"])
async def test_a_prompt_without_a_version_is_refused_with_an_example(claude, tmp_path, given):
    done = await analyse(claude, tmp_path, "--prompt", given)

    assert (done.returncode, "document_analysis=v2" in done.stderr) == (2, True)
    assert claude.received == []


async def test_an_unknown_prompt_version_is_said_before_anything_is_spent(claude, tmp_path):
    done = await analyse(claude, tmp_path, "--prompt", "document_analysis=v99")

    assert done.returncode == 1
    assert "v99" in done.stderr or "99" in done.stderr
    assert claude.received == []


async def test_the_same_document_again_says_so_and_again_makes_a_new_report(claude, tmp_path):
    await analyse(claude, tmp_path)
    calls = len(claude.received)

    shown = await analyse(claude, tmp_path)
    assert "analysed before" in shown.stdout
    assert len(claude.received) == calls

    made = await analyse(claude, tmp_path, "--again")
    assert "analysed before" not in made.stdout
    assert len(claude.received) == 2 * calls


async def test_a_costly_document_wants_a_yes(claude, tmp_path):
    long = tmp_path / "long.txt"
    long.write_text(
        "\n\n".join(f"{n}. The supplier shall pay {n} euros within {n} days." for n in range(4_000))
    )
    limits = {"ASK_ABOVE_COST_USD": "0.1", "LONG_DOCUMENT_TOKENS": "60000"}

    asked = await analyse(claude, tmp_path, file=long, **limits)
    assert (asked.returncode, "add --yes" in asked.stderr) == (1, True)
    assert claude.received == []

    agreed = await analyse(claude, tmp_path, "--yes", file=long, **limits)
    assert agreed.returncode == 0, agreed.stderr
    assert "parts" in agreed.stdout
