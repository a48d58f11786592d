from __future__ import annotations

import pytest

from smallprint.slack.blocks.elements import actions
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.result_menu import RESULT_MENU_ACTION, menu_option, read_choice, result_menu


def test_an_entry_says_what_is_to_be_done_with_which_analysis():
    entry = menu_option("compare", "Compare with…", "doc-1-again")
    assert entry is not None
    assert read_choice(entry["value"]) == ("compare", "doc-1-again")


def test_entries_of_several_parts_of_the_product_share_one_menu_of_at_most_five():
    entries = [menu_option(f"verb{number}", "Do it", "doc-1") for number in range(7)]
    (menu,) = result_menu(None, *entries)
    assert menu["action_id"] == RESULT_MENU_ACTION
    assert [option["value"] for option in menu["options"]] == [f"verb{number} doc-1" for number in range(5)]
    assert validate_blocks([actions(menu)]) == []


def test_without_entries_there_is_no_menu():
    assert list(result_menu()) == list(result_menu(None)) == []


@pytest.mark.parametrize("analysis_id", ["", "x" * 150, "a\nb", "日本"])
def test_an_id_that_slack_cannot_carry_gets_no_entry(analysis_id: str):
    assert menu_option("again", "Run again", analysis_id) is None


@pytest.mark.parametrize("value", ["", "again", "again "])
def test_what_is_none_of_ours_is_not_read(value: str):
    assert read_choice(value) == ("", "")
