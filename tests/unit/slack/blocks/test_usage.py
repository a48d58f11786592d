"""What `/usage` shows, within Slack's limits whatever stands in the names."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smallprint.models.usage import Grouping
from smallprint.reports.usage import NOTHING_YET
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.usage import CHART_ACTION, usage_help, usage_message
from smallprint.slack.usage_answers import SEES_OWN
from tests.fakes.slack import block_rules
from tests.fakes.usage import HAIKU, SONNET, line, table, three_days, usage_by_channel

HOSTILE = "<!channel> <@U0ANN00001> *bold* `code` <https://evil.example|here> \u202egnp"


def grid(message: Message) -> list[str]:
    """The lines of the table."""
    [parts] = [block for block in message.blocks if block["type"] == "rich_text"]
    [shown] = [part for part in parts["elements"] if part["type"] == "rich_text_preformatted"]
    text: str = shown["elements"][0]["text"]
    return text.splitlines()


def assert_valid(message: Message) -> None:
    assert validate_blocks(message.blocks) == []
    assert block_rules.problems(message.blocks) == []
    assert not block_rules.total_too_long(message.blocks)
    assert len(message.text) <= 4_000


def test_sums_and_a_line_each_with_a_total_under_them() -> None:
    message = usage_message(usage_by_channel(), SEES_OWN)
    heading, *lines, total = grid(message)
    assert heading.split() == ["channel", "documents", "calls", "cost", "a", "document"]
    assert lines[0].split() == ["#contracts", "2", "4", "$67.25", "$33.625"]
    assert "≥ $48.50" in lines[1]
    assert lines[-1].startswith("command line")
    assert total.split()[:3] == ["total", "10", "20"]
    assert len({len(row) for row in (heading, *lines, total)}) == 1
    assert "Usage by channel, last 30 days" in message.text
    assert_valid(message)


def test_nothing_yet_says_how_to_begin() -> None:
    message = usage_message(table(Grouping.DAY), SEES_OWN)
    assert NOTHING_YET in json.dumps(message.blocks)
    assert "Share a document" in json.dumps(message.blocks)
    assert_valid(message)


def test_a_single_line_has_no_total() -> None:
    assert len(grid(usage_message(table(Grouping.DAY, line("2026-11-26", {SONNET: 1})), SEES_OWN))) == 2


@pytest.mark.parametrize(("lines", "button"), [(3, False), (4, True)])
def test_a_chart_is_offered_where_it_says_more_than_the_table(lines: int, *, button: bool) -> None:
    answer = usage_message(table(Grouping.USER, *[line(f"U{n}", {HAIKU: 1}) for n in range(lines)]), SEES_OWN)
    offered = [block for block in answer.blocks if block["type"] == "actions"]
    assert bool(offered) is button
    if button:
        [pressed] = offered[0]["elements"]
        assert (pressed["action_id"], pressed["value"]) == (CHART_ACTION, "30d by user")


def test_ten_thousand_lines_fit_and_say_how_many_are_left_out() -> None:
    lines = [line(f"{n} {HOSTILE}", {SONNET: 10_000_000 - n}, unpriced=1, broken=1) for n in range(10_000)]
    message = usage_message(table(Grouping.CHANNEL, *lines), SEES_OWN)
    assert grid(message)[-2].startswith("… 9,985 more")
    assert_valid(message)


def test_every_day_of_a_month_is_shown() -> None:
    days = [line(f"2026-10-{day:02d}", {SONNET: 1}) for day in range(1, 32)]
    message = usage_message(table(Grouping.DAY, *days), SEES_OWN)
    assert len(grid(message)) == 33
    assert_valid(message)


def test_names_can_neither_mention_nor_link() -> None:
    message = usage_message(table(Grouping.CHANNEL, line(HOSTILE, {SONNET: 1})), SEES_OWN)
    kinds = {element["type"] for block in message.blocks for part in block["elements"] if "elements" in part
             for element in part["elements"]}  # fmt: skip
    assert kinds == {"text"}
    assert "<!" not in message.text
    assert "\u202e" not in json.dumps(message.blocks, ensure_ascii=False)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=60), max_size=40), st.sampled_from(Grouping))
def test_any_names_make_a_valid_message(names: list[str], by: Grouping) -> None:
    if by is Grouping.DAY:
        lines = three_days().lines
    else:
        lines = tuple(replace(line("x", {SONNET: 3.2}), name=name) for name in names)
    assert_valid(usage_message(table(by, *lines), SEES_OWN))


@pytest.mark.parametrize("unknown", [True, False])
def test_help_names_every_form_of_the_command(*, unknown: bool) -> None:
    message = usage_help(unknown=unknown)
    told = json.dumps(message.blocks)
    for word in ("today", "by channel", "budget set", "budget clear"):
        assert word in told
    assert ("I don't understand" in told) is unknown
    assert_valid(message)
