"""What Slack refuses in blocks. Sources: docs.slack.dev/reference/block-kit, bolt-js issue 2509 for the total.

Written independently of the product's own check (slack/blocks/limits.py), so that each can catch the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.fakes.slack.element_rules import element_problems, key_problems, text_problems

MAX_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MAX_TOTAL_JSON = 13_200  # characters of all blocks as JSON; measured by others, not documented
MAX_MARKDOWN = 12_000  # characters of all markdown blocks of one message together
MESSAGE_ONLY = {
    "markdown",
    "table",
    "data_table",
    "task_card",
    "plan",
    "context_actions",
    "data_visualization",
}
KNOWN = MESSAGE_ONLY | {
    "actions", "alert", "call", "card", "carousel", "container", "context", "divider", "file", "header",
    "image", "input", "rich_text", "section", "video",
}  # fmt: skip
KEYS = {
    "actions": {"elements"},
    "context": {"elements"},
    "context_actions": {"elements"},
    "divider": set(),
    "header": {"text"},
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
    "image": {"image_url", "alt_text", "title", "slack_file"},
    "markdown": {"text"},
    "rich_text": {"elements"},
    "section": {"text", "fields", "accessory", "expand"},
    "table": {"rows", "column_settings"},
}  # of those we know; `type` and `block_id` stand in every block
RICH_TEXT_PARTS = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
RICH_TEXT_LEAVES = {
    "text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "date", "color", "team",
}  # fmt: skip
CONTEXT_ELEMENTS = {"mrkdwn", "plain_text", "image"}


def total_too_long(blocks: list[Any]) -> bool:
    """Whether Slack answers `msg_blocks_too_long`."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > MAX_TOTAL_JSON


def problems(blocks: Any, surface: str = "message") -> list[str]:
    """Sentences as in Slack's `response_metadata.messages`; empty when the blocks are fine."""
    if not isinstance(blocks, list):
        return ["[ERROR] must be an array [json-pointer:/blocks]"]
    return [f"[ERROR] {what} [json-pointer:{where}]" for what, where in _all(blocks, surface)]


def _all(blocks: list[Any], surface: str) -> Iterator[tuple[str, str]]:
    if len(blocks) > MAX_BLOCKS[surface]:
        yield f"no more than {MAX_BLOCKS[surface]} items allowed", "/blocks"
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        where = f"/blocks/{number}"
        if not isinstance(block, dict) or block.get("type") not in KNOWN:
            kind = block.get("type") if isinstance(block, dict) else block
            yield f"unsupported type: {kind}", f"{where}/type"
            continue
        if surface != "message" and block["type"] in MESSAGE_ONLY:
            yield f"unsupported type: {block['type']}", f"{where}/type"
        yield from _block_id(block, seen, where)
        yield from key_problems(block, KEYS.get(block["type"]), where)
        if block["type"] in _CHECKS:
            yield from _CHECKS[block["type"]](block, where)
    markdown = sum(
        len(str(b.get("text", ""))) for b in blocks if isinstance(b, dict) and b.get("type") == "markdown"
    )
    if markdown > MAX_MARKDOWN:
        yield f"must be less than {MAX_MARKDOWN + 1} characters", "/blocks"
    tables = sum(1 for b in blocks if isinstance(b, dict) and b.get("type") == "table")
    if tables > 1:
        yield "only one table allowed", "/blocks"


def _block_id(block: dict[str, Any], seen: set[str], where: str) -> Iterator[tuple[str, str]]:
    block_id = block.get("block_id")
    if block_id is None:
        return
    if not isinstance(block_id, str) or not 0 < len(block_id) <= 255:
        yield "must be less than 256 characters", f"{where}/block_id"
    elif block_id in seen:
        yield f"block_id duplicate: {block_id}", f"{where}/block_id"
    else:
        seen.add(block_id)


def _section(block: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    if "text" not in block and not block.get("fields"):
        yield "missing required field: text", where
    if "text" in block:
        yield from text_problems(block["text"], f"{where}/text", 3000)
    fields = block.get("fields", [])
    if len(fields) > 10:
        yield "no more than 10 items allowed", f"{where}/fields"
    for number, item in enumerate(fields):
        yield from text_problems(item, f"{where}/fields/{number}", 2000)
    if "accessory" in block:
        yield from element_problems(block["accessory"], f"{where}/accessory")


def _header(block: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    yield from text_problems(block.get("text"), f"{where}/text", 150, ("plain_text",))


def _context(block: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
        yield "must have 1 to 10 items", f"{where}/elements"
        return
    for number, item in enumerate(elements):
        at = f"{where}/elements/{number}"
        if not isinstance(item, dict) or item.get("type") not in CONTEXT_ELEMENTS:
            yield "failed to match all allowed schemas", at
        elif item["type"] != "image":
            yield from text_problems(item, at, 3000)


def _actions(limit: int) -> Any:
    def check(block: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
        elements = block.get("elements")
        if not isinstance(elements, list) or not 1 <= len(elements) <= limit:
            yield f"must have 1 to {limit} items", f"{where}/elements"
            return
        ids = [e.get("action_id") for e in elements if isinstance(e, dict) and e.get("action_id")]
        if len(ids) != len(set(ids)):
            yield "action_id duplicate", f"{where}/elements"
        for number, item in enumerate(elements):
            yield from element_problems(item, f"{where}/elements/{number}")

    return check


def _markdown(block: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    if not isinstance(block.get("text"), str) or not block["text"]:
        yield "must be more than 0 characters", f"{where}/text"


def _rich_text(block: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    elements = block.get("elements")
    if not isinstance(elements, list):
        yield "missing required field: elements", where
        return
    for number, part in enumerate(elements):
        yield from _rich_part(part, f"{where}/elements/{number}", RICH_TEXT_PARTS)


def _rich_part(part: Any, where: str, allowed: set[str]) -> Iterator[tuple[str, str]]:
    if (
        not isinstance(part, dict)
        or part.get("type") not in allowed
        or not isinstance(part.get("elements"), list)
    ):
        yield "failed to match all allowed schemas", where
        return
    if part["type"] == "rich_text_list" and part.get("style") not in ("bullet", "ordered"):
        yield "must be bullet or ordered", f"{where}/style"
    for number, item in enumerate(part["elements"]):
        at = f"{where}/elements/{number}"
        if part["type"] == "rich_text_list":
            yield from _rich_part(item, at, {"rich_text_section"})
        elif not isinstance(item, dict) or item.get("type") not in RICH_TEXT_LEAVES:
            yield "failed to match all allowed schemas", at
        elif item["type"] == "text" and not (isinstance(item.get("text"), str) and item["text"]):
            yield "must be more than 0 characters", f"{at}/text"


def _image(block: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    if not block.get("alt_text"):
        yield "missing required field: alt_text", where


def _table(block: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    rows = block.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= 100:
        yield "must have 1 to 100 items", f"{where}/rows"
    elif any(not isinstance(row, list) or len(row) > 20 for row in rows):
        yield "no more than 20 items allowed", f"{where}/rows"
    else:
        cells = [cell for row in rows for cell in row]
        if any(cell.get("type") not in ("raw_text", "raw_number", "rich_text") for cell in cells):
            yield "failed to match all allowed schemas", f"{where}/rows"
        if any(cell.get("type") == "raw_text" and not cell.get("text") for cell in cells):
            yield "must be more than 0 characters", f"{where}/rows"


def _alert(block: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    yield from text_problems(block.get("text"), f"{where}/text", 200)


def _input(block: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    yield from text_problems(block.get("label"), f"{where}/label", 2000, ("plain_text",))
    if "hint" in block:
        yield from text_problems(block["hint"], f"{where}/hint", 2000, ("plain_text",))
    element = block.get("element")
    yield from element_problems(element, f"{where}/element")
    if isinstance(element, dict) and element.get("type") == "plain_text_input":
        if not 0 <= int(element.get("max_length", 3000)) <= 3000:
            yield "must be less than 3001", f"{where}/element/max_length"
        if len(str(element.get("initial_value", ""))) > 3000:
            yield "must be less than 3001 characters", f"{where}/element/initial_value"


_CHECKS: dict[str, Any] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions(25),
    "context_actions": _actions(5),
    "markdown": _markdown,
    "rich_text": _rich_text,
    "image": _image,
    "table": _table,
    "alert": _alert,
    "input": _input,
}
