"""What people can do with a result: buttons, the ⋯ menu, and 👍 👎."""

from __future__ import annotations

from collections.abc import Iterator

from smallprint.models.domain import Report
from smallprint.slack.blocks.compare_modal import compare_with_option
from smallprint.slack.blocks.elements import actions, safe_button
from smallprint.slack.blocks.export import export_button
from smallprint.slack.blocks.feedback import feedback_buttons
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.receipt import read_option
from smallprint.slack.blocks.repeat import again_button, again_option
from smallprint.slack.blocks.rerun_modal import other_version_option
from smallprint.slack.blocks.result_menu import result_menu
from smallprint.slack.blocks.sentences import has_further
from smallprint.slack.blocks.share import share_button

ALL_ACTION = "all_findings"
COUNTED, DETAILS = "All findings ({count})", "Details"


def result_row(report: Report, *, private: bool, newest: bool) -> Iterator[Block]:
    """`private`: only the asker sees the result. `newest`: Slack takes its newest kinds of blocks."""
    buttons = [*_buttons(report, private=private)]
    if buttons:
        yield actions(*buttons)
    if newest:
        yield from feedback_buttons(report.analysis_id)


def _buttons(report: Report, *, private: bool) -> Iterator[Block]:
    yield from safe_button(ALL_ACTION, _label(report), report.analysis_id)
    if report.second_best:
        yield from again_button(report.analysis_id)
    yield from export_button(report)
    if private:
        yield from share_button(report.analysis_id)
    yield from result_menu(
        None if report.second_best else again_option(report),
        other_version_option(report),
        compare_with_option(report),
        read_option(report),
    )


def _label(report: Report) -> str:
    return COUNTED.format(count=len(report.findings)) if has_further(report) else DETAILS
