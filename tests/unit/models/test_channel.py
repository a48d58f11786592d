"""Which files are analysed where: the rules as tables."""

from __future__ import annotations

import pytest

from smallprint.models.domain import (
    KIND_GROUPS,
    MANY_PEOPLE,
    TOLD,
    Against,
    Brief,
    ChannelFacts,
    ChannelSettings,
    DocumentKind,
    Handling,
    Profile,
    Standing,
    groups_of,
    handling_for,
    reason_against,
    reason_against_file,
    with_wishes,
)

MEMBER, GUEST, STRANGER = Standing
SMALL, LARGE = ChannelFacts(members=MANY_PEOPLE), ChannelFacts(members=MANY_PEOPLE + 1)
PRIVATE, DIRECT = ChannelFacts(members=500, is_private=True), ChannelFacts(is_direct=True)
SHARED = ChannelFacts(members=5, is_shared=True)
NOTHING = ChannelSettings()
ALLOWED = ChannelSettings(strangers_allowed=True)
ON_REQUEST = ChannelSettings(handling=Handling.ON_REQUEST)


@pytest.mark.parametrize(
    ("facts", "usual"),
    [
        (SMALL, Handling.AUTOMATIC),
        (LARGE, Handling.ASK_FIRST),
        (PRIVATE, Handling.AUTOMATIC),
        (DIRECT, Handling.AUTOMATIC),
        (ChannelFacts(), Handling.AUTOMATIC),
    ],
)
def test_where_nobody_chose_large_public_channels_are_asked_first(facts, usual):
    assert handling_for(NOTHING, facts) is usual


@pytest.mark.parametrize("chosen", Handling)
@pytest.mark.parametrize("facts", [SMALL, LARGE, PRIVATE, DIRECT, SHARED])
def test_what_the_channel_chose_holds_whatever_it_is_like(chosen, facts):
    assert handling_for(ChannelSettings(handling=chosen), facts) is chosen


@pytest.mark.parametrize(
    ("settings", "facts", "standing", "asked", "against"),
    [
        (NOTHING, SMALL, MEMBER, False, None),
        (NOTHING, SMALL, GUEST, False, None),
        (NOTHING, LARGE, MEMBER, False, Against.OFFERED),
        (NOTHING, LARGE, MEMBER, True, None),
        (NOTHING, LARGE, GUEST, True, Against.OFFERED),
        (ON_REQUEST, SMALL, MEMBER, False, Against.ONLY_WHEN_ASKED),
        (ON_REQUEST, SMALL, MEMBER, True, None),
        (ON_REQUEST, SMALL, GUEST, False, Against.ONLY_WHEN_ASKED),
        (ON_REQUEST, SMALL, GUEST, True, Against.ASKED_BY_GUEST),
        (NOTHING, SHARED, MEMBER, False, Against.SHARED_CHANNEL),
        (NOTHING, SHARED, MEMBER, True, Against.ASKED_IN_SHARED_CHANNEL),
        (NOTHING, SHARED, GUEST, True, Against.ASKED_IN_SHARED_CHANNEL),
        (NOTHING, SHARED, STRANGER, True, Against.SHARED_CHANNEL),
        (NOTHING, DIRECT, STRANGER, False, Against.SHARED_CHANNEL),
        (ALLOWED, SHARED, MEMBER, False, None),
        (ALLOWED, SHARED, STRANGER, False, None),
        (
            ChannelSettings(handling=Handling.ON_REQUEST, strangers_allowed=True),
            SHARED,
            STRANGER,
            True,
            Against.ASKED_BY_GUEST,
        ),
        (ChannelSettings(private=True, strangers_allowed=True), SHARED, STRANGER, False, Against.NOBODY_TO_ANSWER),
        (ChannelSettings(private=True, strangers_allowed=True), SHARED, MEMBER, False, None),
    ],
)  # fmt: skip
def test_guests_may_share_members_may_ask_and_strangers_keep_us_quiet(settings, facts, standing, asked, against):  # fmt: skip
    assert reason_against(settings, facts, standing, asked=asked) is against


def test_nobody_hears_of_what_a_channel_wants_quiet():
    silent = {Against.ONLY_WHEN_ASKED, Against.TOO_SMALL, Against.OTHER_KIND, Against.SHARED_CHANNEL}
    assert silent.isdisjoint(TOLD)


@pytest.mark.parametrize(
    ("size", "kind", "against"),
    [
        (1_024, DocumentKind.PDF, None),
        (1_023, DocumentKind.PDF, Against.TOO_SMALL),
        (0, DocumentKind.PDF, None),
        (5_000, DocumentKind.PNG, Against.OTHER_KIND),
        (5_000, None, Against.OTHER_KIND),
    ],
)
def test_small_files_and_other_kinds_wait_until_somebody_asks(size, kind, against):
    picky = ChannelSettings(min_bytes=1_024, kinds=frozenset({DocumentKind.PDF}))
    assert picky.picky
    assert reason_against_file(picky, size, kind) is against


def test_a_channel_that_is_not_picky_takes_every_file():
    assert not NOTHING.picky
    assert reason_against_file(NOTHING, 1, None) is None


def test_the_asker_s_wishes_come_before_the_channel_s():
    wishes = ChannelSettings(profile=Profile.ECONOMY, language="German", private=True)
    assert with_wishes(Brief(), wishes, SMALL) == Brief(
        profile=Profile.ECONOMY, language="German", private=True
    )
    asked = Brief(profile=Profile.THOROUGH, language="French", side="the tenant")
    merged = with_wishes(asked, wishes, SMALL)
    assert (merged.profile, merged.language, merged.side) == (Profile.THOROUGH, "French", "the tenant")


def test_in_direct_messages_everything_is_private_already():
    assert with_wishes(Brief(), ChannelSettings(private=True), DIRECT) == Brief()


def test_every_kind_is_in_one_group():
    kinds = [kind for group in KIND_GROUPS.values() for kind in group]
    assert sorted(kinds) == sorted(DocumentKind)
    assert groups_of(KIND_GROUPS["word"] | KIND_GROUPS["pdf"]) == ("pdf", "word")
