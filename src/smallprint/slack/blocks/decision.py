"""Accept and dismiss a finding: the menu and the buttons that do it, what was decided, and the modal that asks why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smallprint.models.domain import Decision, FindingDecision, ReportFinding
from smallprint.reports import wording
from smallprint.slack.blocks.elements import (
    actions,
    bold,
    button,
    context,
    known_user,
    menu,
    option,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.limits import MAX_OPTION_VALUE
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.modal import Modal, text_input
from smallprint.slack.blocks.text import carriable, plain, shorten

DECIDE_ACTION = "decide_finding"
"""Of the menu; buttons add what they decide."""
CALLBACK = "dismiss_finding"
REASON = "reason"
MAX_REASON = 500

TITLE = "Dismiss a finding"
WHY_NOT = "What is wrong with it?"
WHY_HINT = (
    "Optional. Everybody who sees the result sees this too, and it helps to make the next reports better."
)
STAYS = "The finding stays in the report, marked as dismissed. The risk level does not change."
DISMISS = "Dismiss"
LABELS = {Decision.ACCEPTED: "Accept", Decision.DISMISSED: "Dismiss…", Decision.UNDONE: "Undo"}
MARKS = {Decision.ACCEPTED: "✅", Decision.DISMISSED: "✖️"}
SAID = {Decision.ACCEPTED: "Accepted", Decision.DISMISSED: "Dismissed"}
BY = " by "

_TITLE = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """What an entry of the menu or a button stands for: ids only."""

    decision: Decision
    finding_id: str
    analysis_id: str

    def __str__(self) -> str:
        return f"{self.decision.value} {self.finding_id} {self.analysis_id}"

    @property
    def carriable(self) -> bool:
        """True if Slack would bring it back as it is."""
        text = str(self)
        return self == Choice.read(text) and carriable(text, MAX_OPTION_VALUE)

    @classmethod
    def read(cls, text: str) -> Choice | None:
        """None for what is none of ours."""
        verb, _, rest = text.partition(" ")
        finding_id, _, analysis_id = rest.partition(" ")
        if verb not in set(Decision) or not finding_id or not analysis_id:
            return None
        return cls(Decision(verb), finding_id, analysis_id)


def decision_menu(finding_id: str, held: FindingDecision | None, analysis_id: str) -> Block | None:
    """The ⋯ menu beside a finding; None for ids that Slack could not carry back."""
    choices = list(_choices(finding_id, held, analysis_id))
    return menu(DECIDE_ACTION, [option(LABELS[it.decision], str(it)) for it in choices]) if choices else None


def decision_buttons(
    finding_id: str, held: FindingDecision | None, analysis_id: str, *, block_id: str
) -> Iterator[Block]:
    """The same as a row of buttons."""
    choices = list(_choices(finding_id, held, analysis_id))
    buttons = (button(f"{DECIDE_ACTION}_{it.decision.value}", LABELS[it.decision], str(it)) for it in choices)
    if choices:
        yield actions(*buttons, block_id=block_id)


def decision_line(held: FindingDecision | None, *, reason_most: int = MAX_REASON) -> Block | None:
    """✅ Accepted by Ann: it is in the annex too"""
    if held is None:
        return None
    who = known_user(held.user)
    reason = shorten(plain(held.reason), reason_most)
    return section(
        words(f"{MARKS[held.decision]} "),
        bold(SAID[held.decision]),
        *((words(BY), who) if who else ()),
        words(f": {reason}") if reason else None,
    )


def dismiss_modal(number: int, finding: ReportFinding, carried: str) -> Modal:
    """`carried` comes back with the reason."""
    title = shorten(f"{number}. {wording.title(finding)}", _TITLE)
    return Modal(
        title=TITLE,
        blocks=[
            rich_text(section(bold(title))),
            text_input(REASON, WHY_NOT, hint=WHY_HINT, optional=True, most=MAX_REASON),
            context(STAYS),
        ],
        callback_id=CALLBACK,
        submit=DISMISS,
        carried=carried,
    )


def _choices(finding_id: str, held: FindingDecision | None, analysis_id: str) -> Iterator[Choice]:
    """The other decision, and to take back the one that holds."""
    taken = {held.decision} if held else {Decision.UNDONE}
    for decision in Decision:
        choice = Choice(decision, finding_id, analysis_id)
        if decision not in taken and choice.carriable:
            yield choice
