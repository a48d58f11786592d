"""A channel's settings in words, a line each: for its modal, for the line that tells of a change, and for who may not change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smallprint.models.domain import (
    MANY_PEOPLE,
    ChannelFacts,
    ChannelSettings,
    Handling,
    Profile,
    groups_of,
    handling_for,
)
from smallprint.slack.blocks.elements import bold, bullets, channel, known_user, rich_text, section, words
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten

HANDLINGS: Mapping[Handling, str] = {
    Handling.AUTOMATIC: "Begin at once",
    Handling.ASK_FIRST: "Ask first, with a button",
    Handling.ON_REQUEST: "Only when somebody asks",
}
USUAL = "As usual here: {what}"
USUAL_PLAIN = "As usual"
KIND_NAMES: Mapping[str, str] = {
    "pdf": "PDF",
    "word": "Word and alike",
    "slides": "Slides",
    "sheets": "Spreadsheets and CSV",
    "mail": "E-mail",
    "text": "Text, Markdown and web pages",
    "pictures": "Pictures of pages",
}
PROFILES: Mapping[Profile | None, str] = {
    None: "As usual",
    Profile.ECONOMY: "Economy",
    Profile.BALANCED: "Balanced",
    Profile.THOROUGH: "Thorough",
}
ALL_KINDS, ANY_SIZE, OWN_LANGUAGE, NOBODY = "all", "any", "the document's own", "nobody"
IN_THREAD, PRIVATE = "in the thread", "to who shared or asked, who may share it"
CLOSED, OPEN = "I stay quiet", "I work all the same"

FILES, SMALLEST, KINDS, CARE = "When a file is shared", "Smallest file", "Kinds of files", "Care"
LANGUAGE, ANSWERS, TOLD, STRANGERS = (
    "Language of answers",
    "Answers",
    "Told of high risks",
    "With people of other organisations",
)
CHANGED = " changed how I work here:"
SOMEBODY = "Somebody"
NOW = "How I work here"
WHO_MAY = "This can be changed by admins, and by whoever made the channel. Please ask one of them."
SAVED, UNCHANGED = (
    "✓ Saved. From the next file on I work like this:",
    "✓ Nothing was changed. I work like this:",
)

_LANGUAGE = 60


def usual(facts: ChannelFacts) -> str:
    """What holds where nobody chose."""
    chosen = HANDLINGS[handling_for(ChannelSettings(), facts)].lower()
    many = facts.members is not None and facts.members > MANY_PEOPLE
    why = f" (more than {MANY_PEOPLE} people)" if many and not facts.is_private else ""
    return USUAL.format(what=f"{chosen}{why}")


def kind_words(settings: ChannelSettings) -> str:
    names = [KIND_NAMES[name] for name in groups_of(settings.kinds)]
    return ", ".join(names) if names else ALL_KINDS


def size_words(settings: ChannelSettings) -> str:
    return f"{settings.min_bytes // 1024:,} KB" if settings.min_bytes else ANY_SIZE


def settings_lines(settings: ChannelSettings, facts: ChannelFacts | None = None) -> dict[str, list[Block]]:
    """Name of a setting → how it stands; the last one only where it matters."""
    handling = settings.handling
    usually = usual(facts) if facts else USUAL_PLAIN
    lines = {
        FILES: [words(HANDLINGS[handling] if handling else usually)],
        SMALLEST: [words(size_words(settings))],
        KINDS: [words(kind_words(settings))],
        CARE: [words(PROFILES[settings.profile])],
        LANGUAGE: [words(shorten(plain(settings.language), _LANGUAGE) or OWN_LANGUAGE)],
        ANSWERS: [words(PRIVATE if settings.private else IN_THREAD)],
        TOLD: [alerted(settings.alert)],
        STRANGERS: [words(OPEN if settings.strangers_allowed else CLOSED)],
    }
    if facts and facts.is_direct:
        return {name: line for name, line in lines.items() if name not in {ANSWERS, TOLD, STRANGERS}}
    return lines


def settings_blocks(title: str, settings: ChannelSettings, facts: ChannelFacts) -> list[Block]:
    """The whole of them under a title."""
    lines = settings_lines(settings, facts)
    return [rich_text(section(bold(title)), bullets(_line(name, said) for name, said in lines.items()))]


def settings_told(title: str, settings: ChannelSettings, facts: ChannelFacts, hint: str = "") -> Message:
    """As an answer to one person."""
    blocks = settings_blocks(title, settings, facts)
    if hint:
        blocks.append(rich_text(section(words(hint))))
    return Message(escape_mrkdwn(f"{title}. {hint}".strip()), blocks)


def settings_changed(user_id: str, before: ChannelSettings, after: ChannelSettings) -> Message:
    """The line in the channel: who changed what. Nobody is woken by it."""
    changed = list(_changes(before, after))
    who = known_user(user_id) or words(SOMEBODY)
    return Message(
        escape_mrkdwn(SOMEBODY + CHANGED.removesuffix(":")),
        [rich_text(section(who, words(CHANGED)), *([bullets(changed)] if changed else []))],
    )


def alerted(alert: str) -> Block:
    """Who is told, by name for those who may know it; a group is named without waking it."""
    if not alert:
        return words(NOBODY)
    return words("a user group") if alert.startswith("S") else channel(alert)


def _changes(before: ChannelSettings, after: ChannelSettings) -> Iterator[Block]:
    old, new = settings_lines(before), settings_lines(after)
    for name, said in new.items():
        if said != old[name]:
            yield _line(name, [*old[name], words(" → "), *said])
    if before.alert != after.alert and old[TOLD] == new[TOLD]:
        yield _line(TOLD, [words("another user group")])


def _line(name: str, said: list[Block]) -> Block:
    return section(words(f"{name}: "), *said)
