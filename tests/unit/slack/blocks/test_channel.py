"""Everything that is said about a channel's settings, whatever the names, ids and languages are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.models.domain import (
    KIND_GROUPS,
    Against,
    ChannelFacts,
    ChannelSettings,
    Handling,
    Profile,
    RiskLevel,
)
from smallprint.slack.blocks.alert import channel_alert, group_alert, is_group
from smallprint.slack.blocks.channel_words import (
    NOW,
    settings_changed,
    settings_lines,
    settings_told,
    usual,
)
from smallprint.slack.blocks.introduction import introduction
from smallprint.slack.blocks.offer import DECLINED, declined_message, offer_message, taken_message
from smallprint.slack.blocks.product_help import product_help
from smallprint.slack.blocks.settings_modal import FilledSettings, UserGroup, settings_modal
from tests.fakes.reports import HOSTILE, low_report
from tests.unit.slack.blocks.prompt_words import ANY_WORDS, asked, said, told

CROWD, DIRECT = ChannelFacts(members=51), ChannelFacts(is_direct=True)
ANY_SETTINGS = st.builds(
    ChannelSettings,
    handling=st.sampled_from([None, *Handling]),
    min_bytes=st.integers(0, 10**9),
    kinds=st.sets(st.sampled_from(list(KIND_GROUPS.values()))).map(lambda groups: frozenset().union(*groups)),
    profile=st.sampled_from([None, *Profile]),
    language=ANY_WORDS,
    alert=st.sampled_from(["", "S0COUNSEL1", "C0LEGAL001", "not an id"]) | ANY_WORDS,
    private=st.booleans(),
    strangers_allowed=st.booleans(),
)
ANY_FACTS = st.builds(
    ChannelFacts,
    members=st.none() | st.integers(0, 10**6),
    is_private=st.booleans(),
    is_direct=st.booleans(),
    is_shared=st.booleans(),
)


@given(
    ANY_SETTINGS,
    ANY_FACTS,
    st.lists(st.builds(UserGroup, ANY_WORDS.filter(bool), ANY_WORDS), max_size=3),
    st.booleans(),
)
def test_the_form_opens_whatever_was_set_and_whatever_groups_are_called(settings, facts, groups, admin):  # fmt: skip
    groups = [replace(group, id=f"S0{number}") for number, group in enumerate(groups)]
    asked(settings_modal(settings, facts, groups, '{"channel": "C1"}', admin=admin))


def test_more_groups_than_a_menu_holds_are_let_go_but_not_the_chosen_one():
    groups = [UserGroup(f"S{number:04d}", f"group {number}") for number in range(150)]
    modal = settings_modal(ChannelSettings(alert="S9999"), CROWD, groups, "", admin=False)
    assert '"S9999"' in asked(modal)


@given(ANY_SETTINGS, ANY_SETTINGS, ANY_FACTS, st.text())
def test_settings_and_their_changes_are_told_in_words_that_format_nothing(before, after, facts, user):
    told(settings_told(NOW, before, facts, HOSTILE))
    told(settings_changed(user, before, after))


def test_a_change_names_who_and_what_and_wakes_nobody():
    message = settings_changed(
        "U0ANN00001", ChannelSettings(), ChannelSettings(private=True, alert="S0COUNSEL1")
    )
    line = said(message.blocks)
    assert "Answers: in the thread → to who shared or asked, who may share it" in line
    assert "Told of high risks: nobody → a user group" in line
    assert '"usergroup"' not in told(message)
    assert "Language" not in line


def test_another_group_is_a_change_too():
    before, after = ChannelSettings(alert="S1A"), ChannelSettings(alert="S2B")
    assert "another user group" in said(settings_changed("U0ANN00001", before, after).blocks)


def test_what_holds_where_nobody_chose_says_why():
    assert usual(CROWD) == "As usual here: ask first, with a button (more than 50 people)"
    assert usual(ChannelFacts(members=4)) == "As usual here: begin at once"


def test_direct_messages_have_nobody_to_tell_and_no_strangers():
    assert len(settings_lines(ChannelSettings(), DIRECT)) == 5


@pytest.mark.parametrize("handling", Handling)
@pytest.mark.parametrize("closed", [True, False])
def test_the_introduction_is_short_and_says_how_to_switch_it_off(handling, closed):
    message = introduction(handling, closed=closed)
    assert "/smallprint settings" in told(message)
    assert len(said(message.blocks)) < 600


@given(st.text())
def test_an_offer_carries_an_id_and_who_took_it_is_named(text):
    told(offer_message(text))
    told(taken_message(text))


def test_every_refusal_that_is_told_has_its_sentence():
    for code in (Against.ASKED_BY_GUEST, Against.ASKED_IN_SHARED_CHANNEL):
        assert DECLINED[code] in said(declined_message(code).blocks)


@given(ANY_WORDS, ANY_WORDS)
def test_an_alert_mentions_the_group_and_nothing_that_a_document_is_called(name, address):
    report = replace(low_report(), document_name=name, risk_level=RiskLevel.HIGH)
    group = told(group_alert("S0COUNSEL1", report))
    assert group.count('"usergroup"') == 1
    told(channel_alert(report, "https://acme.slack.com/archives/C1/p1" if address else ""))


def test_groups_and_channels_are_told_apart():
    assert is_group("S0COUNSEL1")
    assert not any(map(is_group, ["", "C0LEGAL001", "G0LEGAL001", "S", "<!subteam^S1>"]))


@given(ANY_WORDS)
def test_a_verb_that_there_is_none_of_is_answered_with_all_there_are(verb):
    assert "/smallprint settings" in told(product_help(verb))


@given(st.dictionaries(st.sampled_from(["smallest", "language"]), ANY_WORDS))
def test_whatever_is_typed_is_settings_or_a_sentence_at_a_field(typed):
    view = {"state": {"values": {name: {name: {"value": text}} for name, text in typed.items()}}}
    filled = FilledSettings.of(view, ChannelSettings(), admin=False)
    assert set(filled.faults) <= set(typed)
    assert filled.settings.min_bytes >= 0
