"""Categories of labels that name theirs otherwise."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from smallprint.evaluation.categories import CASES, our_name, ours


def test_a_category_of_ours_is_itself():
    assert ours("liability.cap") == ("liability.cap",)
    assert our_name("liability.cap") == "liability.cap"


def test_a_sentence_of_tosdr_becomes_the_category_that_says_the_same():
    assert our_name("tosdr.you_waive_your_moral_rights") == "ip.moral_rights"
    assert our_name("tosdr.any_liability_on_behalf_of_the_service_is_only_limited_to_th") == "liability.cap"


def test_a_sentence_that_says_two_things_has_both_the_more_telling_first():
    both = ours("tosdr.this_service_assumes_no_liability_for_any_losses_or_damages")
    assert both == ("consumer.no_liability", "liability.cap")


def test_a_sentence_that_none_of_ours_covers_keeps_its_name():
    assert our_name("tosdr.this_service_plays_music") == "tosdr.this_service_plays_music"
    assert ours("tosdr.this_service_plays_music") == ()


def test_every_category_is_dotted_and_every_pattern_compiles():
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", category) for category in CASES)
    assert all(re.compile(case) for case in CASES.values())


@given(st.text(max_size=60))
def test_whatever_a_label_is_called_it_keeps_one_name(category):
    assert our_name(category) == category or our_name(category) in CASES
