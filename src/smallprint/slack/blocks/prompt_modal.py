"""The modal before a version goes live, or to one channel: from which to which, the diff, the evaluation, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smallprint.models.domain import Activation
from smallprint.models.evaluation import EvaluationVerdict
from smallprint.prompts.diff import PromptDiff
from smallprint.prompts.gate import GateOpinion
from smallprint.slack.blocks.elements import bold, channel, rich_text, section, words
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.modal import Modal, text_input, tick
from smallprint.slack.blocks.prompt_answers import change_title
from smallprint.slack.blocks.prompt_diff import diff_blocks
from smallprint.slack.blocks.text import plain, shorten
from smallprint.slack.carried import Carried

CALLBACK = "prompt_change"
REASON = "reason"
OVERRIDE = "override"

TITLE_SET = "Set a version live"
TITLE_PIN = "Pin a version"
SET = "Set live"
PIN = "Pin"
WHY = "Why?"
WHY_HINT = "Stays in the history, and is told in the admins' channel."
GATE = "The gate"
OVERRIDE_IT = "Override it: this version may go live unproven"
MARKS = {
    EvaluationVerdict.NOT_WORSE: "✅ ",
    EvaluationVerdict.WORSE: "❌ ",
    EvaluationVerdict.UNDECIDED: "⚠️ ",
    None: "⚠️ ",
}
PINNED = "\n📌 Pins stay: "
NEEDS_REASON = "Please say why, for those who read the history later."

_NOTE, _SENTENCE = 300, 1_000
_PINS = 5


@dataclass(frozen=True, slots=True)
class PromptChoice:
    """What is to be confirmed."""

    carried: Carried
    """The agent, the version, and the last activation that the asker saw; a channel for a pin."""
    diff: PromptDiff
    opinion: GateOpinion
    pins: Sequence[Activation] = ()
    """Channels that will still have another version."""


def change_modal(choice: PromptChoice, *, gate: str = "") -> Modal:
    """`gate`: the sentence of a gate that refused; the modal then asks whether to override it."""
    pin = bool(choice.carried.channel)
    return Modal(
        title=TITLE_PIN if pin else TITLE_SET,
        blocks=[
            rich_text(section(*_what(choice))),
            *diff_blocks(choice.diff),
            *(_refusal(gate) if gate else ()),
            text_input(REASON, WHY, hint=WHY_HINT),
            *([tick(OVERRIDE, GATE, OVERRIDE_IT)] if gate else []),
        ],
        callback_id=CALLBACK,
        submit=PIN if pin else SET,
        carried=str(choice.carried),
    )


def _what(choice: PromptChoice) -> Iterator[Block]:
    one, other = choice.diff.one, choice.diff.other
    yield bold(change_title(one.agent, one.version, other.version))
    if choice.carried.channel:
        yield bold(" in ")
        yield channel(choice.carried.channel)
    if note := shorten(plain(other.note), _NOTE):
        yield words(f"\n{note}")
    yield words(f"\n{MARKS[choice.opinion.verdict]}{shorten(plain(choice.opinion.sentence), _NOTE)}")
    for place, pin in enumerate(choice.pins[:_PINS]):
        yield words(f"{', ' if place else PINNED}v{pin.to_version} in ")
        yield channel(pin.scope_id)


def _refusal(gate: str) -> Iterator[Block]:
    yield rich_text(section(bold("🔴 "), words(shorten(plain(gate), _SENTENCE))))
