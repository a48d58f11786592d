from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.models.blocks import Block as SdkBlock

from smallprint.slack.blocks.elements import (
    bold,
    bullets,
    context,
    divider,
    header,
    preformatted,
    quote,
    rich_text,
    section,
    user,
    words,
)
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, json_size, validate_blocks


def mrkdwn(size: int) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": "x" * size}


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": "Go"}, **fields}


GOOD = [
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
