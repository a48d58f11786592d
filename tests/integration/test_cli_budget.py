"""`smallprint budget` and `smallprint forget-user`, as processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.integration.program import AGREEMENT, run


def test_a_limit_is_set_shown_and_taken_back_across_processes(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"MONTHLY_BUDGET_USD": "200", "COLUMNS": "160"}
    done = run(
        tmp_path, "budget", "set", "channel", "C012AB3CD", "25", "a", "trial [red]of[/red]", **settings
    )
    assert (done.returncode, done.stdout) == (
        0,
        "channel C012AB3CD, a month: $25.00. It holds from the next analysis on.\n",
    )
    for command in (("budget",), ("budget", "show")):
        shown = run(tmp_path, *command, **settings).stdout
        assert "the workspace, a month" in shown
        assert "$200.00" in shown
        assert "a trial [red]of[/red]" in shown
    assert run(tmp_path, "budget", "clear", "channel", "C012AB3CD", "over", **settings).returncode == 0
    (line,) = [
        line for line in run(tmp_path, "budget", **settings).stdout.splitlines() if "C012AB3CD" in line
    ]
    assert "no limit" in line


def test_what_cannot_be_meant_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    done = run(tmp_path, "budget", "set", "workspace", "lots", "x")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "25 or 2.50" in done.stderr


def test_a_user_is_forgotten_after_a_question(tmp_path: Path) -> None:
    asked = run(tmp_path, "forget-user", "U012AB3CD", stdin=b"n\n")
    assert asked.returncode == 1
    assert "can't be undone" in asked.stdout
    done = run(tmp_path, "forget-user", "u012ab3cd", "--yes")
    assert done.returncode == 0
    assert "U012AB3CD is forgotten: 0 analyses, 0 calls, 0 jobs." in done.stdout


def test_nobody_is_forgotten_by_mistake(tmp_path: Path) -> None:
    for user in ("", "C012AB3CD", "%", "U1"):
        done = run(tmp_path, "forget-user", user, "--yes")
        assert (done.returncode, done.stdout) == (2, "")
        assert "begins with U or W" in done.stderr


def test_offline_rules_cost_nothing_so_no_limit_stops_them(tmp_path: Path) -> None:
    done = run(tmp_path, "analyse", "--offline", str(AGREEMENT), MONTHLY_BUDGET_USD="0")
    assert done.returncode == 0
