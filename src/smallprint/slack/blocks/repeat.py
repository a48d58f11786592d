"""Buttons that start an analysis once more, and what stands in their place once somebody pressed one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from smallprint.models.domain import Report
from smallprint.slack.blocks.elements import actions, bold, rich_text, safe_button, section, user, words
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.result_menu import menu_option
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten

CONSENT_ACTION = "consent_to_cost"
AGAIN_ACTION = "run_again"
AGAIN = "again"
"""Verb of the entry in a result's menu."""

ASKING = "💬 A question before I begin"
CONSENT = "Analyse it anyway"
RUN_AGAIN = "Run again"
AGREED = " agreed to the cost. The answer comes in this thread."
RAN_AGAIN = " asked for a new analysis. The answer comes in this thread."
ON_IT = "On it. The new report comes in the thread of this one."
ASKED_BEFORE = "Somebody asked for that before: look in the thread of the report."
PRESSED = {CONSENT_ACTION: AGREED, AGAIN_ACTION: RAN_AGAIN}

_SENTENCE, _FALLBACK = 2_000, 700


def cost_question(sentence: str, job_id: str) -> Message:
    """What an analysis would cost, and the button that says yes. Nothing was spent so far."""
    told = shorten(plain(sentence), _SENTENCE)
    return Message(
        text=escape_mrkdwn(shorten(f"{ASKING}. {told}", _FALLBACK)),
        blocks=[
            rich_text(section(bold(ASKING), words(f"\n{told}") if told else None)),
            *(actions(each) for each in safe_button(CONSENT_ACTION, CONSENT, job_id)),
        ],
    )


def again_button(job_id: str) -> Iterator[Block]:
    """Stands under a report that is shown again; nothing for an id that Slack could not carry back."""
    return safe_button(AGAIN_ACTION, RUN_AGAIN, job_id)


def again_option(report: Report) -> Block | None:
    """The same as an entry of the menu, under every other report."""
    return menu_option(AGAIN, RUN_AGAIN, report.analysis_id)


def pressed(blocks: Sequence[Mapping[str, Any]], action_id: str, user_id: str) -> list[Block]:
    """The blocks of a message of ours without that button, and who pressed it where it was."""
    who = rich_text(section(user(user_id), words(PRESSED[action_id])))
    left: list[Block] = []
    for block in blocks:
        others = [item for item in block.get("elements", []) if item.get("action_id") != action_id]
        if block.get("type") != "actions" or len(others) == len(block["elements"]):
            left.append(dict(block))
            continue
        left.append(who)
        if others:
            left.append({**block, "elements": others})
    return left
