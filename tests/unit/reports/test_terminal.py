from __future__ import annotations

import io
import re

from hypothesis import HealthCheck, given, settings
from rich.console import Console

from smallprint.models.domain import Report
from smallprint.reports.terminal import print_report
from tests.fakes.reports import (
    earlier_report,
    hostile_report,
    low_report,
    medium_report,
    offline_report,
    thorough_report,
)
from tests.unit.reports.strategies import reports


def printed(report: Report, *, terminal: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=100, force_terminal=terminal, color_system="truecolor" if terminal else None
    )
    print_report(report, console)
    return out.getvalue()


def test_a_pipe_gets_plain_text_without_trailing_spaces():
    out = printed(medium_report())
    assert "\x1b" not in out
    assert not re.search(r"^  .* $", out, re.MULTILINE)


def test_a_terminal_gets_colours():
    assert "\x1b[" in printed(medium_report(), terminal=True)


def test_everything_a_reader_needs_is_printed():
    out = re.sub(r"\s*\n[ │]*", " ", printed(medium_report()))
    for expected in (
        "services-agreement.pdf",
        "🟠 High risk",
        "Read 12 of 14 pages",
        "1. Renews for three years",
        "p. 4 · ✓ verified",
        "Why it matters: ",
        "Lowered from high by the reviewer",
        "Set aside by the reviewer",
        "Looked for, not found",
        "27 s · $0.04",
    ):
        assert expected in out


def test_key_facts_the_side_notes_and_rulings_are_printed():
    out = re.sub(r"\s*\n[ │]*", " ", printed(thorough_report()))
    for expected in (
        "Judged for: Dogwood plc, the customer · Read in 7 parts",
        "! Claude Opus was overloaded",
        "Key facts Supplier: Cedar Ltd, Bristol (p. 1)",
        "Lowered from high. Adjudicator: overstated, medium",
    ):
        assert expected in out
    assert "analysed before: 20 Nov 2026, 09:48 UTC." in printed(earlier_report())


def test_an_offline_report_says_what_to_set_for_the_real_one():
    out = printed(offline_report())
    assert "Made by offline rules, not an AI" in out
    assert "ANTHROPIC_API_KEY" in out
    assert "No findings" in printed(low_report())


def test_a_document_cannot_colour_or_steer_the_terminal():
    out = printed(hostile_report())
    assert "[bold red]markup[/]" in out.replace("\n", " ")
    assert "\x1b" not in out


@given(reports)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_report_can_be_printed(report: Report):
    assert printed(report)
