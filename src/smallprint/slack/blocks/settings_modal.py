"""The modal behind `/smallprint settings`: how a channel wants us to work, filled in as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from smallprint.models.domain import (
    KIND_GROUPS,
    ChannelFacts,
    ChannelSettings,
    Handling,
    Profile,
    groups_of,
)
from smallprint.slack.blocks.alert import is_group
from smallprint.slack.blocks.channel_words import HANDLINGS, KIND_NAMES, usual
from smallprint.slack.blocks.elements import option, plain_text
from smallprint.slack.blocks.filled import FilledForm
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.modal import Modal, choice, optional_input
from smallprint.slack.blocks.text import plain, shorten
from smallprint.slack.blocks.wishes import PROFILE_CHOICES
from smallprint.slack.languages import language

CALLBACK = "channel_settings"
TITLE = "How I work here"
SAVE = "Save"
HANDLING, SMALLEST, KINDS, PROFILE, LANGUAGE, ANSWERS = (
    "handling",
    "smallest",
    "kinds",
    "profile",
    "language",
    "answers",
)
ALERT, ALERT_CHANNEL, ALERT_GROUP, STRANGERS = "alert", "alert_channel", "alert_group", "strangers"
USUAL, YES = "usual", "yes"
THREAD, PRIVATELY = "thread", "private"
NOBODY, A_CHANNEL, A_GROUP = "nobody", "channel", "group"

LABELS: Mapping[str, str] = {
    HANDLING: "When somebody shares a file",
    SMALLEST: "Smallest file, in KB",
    KINDS: "Which files",
    PROFILE: "How much care",
    LANGUAGE: "Language of the answers",
    ANSWERS: "Where to answer",
    ALERT: "Whom to tell of a high or critical risk",
    ALERT_CHANNEL: "The channel to tell",
    ALERT_GROUP: "The user group to mention",
    STRANGERS: "People of other organisations",
}
HINTS: Mapping[str, str] = {
    HANDLING: "Whoever mentions me beside a file, or uses /analyse, is answered in any case.",
    SMALLEST: "Smaller files are read only when somebody asks. Empty: any size.",
    KINDS: "Others are read only when somebody asks. Nothing ticked: all.",
    LANGUAGE: "By its English name, such as German. Empty: the document's own.",
    ALERT_CHANNEL: "I must be a member. It sees the document's name and the risk; nothing of private answers.",
}
PROFILES: Sequence[tuple[str, str]] = (
    (USUAL, "As usual"),
    *PROFILE_CHOICES,
)
PLACES = ((THREAD, "In the file's thread"), (PRIVATELY, "First to who shared or asked"))
ALERTS = ((NOBODY, "Nobody"), (A_CHANNEL, "A channel"), (A_GROUP, "A user group, in the thread"))
ALLOWED = "Work here although they are in the channel"

BAD_SIZE = "Give a number of kilobytes, such as 50, or leave it empty."
BAD_LANGUAGE = "I don't know that language. Give its English name, such as German."
NO_CHANNEL = "Choose the channel that is to be told."
NO_GROUP = "Choose the user group that is to be mentioned."

KILOBYTE = 1_024
MOST_KILOBYTES = 1_000_000
_WORDS, _GROUPS, _OPTION = 60, 100, 70


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A group of people in Slack."""

    id: str
    name: str


def settings_modal(
    settings: ChannelSettings, facts: ChannelFacts, groups: Sequence[UserGroup], carried: str, *, admin: bool
) -> Modal:
    """`groups`: those that could be told; `admin`: whether who opens it may let strangers in."""
    blocks = [
        _choice(HANDLING, _handlings(facts), settings.handling or USUAL),
        _line(SMALLEST, str(settings.min_bytes // KILOBYTE) if settings.min_bytes else "", 12),
        _ticks(KINDS, KIND_NAMES.items(), groups_of(settings.kinds)),
        _choice(PROFILE, PROFILES, settings.profile or USUAL),
        _line(LANGUAGE, shorten(plain(settings.language), _WORDS), _WORDS),
    ]
    if not facts.is_direct:
        blocks.append(_choice(ANSWERS, PLACES, PRIVATELY if settings.private else THREAD))
        blocks += _alert(settings, groups)
        if admin:
            blocks.append(_ticks(STRANGERS, [(YES, ALLOWED)], [YES] if settings.strangers_allowed else []))
    return Modal(TITLE, blocks, CALLBACK, SAVE, carried)


@dataclass(frozen=True, slots=True)
class FilledSettings:
    """What somebody filled in, and what is wrong with it."""

    settings: ChannelSettings
    faults: Mapping[str, str]
    """block_id → a sentence."""

    @classmethod
    def of(cls, view: Mapping[str, Any], before: ChannelSettings, *, admin: bool) -> FilledSettings:
        """Out of a view_submission's view. What its form does not ask, or who sent it may not change, stays as `before`."""
        form, faults = FilledForm(view), dict[str, str]()
        settings = replace(
            before,
            handling=_one_of(Handling, form.chosen(HANDLING)),
            min_bytes=_bytes(form.typed(SMALLEST), faults),
            kinds=frozenset().union(*(KIND_GROUPS.get(name, frozenset()) for name in form.ticked(KINDS))),
            profile=_one_of(Profile, form.chosen(PROFILE)),
            language=_language(form.typed(LANGUAGE), faults),
        )
        if form.asks(ANSWERS):
            private = form.chosen(ANSWERS) == PRIVATELY
            settings = replace(settings, private=private, alert=_alerted(form, faults))
        if form.asks(STRANGERS) and admin:
            settings = replace(settings, strangers_allowed=YES in form.ticked(STRANGERS))
        return cls(settings, faults)


def _handlings(facts: ChannelFacts) -> list[tuple[str, str]]:
    return [(USUAL, usual(facts)), *((handling.value, text) for handling, text in HANDLINGS.items())]


def _alert(settings: ChannelSettings, groups: Sequence[UserGroup]) -> Iterator[Block]:
    group = settings.alert if is_group(settings.alert) else ""
    known = {each.id: shorten(plain(each.name), _OPTION) or each.id for each in groups[:_GROUPS]}
    if group and group not in known:
        known = {group: group, **dict(list(known.items())[: _GROUPS - 1])}
    who = NOBODY if not settings.alert else A_GROUP if group else A_CHANNEL
    yield _choice(ALERT, [each for each in ALERTS if each[0] != A_GROUP or known], who)
    conversation = {} if group or not settings.alert else {"initial_conversation": settings.alert}
    filtered = {"include": ["public", "private"], "exclude_external_shared_channels": True}
    yield _input(ALERT_CHANNEL, {"type": "conversations_select", "filter": filtered, **conversation})
    if known:
        options = {each: option(name, each) for each, name in known.items()}
        chosen = {"initial_option": options[group]} if group else {}
        yield _input(ALERT_GROUP, {"type": "static_select", "options": list(options.values()), **chosen})


def _alerted(form: FilledForm, faults: dict[str, str]) -> str:
    who = form.chosen(ALERT)
    if who == A_CHANNEL:
        channel = str(form.element(ALERT_CHANNEL).get("selected_conversation") or "")
        if not channel:
            faults[ALERT_CHANNEL] = NO_CHANNEL
        return channel
    if who == A_GROUP:
        group = form.chosen(ALERT_GROUP)
        if not group:
            faults[ALERT_GROUP] = NO_GROUP
        return group
    return ""


def _bytes(typed: str, faults: dict[str, str]) -> int:
    number = typed.casefold().removesuffix("kb").strip().replace(",", "").replace(" ", "")
    if not number:
        return 0
    if not (number.isascii() and number.isdigit()) or int(number) > MOST_KILOBYTES:
        faults[SMALLEST] = BAD_SIZE
        return 0
    return int(number) * KILOBYTE


def _language(typed: str, faults: dict[str, str]) -> str:
    words = typed.casefold().split()
    name, count = language(words) if words else ("", 0)
    if count != len(words):
        faults[LANGUAGE] = BAD_LANGUAGE
    return name


def _one_of(kind: Any, value: str) -> Any:
    """None for what is not one of them: as usual."""
    return kind(value) if value in set(kind) else None


def _input(name: str, element: Block) -> Block:
    return optional_input(name, LABELS[name], element, hint=HINTS.get(name, ""))


def _choice(name: str, texts: Sequence[tuple[str, str]], chosen: str) -> Block:
    options = {value: option(shorten(text, _OPTION), value) for value, text in texts}
    block = choice(name, LABELS[name], list(options.values()), options[chosen])
    return {**block, "hint": plain_text(HINTS[name])} if name in HINTS else block


def _ticks(name: str, texts: Any, ticked: Sequence[str]) -> Block:
    options = {value: option(text, value) for value, text in texts}
    initial = [options[value] for value in ticked]
    return _input(
        name,
        {
            "type": "checkboxes",
            "options": list(options.values()),
            **({"initial_options": initial} if initial else {}),
        },
    )


def _line(name: str, value: str, most: int) -> Block:
    initial = {"initial_value": value} if value else {}
    return _input(name, {"type": "plain_text_input", "max_length": most, **initial})
