"""`smallprint prompts` as an admin uses it in a terminal: real processes on one database."""

from __future__ import annotations

from pathlib import Path

import pytest

from smallprint.models.domain import Agent
from smallprint.prompts.templates import PromptTemplates
from tests.integration.program import run

NEWEST = PromptTemplates().latest(Agent.ANALYST).label


def said(folder: Path, *words: str, stdin: bytes = b"") -> str:
    """What a command that works prints."""
    done = run(folder, "prompts", *words, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(folder: Path, *words: str) -> str:
    done = run(folder, "prompts", *words)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


def test_a_version_is_tried_promoted_and_rolled_back(tmp_path: Path) -> None:
    assert "v2 on 10 % of the documents" in said(
        tmp_path, "canary", "ANALYST", "v2", "10%", "let", "us", "see"
    )
    assert "v2 is tried on 10 % of the documents (tried by" in said(tmp_path, "list", "analyst")
    assert "from 1 to 99" in refused(tmp_path, "canary", "analyst", "v2", "100")
    promoted = said(tmp_path, "promote", "analyst")
    assert f"document_analysis: {NEWEST} → v2." in promoted
    assert "No version of document_analysis is being tried" in refused(tmp_path, "abort", "analyst")
    undone = said(tmp_path, "rollback", stdin=b"y\n")
    assert f"Roll it back to {NEWEST}?" in undone
    assert f"document_analysis: v2 → {NEWEST}." in undone
    page = said(tmp_path, "history", "analyst", "--limit", "3")
    assert [line.split("document_analysis: ")[-1].split(",")[0] for line in page.splitlines()[:3]] == [
        f"v2 → {NEWEST}",
        "trial of v2 ended",
        f"{NEWEST} → v2",
    ]
    older = page.splitlines()[-1].split("history ")[1].split()
    assert "let us see" in said(tmp_path, "history", *older)


def test_a_channel_gets_a_version_of_its_own_and_a_change_of_the_live_one_names_it(tmp_path: Path) -> None:
    assert "v1 in C0123ABCD" in said(tmp_path, "set", "analyst", "1", "#c0123abcd", "they", "asked")
    changed = said(tmp_path, "set", "analyst", "v3", "reads", "scans")
    assert "C0123ABCD (v1)" in changed
    assert "v1 is pinned in C0123ABCD" in said(tmp_path, "show", "analyst", "1")
    assert "v1 no more in C0123ABCD" in said(tmp_path, "unpin", "analyst", "C0123ABCD")
    assert "C0123ABCD" not in said(tmp_path, "list", "analyst")
    assert "+contract: " in said(tmp_path, "diff", "analyst", "v1", NEWEST)


def test_a_required_gate_wants_an_override_with_a_reason_and_lets_every_rollback_through(
    tmp_path: Path,
) -> None:
    wanted = ("prompts", "set", "analyst", "v2", "it", "is", "urgent")
    refusal = run(tmp_path, *wanted, GATE="require")
    assert (refusal.returncode, refusal.stdout) == (2, "")
    assert "no evaluation of exactly this version" in refusal.stderr
    assert "--override" in refusal.stderr
    assert "The gate was overridden" in run(tmp_path, *wanted, "--override", GATE="require").stdout
    assert "v2 →" in run(tmp_path, "prompts", "rollback", "analyst", GATE="require").stdout
    assert "it is urgent, GATE OVERRIDDEN" in said(tmp_path, "history")
    assert "No evaluation says that it is not worse" in said(tmp_path, *wanted[1:])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "lawyer"), "document_triage (triage), evidence_repair (repair)"),
        (("set", "analyst", "v99", "better"), "document_analysis has no version v99"),
        (("set", "analyst", "v1"), "Please say why"),
        (("pin", "analyst", "v1", "#legal"), "not the id of a channel"),
        (("rollback", "analyst", "v1"), "v1 was never live"),
        (("rollback",), "Which agent?"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    assert told in refused(tmp_path, *words)
