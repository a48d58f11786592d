"""A change of a prompt, told in the admins' channel. People stand in it as text: nobody is woken by a mention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from smallprint.models.domain import Activation, ActivationAction
from smallprint.slack.blocks.activation import DONE, GATE_NOTES, arrow, moved, moved_words
from smallprint.slack.blocks.elements import actions, bold, button, confirm, rich_text, section, words
from smallprint.slack.blocks.limits import MAX_BUTTON_VALUE
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, length, plain, shorten
from smallprint.slack.carried import Carried

UNDO_ACTION = "prompt_undo"

UNDO = {
    ActivationAction.SET: "Undo",
    ActivationAction.PROMOTE: "Undo",
    ActivationAction.ROLLBACK: "Undo",
    ActivationAction.CANARY: "End the canary",
    ActivationAction.PIN: "Unpin",
}
"""What takes a change back; the others have nothing to be taken back to."""
MARKS = {ActivationAction.ROLLBACK: "↩︎ ", ActivationAction.CANARY: "🐤 ", ActivationAction.PIN: "📌 "}
UNDONE = "↩︎ Undone by {who}: {what}."
SURE = "Undo this change?"
SURE_BACK = "{what}. It holds from the next analysis on."
KEEP = "Keep it"

_WHO, _REASON, _FALLBACK = 60, 600, 700


def announcement(activation: Activation, who: str) -> Message:
    """`who` is the person's name."""
    name, reason = _name(who), shorten(plain(activation.reason), _REASON)
    note = GATE_NOTES.get(activation.gate)
    told = f"{moved(activation)}, {DONE[activation.action]} {name}"
    mark = MARKS.get(activation.action, "🚀 ")
    return Message(
        text=escape_mrkdwn(shorten(f"{told}. {reason}", _FALLBACK)),
        blocks=[
            rich_text(
                section(
                    *moved_words(activation, mark),
                    words(f"  {DONE[activation.action]} {name}"),
                    words(f"\nReason: {reason}") if reason else None,
                    bold(f"\n{note}") if note else None,
                )
            ),
            *_undo(activation),
        ],
    )


def undone(blocks: Sequence[Mapping[str, Any]], undo: Activation, who: str) -> list[Block]:
    """The announcement without its button, and who pressed it."""
    left = [dict(block) for block in blocks if block.get("type") != "actions"]
    return [*left, rich_text(section(words(UNDONE.format(who=_name(who), what=moved(undo)))))]


def _undo(activation: Activation) -> Iterator[Block]:
    label = UNDO.get(activation.action)
    if label is None or (activation.from_version is None and label == "Undo"):
        return
    back = activation.from_version or 0
    value = str(Carried(activation.action.value, activation.agent, back, activation.id, activation.scope_id))
    if length(value) > MAX_BUTTON_VALUE:
        return
    what = arrow(activation.to_version, back) if label == "Undo" else moved(activation)
    sure = confirm(SURE, shorten(SURE_BACK.format(what=what), 290), label, KEEP)
    yield actions(button(UNDO_ACTION, label, value, style="danger", confirm=sure))


def _name(who: str) -> str:
    return shorten(plain(who), _WHO) or "somebody"
