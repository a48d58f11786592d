"""What stands beside the link in `/analyse`."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.models.domain import Brief, Profile
from smallprint.reports.text import plain
from smallprint.slack.languages import NAMES, OWN_NAMES, language
from smallprint.slack.references import FileReference, parse_reference
from smallprint.slack.wishes import MOST, parse_wishes

LINK = "https://acme.slack.com/files/U01AB/F02CD/lease.pdf"
EVERYTHING = Brief(
    profile=Profile.THOROUGH, side="the tenant", focus="liability and exit", language="English", again=True
)


def test_a_link_alone_wishes_for_nothing() -> None:
    wishes = parse_wishes(LINK)
    assert (wishes.reference, wishes.brief, wishes.unknown) == (LINK, Brief(), "")


def test_every_order_and_case_is_understood() -> None:
    parts = ("for the tenant", "Focus on liability and exit", "IN english", "Thorough", "again", LINK)
    for order in itertools.permutations(parts):
        wishes = parse_wishes(" ".join(order))
        assert (wishes.brief, wishes.unknown) == (EVERYTHING, ""), order
        assert parse_reference(wishes.reference) == FileReference("F02CD")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for Acme Ltd., in English.", Brief(side="Acme Ltd", language="English")),
        ("For: R&amp;D, focus: IP", Brief(side="R&D", focus="IP")),
        ("for us in Germany", Brief(side="us in Germany")),
        ("focus exit in a crisis in Brazilian Portuguese", Brief(focus="exit in a crisis", language="Brazilian Portuguese")),
        ("in deutsch", Brief(language="German")),
        ("focus a thorough check of exit", Brief(focus="a thorough check of exit")),
        ("focus what we pay again later, thorough please", Brief(focus="what we pay again later", profile=Profile.THOROUGH)),
        ('focus "penalties for delay in German" economy', Brief(focus="penalties for delay in German", profile=Profile.ECONOMY)),
        ("focus “for whom?” for the buyer", Brief(focus="for whom?", side="the buyer")),
        ("for the seller and for the buyer", Brief(side="the buyer")),
        ("economy balanced please", Brief(profile=Profile.BALANCED)),
        ("for &lt;!channel&gt; focus <@U0EVIL>", Brief(side="<!channel>", focus="<@U0EVIL>")),
        ("for the\u202e tenant\x00\u200b\tagain", Brief(side="the tenant", again=True)),
    ],
)  # fmt: skip
def test_wishes_are_read_as_people_write_them(text: str, expected: Brief) -> None:
    for written in (f"{LINK} {text}", f"{text} {LINK}", f"please read <{LINK}|the lease> {text}"):
        wishes = parse_wishes(written)
        assert (wishes.brief, wishes.unknown) == (expected, "")


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("quickly", "quickly"),
        ("in Klingon", "in Klingon"),
        ("for", "for"),
        ("focus on", "focus on"),
        ("thorough review", "review"),
        ("in English now please", "now"),
        ("again \u202e<!here> ", "<!here>"),
        ('"for"', "for"),
    ],
)
def test_words_after_the_link_that_are_no_wish_are_told(text: str, unknown: str) -> None:
    assert parse_wishes(f"{LINK} {text}").unknown == unknown


def test_words_before_the_link_may_be_said_out_of_politeness() -> None:
    wishes = parse_wishes(f"could you have a look at {LINK} in English, thanks")
    assert (wishes.brief, wishes.unknown) == (Brief(language="English"), "")


def test_without_a_link_there_is_no_reference() -> None:
    assert parse_wishes("for the tenant").reference == ""


words = st.sampled_from(
    ["for", "focus", "in", "English", "again", "thorough", "economy", "and", "“", '"', "the", LINK, "x" * 200, "\u202e", "契約" * 80]
)  # fmt: skip


@given(st.text(max_size=300) | st.lists(words, max_size=40).map(" ".join))
def test_any_text_gives_short_harmless_words(text: str) -> None:
    wishes = parse_wishes(text)
    for told in (wishes.brief.side, wishes.brief.focus, wishes.brief.language, wishes.unknown):
        assert len(told) <= MOST
        assert told == plain(told)
        told.encode()
    assert not wishes.brief.cost_accepted
    assert parse_reference(wishes.reference) == parse_reference(text)


@given(
    st.lists(
        st.sampled_from(["a", "clause", "of", "the", "lease", "in", "again", "thorough"]),
        min_size=1,
        max_size=12,
    )
)
def test_what_is_quoted_comes_back_word_for_word(said: list[str]) -> None:
    brief = parse_wishes(f'{LINK} focus "{" ".join(said)}" in English').brief
    assert brief == Brief(focus=" ".join(said), language="English")


def test_a_long_wish_is_shortened_visibly() -> None:
    focus = parse_wishes(f"{LINK} focus {'liability ' * 30}").brief.focus
    assert len(focus) <= MOST
    assert focus.endswith("liability…")


def test_every_language_is_found_by_its_name() -> None:
    for name in NAMES:
        assert language([name.upper()]) == (name, 1)
    for own, name in OWN_NAMES.items():
        assert language([own]) == (name, 1)
        assert name in NAMES
    assert language(["swiss", "german", "please"]) == ("Swiss German", 2)
    assert language(["swiss"]) == language([]) == ("", 0)
