"""What `/prompt-version` answers: the list, one version, what was changed, and the help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from smallprint.models.domain import Activation, ActivationAction
from smallprint.prompts.listing import ListedAgent, ListedVersion, ShownVersion, done_by
from smallprint.slack.blocks.elements import (
    bold,
    bullets,
    code,
    context,
    italic,
    preformatted,
    rich_text,
    section,
    user,
    words,
)
from smallprint.slack.blocks.limits import MAX_BLOCKS, MAX_BLOCKS_JSON, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, plain, plain_lines, shorten

LIST_TITLE = "Prompt versions"
LIST_TIP = "/prompt-version show <agent> <version> shows one in full."
NO_VERSIONS = "There are no prompt versions yet. Start Smallprint once: it imports those it came with."
OLDER = "… and {count} older"
NEWER_WAITS = "This release brings a newer version. It waits, because somebody chose this one by hand."
NONE_LIVE = "No version is live."
CANNOT_BE_USED = "can't be used: "
BODY_FOLLOWS = "The text follows below."
BODY_GOES_ON = "… the rest is shown by `smallprint prompts show` in a terminal."
NEXT_ANALYSIS = "The next analysis uses it. Those that are running keep the version they began with."
UNCHANGED = "Nothing was changed"
REFUSED = "Prompts are for admins"
REFUSED_WHY = (
    "Please ask an admin or owner of this workspace to make the change, or to add you to ADMIN_USERS."
)
HELP_TITLE = "/prompt-version shows and changes the prompts that the agents work with. Admins only."
HELP_LOG = "Every change is recorded with who, when and why, and holds from the next analysis on."
HELP = (
    ("list", "every version, and which one is live", "/prompt-version list"),
    (
        "show",
        "one version in full; without a number the live one",
        "/prompt-version show document_analysis 2",
    ),
    (
        "set",
        "make a version live, with a reason",
        "/prompt-version set document_analysis 2 quotes are shorter",
    ),
    ("rollback", "back to the one before, at once", "/prompt-version rollback document_analysis"),
)

_VERBS = {
    ActivationAction.IMPORT: "came with",
    ActivationAction.SET: "set by",
    ActivationAction.ROLLBACK: "rolled back by",
}
_ROWS = (30, 15, 8, 4, 2, 1)
"""Versions shown per agent; tried in turn until the list fits."""
_NOTE, _REASON, _NAME, _BODY, _SENTENCE = 140, 300, 60, 2_800, 2_000
_FALLBACK = 700
MOST_PARTS = 4
_PART = 1_900
_SLACK_USER = re.compile(r"\b([UW](?=[A-Z]*\d)[A-Z0-9]{5,20})\b")
"""A digit is asked for, so that UNLIMITED is not taken for a person."""
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def prompt_list(agents: Sequence[ListedAgent], now: datetime) -> Message:
    """Per agent which version is live and why, and its versions, newest first, the live one always among them."""
    listed = [agent for agent in agents if agent.versions][: MAX_BLOCKS - 1]
    if not listed:
        return Message(escape_mrkdwn(NO_VERSIONS), [rich_text(section(words(NO_VERSIONS)))])
    live = ", ".join(f"{_name(agent.agent)} v{agent.live}" for agent in listed if agent.live is not None)
    blocks: list[Block] = []
    for most in _ROWS:
        blocks = [*(_agent_block(agent, now, most) for agent in listed), context(LIST_TIP)]
        if json_size(blocks) <= MAX_BLOCKS_JSON:
            break
    return Message(escape_mrkdwn(shorten(f"{LIST_TITLE}. Live: {live or 'none'}", _FALLBACK)), blocks)


def prompt_shown(shown: ShownVersion, now: datetime) -> Message:
    """A version and its text; with `overflow` the text is in `prompt_text`, to be sent after it."""
    prompt = shown.prompt
    label = f"{_name(prompt.agent)} {prompt.label}"
    about = [
        rich_text(section(bold(label), words("  "), *_about(shown.listed, now))),
        context(_settings(shown)),
    ]
    body = plain_lines(prompt.body)
    inline = [*about, rich_text(preformatted(body))] if body else about
    if len(body) <= _BODY and json_size(inline) <= MAX_BLOCKS_JSON:
        return Message(escape_mrkdwn(f"Prompt {label}"), inline)
    attached = [*about, rich_text(section(italic(BODY_FOLLOWS)))]
    return Message(escape_mrkdwn(f"Prompt {label}"), attached, overflow=True)


def prompt_text(shown: ShownVersion) -> list[Message]:
    """A long text in parts. A response URL takes five answers (docs.slack.dev/interactivity/handling-user-interaction)."""
    parts = list(_parts(plain_lines(shown.prompt.body)))
    if len(parts) > MOST_PARTS:
        parts[MOST_PARTS - 1 :] = [f"{parts[MOST_PARTS - 1]}\n{BODY_GOES_ON}"]
    label = f"Prompt {_name(shown.prompt.agent)} {shown.prompt.label}"
    return [
        Message(escape_mrkdwn(f"{label}, part {number}"), [rich_text(preformatted(part))])
        for number, part in enumerate(parts, start=1)
    ]


def _parts(body: str) -> Iterator[str]:
    """Cut at the ends of lines, below `_PART` characters a part, which fit however Slack counts them."""
    part = ""
    pieces = (
        line[start : start + _PART]
        for line in body.splitlines()
        for start in range(0, max(len(line), 1), _PART)
    )
    for line in pieces:
        if part and len(part) + len(line) >= _PART:
            yield part
            part = ""
        part = f"{part}\n{line}" if part else line
    if part:
        yield part


def prompt_changed(activation: Activation) -> Message:
    """document_analysis: v2 → v1, by whom and why."""
    before = "" if activation.from_version is None else f"v{activation.from_version} → "
    told = f"{_name(activation.agent)}: {before}v{activation.to_version}"
    verb = _VERBS[activation.action]
    reason = shorten(plain(activation.reason), _REASON)
    why = words(f"\nReason: {reason}") if reason else None
    return Message(
        text=escape_mrkdwn(shorten(f"{told}. {reason}", _FALLBACK)),
        blocks=[
            rich_text(section(bold(f"✓ {told}"), words(f"  {verb} "), *_people(activation.actor), why)),
            context(NEXT_ANALYSIS),
        ],
    )


def prompt_refused() -> Message:
    """For those who may not."""
    return _notice("🔒", REFUSED, REFUSED_WHY)


def prompt_unchanged(sentence: str) -> Message:
    """A change that could not be made: `sentence` is the error's `user_message`."""
    return _notice("⚠️", UNCHANGED, shorten(plain(sentence), _SENTENCE))


def prompt_help() -> Message:
    """The verbs, with an example each."""
    rows = [section(bold(verb), words(f": {what}\n"), code(example)) for verb, what, example in HELP]
    return Message(
        text=escape_mrkdwn(HELP_TITLE),
        blocks=[rich_text(section(words(HELP_TITLE)), bullets(rows)), context(HELP_LOG)],
    )


def age(then: datetime, now: datetime) -> str:
    """3 days ago"""
    seconds = (now - then).total_seconds()
    for unit_s, name in _UNITS:
        if seconds >= unit_s:
            count = int(seconds // unit_s)
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"


def _notice(emoji: str, title: str, why: str) -> Message:
    return Message(
        text=escape_mrkdwn(shorten(f"{title}. {why}", _FALLBACK)),
        blocks=[rich_text(section(bold(f"{emoji} {title}"), words(f"\n{why}") if why else None))],
    )


def _agent_block(agent: ListedAgent, now: datetime, most: int) -> Block:
    shown = [version for place, version in enumerate(agent.versions) if place < most or version.live]
    rows = [section(bold(f"v{version.version}"), words("  "), *_about(version, now)) for version in shown]
    if len(agent.versions) > len(shown):
        rows.append(section(italic(OLDER.format(count=len(agent.versions) - len(shown)))))
    return rich_text(
        section(bold(_name(agent.agent)), *_live_since(agent, now), *_waiting(agent)), bullets(rows)
    )


def _live_since(agent: ListedAgent, now: datetime) -> Iterator[Block]:
    if agent.last is None:
        yield words(f"  {NONE_LIVE}")
        return
    yield words(f"  v{agent.last.to_version} is live, ")
    yield from _people(shorten(done_by(agent.last), _REASON))
    yield words(f", {age(agent.last.at, now)}")


def _waiting(agent: ListedAgent) -> Iterator[Block]:
    if agent.waiting:
        yield words(f"\n⏳ {NEWER_WAITS}")


def _about(version: ListedVersion, now: datetime) -> list[Block | None]:
    note = shorten(plain(version.note), _NOTE)
    why_not = shorten(plain(version.why_not), _NOTE) or "unknown reason"
    return [
        code("LIVE") if version.live else None,
        words(" " if version.live else ""),
        words(f"{note} · " if note else ""),
        *_people(f"{version.author}, {age(version.created_at, now)}"),
        None if version.usable else italic(f"\n⛔ {CANNOT_BE_USED}{why_not}"),
    ]


def _settings(shown: ShownVersion) -> str:
    prompt = shown.prompt
    model = shorten(plain(prompt.model or ""), _NAME) or "the configured model"
    parts = (
        f"{model}, effort {plain(prompt.effort)}, up to {prompt.max_tokens:,} tokens",
        f"answers in the form {plain(prompt.contract)}",
        f"SHA-256 {plain(prompt.sha256)[:12]}",
    )
    return shorten(" · ".join(parts), _REASON)


def _people(text: str) -> Iterator[Block]:
    """`text` with Slack's user ids as the people's names. In an ephemeral answer that notifies nobody."""
    for position, part in enumerate(_SLACK_USER.split(plain(text))):
        if part:
            yield user(part) if position % 2 else words(part)


def _name(agent: str) -> str:
    return shorten(plain(agent), _NAME) or "agent"
