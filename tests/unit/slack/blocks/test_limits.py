from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.models.blocks import Block as SdkBlock

from smallprint.slack.blocks.elements import (
    bold,
    bullets,
    confirm,
    context,
    divider,
    header,
    option,
    plain_text,
    preformatted,
    quote,
    rich_text,
    section,
    table,
    thumb,
    thumbs,
    user,
    words,
)
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, json_size, validate_blocks, validate_view
from smallprint.slack.blocks.modal import Modal, text_input


def mrkdwn(size: int) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": "x" * size}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": "Go"}, **fields}


GOOD = [
    table([("Key fact", "In the document"), ("Notice", "90 days")]),
    thumbs("a", thumb("Useful", "up 1"), thumb("Not useful", "down 1")),
    header("x" * 150),
    context("a", "b"),
    divider(),
    {"type": "section", "text": mrkdwn(3000)},
    {"type": "section", "fields": [mrkdwn(200)] * 10, "block_id": "one"},
    {"type": "actions", "elements": [button(action_id="a", value="v"), button(action_id="b")], "block_id": "two"},
    {"type": "markdown", "text": "# A heading"},
    rich_text(section(bold("a"), words("b"), user("U1")), quote(words("c")), bullets([section(words("d"))]), preformatted("e")),
]  # fmt: skip

BAD: list[tuple[list[dict[str, Any]], str]] = [
    ([], "0 blocks"),
    ([divider()] * 51, "51 blocks"),
    ([header("x" * 151)], "1 to 150"),
    ([header("")], "1 to 150"),
    ([header("🧨" * 76)], "1 to 150"),
    ([{"type": "header", "text": mrkdwn(5)}], "plain_text"),
    ([{"type": "header", "text": "x"}], "plain_text"),
    ([{"type": "section", "text": mrkdwn(3001)}], "1 to 3000"),
    ([{"type": "section"}], "text object"),
    ([{"type": "section", "fields": [mrkdwn(1)] * 11}], "11 fields"),
    ([{"type": "section", "fields": [mrkdwn(2001)]}], "1 to 2000"),
    ([{"type": "section", "text": mrkdwn(1), "accessory": button(value="x" * 2001)}], "value"),
    ([context(*"abcdefghijk")], "11 elements"),
    ([context()], "0 elements"),
    ([{"type": "actions", "elements": [button()] * 26}], "26 elements"),
    ([{"type": "actions", "elements": [button(action_id="a"), button(action_id="a")]}], "duplicate action_id"),
    ([{"type": "actions", "elements": [button(url="x" * 3001)]}], "url"),
    ([{"type": "actions", "elements": [button(action_id="x" * 256)]}], "action_id"),
    ([{"type": "actions", "elements": [button(action_id="")]}], "action_id"),
    ([{"type": "actions", "elements": [button(value=7)]}], "value is no text"),
    ([{"type": "actions", "elements": [button(style="loud")]}], "style"),
    ([{"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "x" * 76}}]}], "1 to 75"),
    ([{"type": "actions", "elements": [{"type": "button", "text": mrkdwn(3)}]}], "plain_text"),
    ([{"type": "markdown", "text": "x" * 6001}, {"type": "markdown", "text": "x" * 6001}], "12002 characters"),
    ([{"type": "markdown", "text": ""}], "needs a text"),
    ([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}], "duplicate block_id"),
    ([{"type": "divider", "block_id": "x" * 256}], "block_id"),
    ([{"type": "divider", "text": "x"}], "unknown fields"),
    ([{"type": "alert"}], "unknown type"),
    ([{"type": ["a"]}], "unknown type"),
    ([table([("a", "b")])] * 2, "more than one table"),
    ([table([("a", "")])], "a cell takes"),
    ([table([("a", "x" * 2001)])], "a cell takes"),
    ([table([("a", "b"), ("c",)])], "equally many"),
    ([table([("a",) * 21])], "equally many"),
    ([table([("a",)] * 101)], "101 rows"),
    ([table([])], "0 rows"),
    ([{"type": "table", "rows": [[{"type": "raw_date"}]]}], "unknown cell"),
    ([{"type": "table", "rows": [[rich_text()]]}], "no elements"),
    ([{"type": "context_actions", "elements": [button(action_id="a")]}], "unknown element"),
    ([{"type": "context_actions", "elements": []}], "0 elements"),
    ([thumbs("a", thumb("x" * 76, "up"), thumb("Not", "down"))], "1 to 75"),
    ([thumbs("a", thumb("Useful", "x" * 2001), thumb("Not", "down"))], "value"),
    ([rich_text()], "no elements"),
    ([rich_text(section())], "without elements"),
    ([rich_text(section({"type": "text", "text": "a"}), {"type": "table"})], "unknown rich text"),
    ([rich_text({"type": "rich_text_quote", "elements": [words("")]})], "text without text"),
    ([rich_text(section({"type": "mystery"}))], "unknown rich text element"),
    ([rich_text({"type": "rich_text_list", "style": "?", "elements": [section(words("a"))]})], "style"),
    ([{"type": "section", "text": mrkdwn(2900)}] * 5, "characters of JSON"),
]  # fmt: skip


def test_what_slack_accepts_passes():
    assert validate_blocks(GOOD) == []


@pytest.mark.parametrize(("blocks", "problem"), BAD)
def test_what_slack_refuses_is_named(blocks: list[dict[str, Any]], problem: str):
    assert problem in "\n".join(validate_blocks(blocks))


@pytest.mark.parametrize("block", [header("x"), context("x"), divider(), rich_text(section(words("x")))])
def test_slack_s_own_models_know_what_we_build(block: dict[str, Any]):
    parsed = SdkBlock.parse(block)
    assert parsed is not None
    parsed.validate_json()
    assert parsed.to_dict()["type"] == block["type"]


def test_size_counts_the_longest_form_of_the_json():
    assert json_size([{"a": "ä"}]) == len('[{"a": "\\u00e4"}]')
    assert MAX_BLOCKS_JSON < 13_000


# --- menus, confirmations and modals ---------------------------------------------------------------------


def acting(element: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "elements": [element]}]


def menu(kind: str, *values: str, text: str = "x") -> dict[str, Any]:
    return {"type": kind, "action_id": "a", "options": [option(text, value) for value in values]}


@pytest.mark.parametrize(
    ("element", "problem"),
    [
        (menu("overflow"), "0 elements"),
        (menu("overflow", *"abcdef"), "6 elements"),
        (menu("static_select", "x" * 151), "150"),
        (menu("static_select", "a", "a"), "unique"),
        (menu("static_select", "a", text="x" * 76), "1 to 75"),
        ({**menu("static_select", "a"), "initial_option": option("x", "b")}, "none of the options"),
        (button(confirm=confirm("x" * 101, "x", "x", "x")), "1 to 100"),
        (button(confirm=confirm("x", "x" * 301, "x", "x")), "1 to 300"),
        (button(confirm=confirm("x", "x", "x" * 31, "x")), "1 to 30"),
    ],
)
def test_menus_and_confirmations_have_limits_too(element: dict[str, Any], problem: str):
    assert any(problem in found for found in validate_blocks(acting(element)))


def test_good_menus_and_confirmations_pass():
    sure = confirm("x" * 100, "x" * 300, "x" * 30, "x" * 30)
    chosen = {**menu("static_select", "a", "b"), "initial_option": option("x", "b")}
    for element in (menu("overflow", *"abcde"), chosen, button(confirm=sure)):
        assert validate_blocks(acting(element)) == []


def a_view(**changes: Any) -> dict[str, Any]:
    return {
        **Modal("x" * 24, [text_input("why", "Why?")], submit="x" * 24, carried="x" * 3000).view(),
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": plain_text("x" * 25)}, "title"),
        ({"submit": plain_text("x" * 25)}, "submit"),
        ({"private_metadata": "x" * 3001}, "private_metadata"),
        ({"callback_id": "x" * 256}, "callback_id"),
        ({"blocks": []}, "0 blocks"),
        ({"blocks": [divider()] * 101}, "101 blocks"),
        ({"blocks": [{"type": "markdown", "text": "x"}]}, "unknown type"),
        ({"blocks": [table([("a", "b")])]}, "unknown type"),
        ({"blocks": [text_input("why", "x" * 2001)]}, "1 to 2000"),
        ({"blocks": [text_input("why", "x", most=3001)]}, "3000"),
        ({"blocks": [text_input("why", "x"), text_input("why", "x")]}, "duplicate"),
    ],
)
def test_what_slack_would_refuse_of_a_modal_is_named(changes: dict[str, Any], problem: str):
    assert validate_view(a_view()) == []
    assert any(problem in found for found in validate_view(a_view(**changes)))


def test_a_modal_that_asks_needs_a_button_that_sends():
    view = a_view()
    del view["submit"]
    assert validate_view(view) == ["inputs without a button that sends them"]
    assert any("unknown type" in found for found in validate_blocks([text_input("why", "Why?")]))
