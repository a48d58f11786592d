"""What a channel wants of us, and whether a file that was shared in it is analysed. Frozen, plain, without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from smallprint.models.domain.brief import Brief, Profile
from smallprint.models.domain.document import DocumentKind

MANY_PEOPLE = 50
"""In a public channel of more people than this we ask first: not everybody there wants every file read."""

KIND_GROUPS: Mapping[str, frozenset[DocumentKind]] = {
    "pdf": frozenset({DocumentKind.PDF}),
    "word": frozenset({DocumentKind.DOCX, DocumentKind.DOC, DocumentKind.ODT, DocumentKind.RTF}),
    "slides": frozenset({DocumentKind.PPTX, DocumentKind.PPT}),
    "sheets": frozenset(
        {DocumentKind.XLSX, DocumentKind.XLS, DocumentKind.XLSB, DocumentKind.ODS}
        | {DocumentKind.CSV, DocumentKind.TSV}
    ),
    "mail": frozenset({DocumentKind.EMAIL}),
    "text": frozenset({DocumentKind.HTML, DocumentKind.MARKDOWN, DocumentKind.TEXT}),
    "pictures": frozenset({DocumentKind.PNG, DocumentKind.JPEG, DocumentKind.GIF, DocumentKind.WEBP}),
}
"""Kinds as people think of them; each kind is in one group."""


class Handling(StrEnum):
    """What happens when somebody shares a file without a word to us."""

    AUTOMATIC = "automatic"
    ASK_FIRST = "ask_first"
    """A button in the thread."""
    ON_REQUEST = "on_request"
    """Nothing, until somebody asks."""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What a channel's people set up. As it is made here, nobody has set up anything."""

    handling: Handling | None = None
    """None: what fits the channel, see `handling_for`."""
    min_bytes: int = 0
    """Smaller files are analysed only when somebody asks."""
    kinds: frozenset[DocumentKind] = frozenset()
    """Others are analysed only when somebody asks; empty: there are no others."""
    profile: Profile | None = None
    language: str = ""
    """To answer in, by its English name; empty for the document's own."""
    alert: str = ""
    """Who is told of a high risk: id of a user group (S…) or of a channel (C…, G…); empty for nobody."""
    private: bool = False
    """The answer goes to who shared or asked first, and they decide who sees it."""
    strangers_allowed: bool = False
    """Smallprint works although people of other organisations are in the channel. Set by admins only."""

    @property
    def picky(self) -> bool:
        """True if size or kind of a file matter."""
        return bool(self.min_bytes or self.kinds)


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """One entry of the log of settings. Of a channel's entries the last one holds."""

    id: int
    team: str
    channel: str
    settings: ChannelSettings
    before: ChannelSettings
    """What held until then."""
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What Slack says of a conversation."""

    members: int | None = None
    """None where Slack does not say: direct messages."""
    is_private: bool = False
    is_direct: bool = False
    """A direct message, or one of a group."""
    is_shared: bool = False
    """People of other workspaces are in it (Slack Connect, or another workspace of an Enterprise organisation)."""
    is_member: bool = False
    """We are in it."""
    creator: str = ""
    """Slack's id of who made it; in a direct message, of who talks with us."""


def handling_for(settings: ChannelSettings, facts: ChannelFacts) -> Handling:
    """What the channel's people chose; else ask first in public channels of many, and begin at once in all others."""
    if settings.handling is not None:
        return settings.handling
    is_public = not (facts.is_private or facts.is_direct)
    many = facts.members is not None and facts.members > MANY_PEOPLE
    return Handling.ASK_FIRST if is_public and many else Handling.AUTOMATIC


def with_wishes(brief: Brief, settings: ChannelSettings, facts: ChannelFacts) -> Brief:
    """The asker's wishes, and the channel's where the asker has none."""
    return replace(
        brief,
        profile=brief.profile or settings.profile,
        language=brief.language or settings.language,
        private=brief.private or (settings.private and not facts.is_direct),
    )


def groups_of(kinds: frozenset[DocumentKind]) -> tuple[str, ...]:
    """The names of the groups that these kinds make up, in the groups' order."""
    return tuple(name for name, group in KIND_GROUPS.items() if group <= kinds)


class Standing(StrEnum):
    """Who somebody is to the workspace that set us up."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    """Of another workspace, or nobody that Slack knows."""


class Against(StrEnum):
    """Why a file is not analysed: the outcome of its job."""

    OFFERED = "offered"
    """A button in the thread starts it."""
    ONLY_WHEN_ASKED = "only_when_asked"
    TOO_SMALL = "below_minimum"
    OTHER_KIND = "kind_not_wanted"
    SHARED_CHANNEL = "shared_channel"
    """People of other organisations are here, or it was one of them."""
    ASKED_IN_SHARED_CHANNEL = "asked_in_shared_channel"
    ASKED_BY_GUEST = "asked_by_guest"
    NOBODY_TO_ANSWER = "stranger_in_private"
    """The answer should go to a stranger's direct messages, where we cannot write."""


TOLD = frozenset({Against.OFFERED, Against.ASKED_IN_SHARED_CHANNEL, Against.ASKED_BY_GUEST})
"""Of these somebody is told; in all other cases the channel wishes for silence, or strangers would hear us."""


def reason_against(
    settings: ChannelSettings, facts: ChannelFacts, standing: Standing, *, asked: bool
) -> Against | None:
    """Why what somebody of that standing shared, or asked for, is not analysed; None: it is.

    Guests may share, only full members may ask: what others ask for is treated like what they share.
    """
    if (facts.is_shared or standing is Standing.STRANGER) and not settings.strangers_allowed:
        ours = asked and standing is not Standing.STRANGER
        return Against.ASKED_IN_SHARED_CHANNEL if ours else Against.SHARED_CHANNEL
    if settings.private and standing is Standing.STRANGER and not facts.is_direct:
        return Against.NOBODY_TO_ANSWER
    if asked and standing is Standing.MEMBER:
        return None
    match handling_for(settings, facts):
        case Handling.AUTOMATIC:
            return None
        case Handling.ASK_FIRST:
            return Against.OFFERED
        case Handling.ON_REQUEST:
            return Against.ASKED_BY_GUEST if asked else Against.ONLY_WHEN_ASKED


def reason_against_file(settings: ChannelSettings, size: int, kind: DocumentKind | None) -> Against | None:
    """The same of the file itself. `size` in bytes, 0 where Slack does not say; `kind` None for what we don't know."""
    if 0 < size < settings.min_bytes:
        return Against.TOO_SMALL
    if settings.kinds and kind not in settings.kinds:
        return Against.OTHER_KIND
    return None
