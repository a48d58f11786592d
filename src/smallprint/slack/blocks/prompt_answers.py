"""What `/prompt-version` answers to a change: what was done, the question before a rollback, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smallprint.errors import NotAllowed, SmallprintError
from smallprint.models.domain import Activation, ActivationAction
from smallprint.prompts.diff import PromptDiff
from smallprint.prompts.listing import ListedAgent
from smallprint.slack.blocks.activation import DONE, GATE_NOTES, agent_name, arrow, moved, moved_words, people
from smallprint.slack.blocks.elements import (
    actions,
    bold,
    bullets,
    button,
    channel,
    code,
    context,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.prompt_diff import diff_blocks
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten
from smallprint.slack.carried import Carried

ROLLBACK_ACTION = "prompt_rollback"
ROLL_BACK_NOW_ACTION = "prompt_go_back"

NEXT_ANALYSIS = "The next analysis uses it. Those that are running keep the version they began with."
STILL_PINNED = "\n📌 Still pinned: "
EVALUATION = "\nEvaluation: "
ASK_ROLLBACK = "Roll back {agent} from v{live} to v{version}?"
ROLL_BACK_TO = "Roll back to v{version}"
ROLLBACK_TIP = (
    "It holds from the next analysis on, and ends a canary that runs."
    " With a reason it needs no question: /prompt-version rollback {agent} <reason>"
)
ROLL_BACK_WHICH = "Roll back which agent's prompt?"
NOTHING_MOVED = "No prompt was ever changed, so there is nothing to go back to."
UNCHANGED = "Nothing was changed"
NOT_SHOWN = "I can't show that"
REFUSED = "Prompts are for admins"
REFUSED_WHY = "Please ask an admin of this workspace to make the change, or whoever runs Smallprint to add you to ADMIN_USERS."
HELP_TITLE = "/prompt-version shows and changes the prompts that the agents work with. Admins only."
HELP_LOG = "Every change is recorded with who, when and why, and holds from the next analysis on."
HELP = (
    ("list", "versions, and what is live, tried and pinned", "list document_analysis"),
    ("show", "one in full; without a number the live one", "show document_analysis v2"),
    ("diff", "what differs between two", "diff document_analysis v1 v2"),
    ("set", "make one live; without a reason I ask for it", "set document_analysis v2 quotes are shorter"),
    ("rollback", "back to the one before, or to an older one", "rollback document_analysis too eager"),
    ("canary", "try one on a share of the documents", "canary document_analysis v3 10"),
    ("promote", "make the one that is tried live", "promote document_analysis fewer rejections"),
    ("abort", "end the trial", "abort document_analysis"),
    ("pin", "a version of its own for a channel", "pin document_analysis v1 #contracts"),
    ("unpin", "the live version there again", "unpin document_analysis #contracts"),
    ("history", "who changed what, when and why", "history document_analysis"),
    ("stats", "what came of each version", "stats document_analysis v1 v2 7d"),
    ("help", "this table", "help"),
)

_REASON, _SENTENCE, _OPINION = 300, 2_000, 200
_FALLBACK = 700
_PINS = 8


def prompt_changed(activation: Activation, pins: Sequence[Activation] = (), opinion: str = "") -> Message:
    """What was done, by whom and why; `pins` are those that still differ, `opinion` what evaluations say."""
    told, reason = moved(activation), shorten(plain(activation.reason), _REASON)
    note = GATE_NOTES.get(activation.gate)
    return Message(
        text=escape_mrkdwn(shorten(f"{told}. {reason}", _FALLBACK)),
        blocks=[
            rich_text(
                section(
                    *moved_words(activation, "✓ "),
                    words(f"  {DONE[activation.action]} "),
                    *people(shorten(plain(activation.actor), _REASON)),
                    words(f"\nReason: {reason}") if reason else None,
                    words(f"\n{note}") if note else None,
                    words(f"{EVALUATION}{shorten(plain(opinion), _OPINION)}") if opinion else None,
                    *_still_pinned(pins),
                )
            ),
            *([] if activation.action is ActivationAction.ABORT else [context(NEXT_ANALYSIS)]),
        ],
    )


def rollback_question(diff: PromptDiff, after: int) -> Message:
    """The one confirmation: from which version to which, and what differs."""
    live, target = diff.one, diff.other
    agent = agent_name(live.agent)
    asked = ASK_ROLLBACK.format(agent=agent, live=live.version, version=target.version)
    value = str(Carried("rollback", live.agent, target.version, after))
    yes = button(ROLL_BACK_NOW_ACTION, ROLL_BACK_TO.format(version=target.version), value, style="danger")
    note = shorten(plain(target.note), _REASON)
    return Message(
        escape_mrkdwn(asked),
        [
            rich_text(section(bold(f"↩︎ {asked}"), words(f"\nv{target.version}: {note}") if note else None)),
            *diff_blocks(diff),
            actions(yes),
            context(ROLLBACK_TIP.format(agent=agent)),
        ],
    )


def rollback_choice(agents: Sequence[ListedAgent]) -> Message:
    """Whose prompt is to go back; a button for each that was ever moved."""
    if not agents:
        return notice("↩︎", NOTHING_MOVED, "")
    buttons = [
        button(
            f"{ROLLBACK_ACTION}_{place}",
            f"{agent_name(agent.agent)} v{agent.live}…",
            str(Carried("rollback", agent.agent, 0, agent.last.id if agent.last else 0)),
        )
        for place, agent in enumerate(agents[:25])
    ]
    return Message(
        escape_mrkdwn(ROLL_BACK_WHICH), [rich_text(section(bold(ROLL_BACK_WHICH))), actions(*buttons)]
    )


def prompt_refused() -> Message:
    """For those who may not."""
    return notice("🔒", REFUSED, REFUSED_WHY)


def refusal(error: SmallprintError, title: str = UNCHANGED) -> Message:
    """An error of ours as the answer to who caused it."""
    if isinstance(error, NotAllowed) and error.user_message == NotAllowed.sentence:
        return prompt_refused()  # nobody said more precisely who may
    return notice("⚠️", title, error.user_message)


def prompt_help() -> Message:
    """The verbs, with an example each."""
    rows = [
        section(bold(verb), words(f": {what}\n"), code(f"/prompt-version {example}"))
        for verb, what, example in HELP
    ]
    return Message(
        text=escape_mrkdwn(HELP_TITLE),
        blocks=[rich_text(section(words(HELP_TITLE)), bullets(rows)), context(HELP_LOG)],
    )


def notice(emoji: str, title: str, why: str) -> Message:
    """A title and a sentence under it. For ephemeral answers: user ids in it become names."""
    told = shorten(plain(why), _SENTENCE)
    return Message(
        text=escape_mrkdwn(shorten(f"{title}. {told}", _FALLBACK)),
        blocks=[
            rich_text(section(bold(f"{emoji} {title}"), *([words("\n"), *people(told)] if told else [])))
        ],
    )


def change_title(agent: str, before: int | None, after: int) -> str:
    """document_analysis: v2 → v3"""
    return f"{agent_name(agent)}: {arrow(before, after)}"


def _still_pinned(pins: Sequence[Activation]) -> Iterator[Block]:
    if not pins:
        return
    yield words(STILL_PINNED)
    for place, pin in enumerate(pins[:_PINS]):
        yield words(f"{', ' if place else ''}v{pin.to_version} in ")
        yield channel(pin.scope_id)
    if len(pins) > _PINS:
        yield words(f" and {len(pins) - _PINS} more channels")
