"""One prompt version in full: what it is, where it is live, and its text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from smallprint.prompts.listing import ShownVersion
from smallprint.slack.blocks.activation import agent_name
from smallprint.slack.blocks.elements import (
    bold,
    channel,
    context,
    italic,
    preformatted,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.parts import parts
from smallprint.slack.blocks.prompt_list import about
from smallprint.slack.blocks.text import escape_mrkdwn, plain, plain_lines, shorten

BODY_FOLLOWS = "The text follows below."
BODY_GOES_ON = "… the rest is shown by `smallprint prompts show` in a terminal."
TRIED = "🐤 Tried on {percent} % of the documents"
PINNED = "📌 Pinned to "
EVALUATION = "Evaluation: "

_BODY, _NAME, _SETTINGS, _PINS, _OPINION = 2_800, 60, 300, 10, 200


def prompt_shown(shown: ShownVersion, now: datetime) -> Message:
    """A version and its text; with `overflow` the text is in `prompt_text`, to be sent after it."""
    prompt = shown.prompt
    label = f"{agent_name(prompt.agent)} {prompt.label}"
    head = [
        rich_text(section(bold(label), words("  "), *about(shown.listed, now)), *_where(shown)),
        context(_settings(shown)),
    ]
    body = plain_lines(prompt.body)
    inline = [*head, rich_text(preformatted(body))] if body else head
    if len(body) <= _BODY and json_size(inline) <= MAX_BLOCKS_JSON:
        return Message(escape_mrkdwn(f"Prompt {label}"), inline)
    attached = [*head, rich_text(section(italic(BODY_FOLLOWS)))]
    return Message(escape_mrkdwn(f"Prompt {label}"), attached, overflow=True)


def prompt_text(shown: ShownVersion) -> list[Message]:
    """The text, in parts."""
    label = f"Prompt {agent_name(shown.prompt.agent)} {shown.prompt.label}"
    pieces = parts(plain_lines(shown.prompt.body), goes_on=BODY_GOES_ON)
    return [
        Message(escape_mrkdwn(f"{label}, part {number}"), [rich_text(preformatted(piece))])
        for number, piece in enumerate(pieces, start=1)
    ]


def _where(shown: ShownVersion) -> Iterator[Block]:
    if shown.canary is not None:
        yield section(words(TRIED.format(percent=shown.canary.percent)))
    if shown.pins:
        yield section(words(PINNED), *_channels(shown))
    yield section(words(EVALUATION + shorten(plain(shown.opinion.sentence), _OPINION)))


def _channels(shown: ShownVersion) -> Iterator[Block]:
    for place, pin in enumerate(shown.pins[:_PINS]):
        if place:
            yield words(", ")
        yield channel(pin.scope_id)
    if len(shown.pins) > _PINS:
        yield words(f" and {len(shown.pins) - _PINS} more")


def _settings(shown: ShownVersion) -> str:
    prompt = shown.prompt
    model = shorten(plain(prompt.model or ""), _NAME) or "the configured model"
    told = (
        f"{model}, effort {plain(prompt.effort)}, up to {prompt.max_tokens:,} tokens",
        f"answers in the form {plain(prompt.contract)}",
        f"SHA-256 {plain(prompt.sha256)[:12]}",
    )
    return shorten(" · ".join(told), _SETTINGS)
