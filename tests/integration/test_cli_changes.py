"""`smallprint compare OLD NEW`, without AI and against the loopback Claude."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.claude import FakeClaude
from tests.fakes.documents import pdf
from tests.fakes.versions import NEW, OLD
from tests.integration.program import run


@pytest.fixture
def versions(tmp_path: Path) -> tuple[str, str]:
    """Two files, by their names in the folder."""
    (tmp_path / "v1.pdf").write_bytes(pdf(OLD))
    (tmp_path / "v2.pdf").write_bytes(pdf(NEW))
    return "v1.pdf", "v2.pdf"


def test_without_ai_what_changed_is_computed_and_so_is_whether_the_risk_moved(versions, tmp_path):
    done = run(tmp_path, "compare", *versions, "--offline")

    out = " ".join(done.stdout.split())
    assert done.returncode == 0, done.stderr
    assert "What changed: v1.pdf → v2.pdf" in out
    assert "2 real changes, 1 reworded; risk " in out
    assert "[-12-] {+24+} months" in out
    assert "nobody has judged yet what the changes mean" in out


def test_the_changes_as_json(versions, tmp_path):
    value = json.loads(run(tmp_path, "compare", *versions, "--offline", "--text-only", "--json").stdout)

    assert (value["schema"], value["risk"], value["cost_usd"]) == ("smallprint.changes/1", None, "0")
    assert [change["kind"] for change in value["found"]["changes"]] == ["added", "changed", "reworded"]


def test_a_file_that_cannot_be_read_is_named(versions, tmp_path):
    done = run(tmp_path, "compare", "v0.pdf", versions[1], "--offline")
    assert (done.returncode, done.stdout) == (1, "")
    assert "v0.pdf: There is no file of this name." in done.stderr


async def test_with_ai_each_change_says_what_it_means_and_what_that_cost(versions, tmp_path):
    async with FakeClaude() as claude:
        settings: dict[str, Any] = {
            "ANTHROPIC_API_KEY": "sk-ant-test",
            "ANTHROPIC_BASE_URL": claude.url,
            "NO_PROXY": "127.0.0.1",
        }
        done = await asyncio.to_thread(
            lambda: run(tmp_path, "compare", *versions, "--text-only", "--for", "the customer", **settings)
        )

    out = " ".join(done.stdout.split())
    assert done.returncode == 0, done.stderr
    assert "Worse (medium): Meaning number 1, as the fake model sees it." in out
    assert "Judged for: the customer" in out
    assert "Changes explained by claude-sonnet-5-5, prompt v1 · <$0.01" in out
    assert len(claude.received) == 1
