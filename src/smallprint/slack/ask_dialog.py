"""What happens when the modal of `/analyse` is opened, and when it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from smallprint.errors import (
    FileError,
    LinkRefused,
    LinksOff,
    NotAllowed,
    NotInChannel,
    SmallprintError,
)
from smallprint.jobs.intake import IntakeStopped
from smallprint.models.domain import Brief, Profile
from smallprint.reports.text import plain, shorten
from smallprint.slack.asking import Asked, Asking
from smallprint.slack.blocks.ask_modal import (
    FILES,
    LANGUAGE,
    MAX_WORDS,
    SOURCE,
    THEMES_OFFERED,
    TITLE,
    WHERE,
    Filled,
    ask_modal,
)
from smallprint.slack.blocks.modal import Modal, said_modal
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.wishes import understood
from smallprint.slack.carried import Carried
from smallprint.slack.languages import language
from smallprint.slack.listeners.repeat import STOPPING
from smallprint.slack.modals import FieldErrors
from smallprint.slack.references import Reference, parse_reference

log = structlog.get_logger()

NOTHING_GIVEN = "Give me a file, a link or some text."
ONE_LINK = "One link at a time, please, and nothing beside it. To send text, leave the links out."
UNKNOWN_LANGUAGE = "I don't know that language. Give its English name, such as German."
NOT_HERE = "I'm not in this channel, so I can't answer here. Invite me with /invite, or choose “Only to me”."
BEGUN_HERE = "On it. The answer comes in a thread in the channel where you asked."
BEGUN_PRIVATELY = "On it. The answer comes to you alone, in our direct messages."
FOCUS_MOST = 300
A_LINK_AND_LITTLE_ELSE = 40
"""Characters beside a link that are let pass as a word of politeness."""


class AskDialog:
    """Opens with what is possible in the channel; sent, it says what is wrong at each field."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def opened(self, channel: str) -> Modal:
        """The empty form; without us in the channel it offers a private answer only."""
        try:
            await self._asking.require_presence(channel)
        except NotInChannel:
            return ask_modal(str(Carried(channel=channel)), present=False)
        except SmallprintError as error:
            log.info("channel not known", code=error.code)
        return ask_modal(str(Carried(channel=channel)), present=True)

    async def sent(self, body: Mapping[str, Any], view: Mapping[str, Any]) -> Modal | FieldErrors:
        """A modal that says that it begins, or what is wrong. Raises SmallprintError for what is about no field."""
        filled = Filled.of(view)
        reference = parse_reference(filled.source)
        wrong = _faults(filled, reference)
        if wrong:
            return FieldErrors(wrong)
        request = f"form-{hashlib.sha256(view['id'].encode()).hexdigest()[:24]}"
        asked = Asked(
            request,
            body["user"]["id"],
            (body.get("team") or {}).get("id") or body["user"].get("team_id", ""),
            Carried.read(view["private_metadata"]).channel,
            reference,
            filled.files,
            "" if reference else filled.source,
            _brief(filled),
        )
        try:
            done = await self._asking.ask(asked)
        except (FileError, LinksOff, LinkRefused, NotAllowed) as error:
            return FieldErrors({SOURCE if filled.source else FILES: error.user_message})
        except NotInChannel:
            return FieldErrors({WHERE: NOT_HERE})
        except IntakeStopped:
            return FieldErrors({FILES: STOPPING})
        begun = BEGUN_PRIVATELY if done.brief.private else BEGUN_HERE
        return said_modal(TITLE, answer_message(f"{begun} {understood(done.brief)}"))


def _faults(filled: Filled, reference: Reference | None) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not filled.files and not filled.source:
        wrong[SOURCE] = NOTHING_GIVEN
    elif reference is not None and not _is_a_link(filled.source):
        wrong[SOURCE] = ONE_LINK
    if filled.language and not _language(filled.language):
        wrong[LANGUAGE] = UNKNOWN_LANGUAGE
    return wrong


def _is_a_link(source: str) -> bool:
    """One link, and hardly anything beside it."""
    words = source.split()
    links = [word for word in words if "://" in word]
    return len(links) == 1 and len(source) - len(links[0]) <= A_LINK_AND_LITTLE_ELSE


def _brief(filled: Filled) -> Brief:
    return Brief(
        profile=Profile(filled.profile) if filled.profile in set(Profile) else None,
        side=shorten(plain(filled.side), MAX_WORDS),
        focus=shorten("; ".join((*_themes(filled.themes), *filter(None, [plain(filled.focus)]))), FOCUS_MOST),
        language=_language(filled.language),
        private=filled.private,
    )


def _themes(ticked: Sequence[str]) -> list[str]:
    return [theme.words for theme in THEMES_OFFERED if theme.key in ticked]


def _language(written: str) -> str:
    """Its English name; empty for none, and for what is no language."""
    words = written.casefold().split()
    return language(words[:2])[0] if words else ""
