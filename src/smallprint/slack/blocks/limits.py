"""Slack's limits, checked before Slack checks them: `validate_blocks` names what `chat.postMessage` would refuse.

Lengths are counted in UTF-16 units and sizes in escaped JSON, the most cautious of the ways Slack may count.
https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from smallprint.slack.blocks.text import length
from smallprint.slack.blocks.text_limits import check_rich_text, check_table

MAX_BLOCKS = 50
"""https://docs.slack.dev/reference/block-kit/blocks"""
MAX_BLOCKS_JSON = 12_500
"""Characters of JSON in all. Undocumented: Slack answers msg_blocks_too_long at about 13,200.
https://github.com/slackapi/bolt-js/issues/2509"""
MAX_FALLBACK = 4_000
"""Characters of a message's `text` that Slack advises. https://docs.slack.dev/reference/methods/chat.postMessage"""
MAX_TEXT = 3_000
"""https://docs.slack.dev/reference/block-kit/composition-objects/text-object"""
MAX_HEADER = 150
"""https://docs.slack.dev/reference/block-kit/blocks/header-block"""
MAX_FIELDS = 10
MAX_FIELD = 2_000
"""https://docs.slack.dev/reference/block-kit/blocks/section-block"""
MAX_CONTEXT_ELEMENTS = 10
"""https://docs.slack.dev/reference/block-kit/blocks/context-block"""
MAX_ACTIONS = 25
"""https://docs.slack.dev/reference/block-kit/blocks/actions-block"""
MAX_CONTEXT_ACTIONS = 5
"""https://docs.slack.dev/reference/block-kit/blocks/context-actions-block"""
MAX_BUTTON_TEXT = 75
MAX_BUTTON_VALUE = 2_000
MAX_URL = 3_000
"""https://docs.slack.dev/reference/block-kit/block-elements/button-element"""
MAX_ID = 255
"""block_id and action_id."""
MAX_MARKDOWN = 12_000
"""All `markdown` blocks of a message together. https://docs.slack.dev/reference/block-kit/blocks/markdown-block"""

MAX_VIEW_BLOCKS = 100
MAX_VIEW_LABEL = 24
"""Title, submit and close. https://docs.slack.dev/reference/views/modal-views"""
MAX_VIEW_JSON = 90_000
"""Characters of JSON in all, cautiously: Slack refuses views beyond about 250 kB, which it does not document."""
MAX_METADATA = 3_000
MAX_LABEL = 2_000
MAX_INPUT = 3_000
"""https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element"""
MAX_OPTIONS = {"overflow": 5, "static_select": 100, "checkboxes": 10}
MAX_OPTION_TEXT = 75
MAX_OPTION_VALUE = 150
"""https://docs.slack.dev/reference/block-kit/composition-objects/option-object"""
MAX_CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
"""https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object"""


def json_size(blocks: Sequence[Mapping[str, Any]]) -> int:
    """Characters of the blocks as JSON with all outside ASCII escaped: no other form is longer."""
    return len(json.dumps(blocks))


def validate_blocks(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """What Slack would refuse, a sentence each with the block's position; empty if nothing."""
    return [*_check_totals(blocks), *_check_unique_ids(blocks), *_check_kinds(blocks, _CHECKS)]


def validate_view(view: Mapping[str, Any]) -> list[str]:
    """What `views.open` would refuse of a modal, or `views.publish` of a home tab; empty if nothing."""
    blocks: Sequence[Mapping[str, Any]] = view.get("blocks", ())
    problems = [*_check_unique_ids(blocks), *_check_kinds(blocks, _VIEW_CHECKS)]
    if view.get("type") != "home":
        problems += _check_view(view)
    if not 1 <= len(blocks) <= MAX_VIEW_BLOCKS:
        problems.append(f"{len(blocks)} blocks, 1 to {MAX_VIEW_BLOCKS} are allowed")
    if "submit" not in view and any(block.get("type") == "input" for block in blocks):
        problems.append("inputs without a button that sends them")
    return problems


def _check_view(view: Mapping[str, Any]) -> Iterator[str]:
    for name in ("title", "submit", "close"):
        if name in view or name == "title":
            for problem in _check_text_object(view.get(name), MAX_VIEW_LABEL, kinds=("plain_text",)):
                yield f"{name}: {problem}"
    for name, most in (("private_metadata", MAX_METADATA), ("callback_id", MAX_ID)):
        if length(str(view.get(name, ""))) > most:
            yield f"{name} is longer than {most} characters"


def _check_totals(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not 1 <= len(blocks) <= MAX_BLOCKS:
        yield f"{len(blocks)} blocks, 1 to {MAX_BLOCKS} are allowed"
    size = json_size(blocks)
    if size > MAX_BLOCKS_JSON:
        yield f"{size} characters of JSON, {MAX_BLOCKS_JSON} are allowed"
    markdown = sum(length(str(block.get("text", ""))) for block in blocks if block.get("type") == "markdown")
    if markdown > MAX_MARKDOWN:
        yield f"{markdown} characters in markdown blocks, {MAX_MARKDOWN} are allowed"
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield "more than one table"  # Slack: only_one_table_allowed


def _check_kinds(blocks: Sequence[Mapping[str, Any]], checks: _Checks) -> Iterator[str]:
    for position, block in enumerate(blocks):
        kind = block.get("type")
        check = checks.get(kind) if isinstance(kind, str) else None
        found = [f"unknown type {kind!r}"] if check is None else check(block)
        yield from (f"block {position} ({kind}): {problem}" for problem in found)


def _check_unique_ids(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    seen: set[str] = set()
    for block in blocks:
        block_id = block.get("block_id")
        if block_id is None:
            continue
        if not isinstance(block_id, str) or not 1 <= length(block_id) <= MAX_ID:
            yield f"block_id of wrong type or length, 1 to {MAX_ID} characters are allowed"
        elif block_id in seen:
            yield f"duplicate block_id {block_id!r}"
        else:
            seen.add(block_id)


def _check_header(block: Mapping[str, Any]) -> Iterator[str]:
    yield from _check_text_object(block.get("text"), MAX_HEADER, kinds=("plain_text",))


def _check_section(block: Mapping[str, Any]) -> Iterator[str]:
    fields = block.get("fields", [])
    if "text" in block or not fields:
        yield from _check_text_object(block.get("text"), MAX_TEXT)
    if len(fields) > MAX_FIELDS:
        yield f"{len(fields)} fields, {MAX_FIELDS} are allowed"
    for field in fields:
        yield from _check_text_object(field, MAX_FIELD)
    if "accessory" in block:
        yield from _check_action(block["accessory"])


def _check_context(block: Mapping[str, Any]) -> Iterator[str]:
    elements = block.get("elements", [])
    yield from _check_count(elements, MAX_CONTEXT_ELEMENTS)
    for element in elements:
        if element.get("type") != "image":
            yield from _check_text_object(element, MAX_TEXT)


def _check_actions(block: Mapping[str, Any]) -> Iterator[str]:
    elements = block.get("elements", [])
    yield from _check_count(elements, MAX_ACTIONS)
    action_ids = [element["action_id"] for element in elements if "action_id" in element]
    if len(set(action_ids)) < len(action_ids):
        yield "duplicate action_id"
    for element in elements:
        yield from _check_action(element)


def _check_context_actions(block: Mapping[str, Any]) -> Iterator[str]:
    elements = block.get("elements", [])
    yield from _check_count(elements, MAX_CONTEXT_ACTIONS)
    for element in elements:
        if element.get("type") != "feedback_buttons":
            yield f"unknown element {element.get('type')!r}"
        yield from _check_action(element)
        for name in ("positive_button", "negative_button"):
            yield from _check_button(element.get(name, {}))


def _check_action(element: Mapping[str, Any]) -> Iterator[str]:
    action_id = element.get("action_id", "-")
    if not isinstance(action_id, str) or not 1 <= length(action_id) <= MAX_ID:
        yield f"action_id of wrong type or length, 1 to {MAX_ID} characters are allowed"
    if "confirm" in element:
        yield from _check_confirm(element["confirm"])
    if element.get("type") == "button":
        yield from _check_button(element)
    elif element.get("type") in MAX_OPTIONS:
        yield from _check_options(element)


def _check_button(element: Mapping[str, Any]) -> Iterator[str]:
    yield from _check_text_object(element.get("text"), MAX_BUTTON_TEXT, kinds=("plain_text",))
    for field, most in (("value", MAX_BUTTON_VALUE), ("url", MAX_URL)):
        text = element.get(field, "")
        if not isinstance(text, str) or length(text) > most:
            yield f"a button's {field} is no text or longer than {most} characters"
    if element.get("style", "primary") not in {"primary", "danger"}:
        yield "a button's style is primary or danger"


def _check_options(element: Mapping[str, Any]) -> Iterator[str]:
    options = element.get("options", [])
    yield from _check_count(options, MAX_OPTIONS[element["type"]])
    values = [str(option.get("value", "")) for option in options]
    if len(set(values)) < len(values) or not all(1 <= length(v) <= MAX_OPTION_VALUE for v in values):
        yield f"an option's value must be unique and of 1 to {MAX_OPTION_VALUE} characters"
    for option in options:
        yield from _check_text_object(option.get("text"), MAX_OPTION_TEXT, kinds=("plain_text",))
    if element.get("initial_option") not in (None, *options):
        yield "the chosen option is none of the options"


def _check_confirm(confirm: Mapping[str, Any]) -> Iterator[str]:
    for name, most in MAX_CONFIRM.items():
        yield from _check_text_object(confirm.get(name), most, kinds=("plain_text",))


def _check_input(block: Mapping[str, Any]) -> Iterator[str]:
    yield from _check_text_object(block.get("label"), MAX_LABEL, kinds=("plain_text",))
    if "hint" in block:
        yield from _check_text_object(block["hint"], MAX_LABEL, kinds=("plain_text",))
    element = block.get("element", {})
    yield from _check_action(element)
    if element.get("type") == "plain_text_input" and (
        length(str(element.get("initial_value", ""))) > MAX_INPUT or element.get("max_length", 1) > MAX_INPUT
    ):
        yield f"an input takes {MAX_INPUT} characters"


def _check_markdown(block: Mapping[str, Any]) -> Iterator[str]:
    text = block.get("text")
    if not isinstance(text, str) or not text:
        yield "markdown needs a text"


def _check_divider(block: Mapping[str, Any]) -> Iterator[str]:
    if extra := block.keys() - {"type", "block_id"}:
        yield f"unknown fields {sorted(extra)}"


def _check_count(elements: Sequence[object], most: int) -> Iterator[str]:
    if not 1 <= len(elements) <= most:
        yield f"{len(elements)} elements, 1 to {most} are allowed"


def _check_text_object(
    value: object, most: int, *, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")
) -> Iterator[str]:
    if not isinstance(value, Mapping) or value.get("type") not in kinds:
        yield f"needs a text object of type {' or '.join(kinds)}"
        return
    text = value.get("text")
    if not isinstance(text, str) or not 1 <= length(text) <= most:
        yield f"text of wrong type or length, 1 to {most} characters are allowed"


_Checks = Mapping[str, Callable[[Mapping[str, Any]], Iterable[str]]]

_CHECKS: _Checks = {
    "actions": _check_actions,
    "context": _check_context,
    "context_actions": _check_context_actions,
    "divider": _check_divider,
    "header": _check_header,
    "markdown": _check_markdown,
    "rich_text": check_rich_text,
    "section": _check_section,
    "table": check_table,
}
_MESSAGES_ONLY = frozenset({"context_actions", "markdown", "table"})
_VIEW_CHECKS: _Checks = {kind: check for kind, check in _CHECKS.items() if kind not in _MESSAGES_ONLY} | {
    "input": _check_input
}
