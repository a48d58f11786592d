"""What Slack refuses in text objects, buttons, menus and inputs: docs.slack.dev/reference/block-kit/block-elements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MAX_OPTIONS = {"overflow": 5, "static_select": 100, "checkboxes": 10}
ELEMENT_KEYS: dict[str, set[str]] = {
    "button": {"action_id", "text", "value", "url", "style", "confirm", "accessibility_label"},
    "overflow": {"action_id", "options", "confirm"},
    "static_select": {
        "action_id", "options", "option_groups", "placeholder", "initial_option", "confirm", "focus_on_load",
    },
    "checkboxes": {"action_id", "options", "initial_options", "confirm", "focus_on_load"},
    "feedback_buttons": {"action_id", "positive_button", "negative_button"},
    "plain_text_input": {
        "action_id", "initial_value", "multiline", "min_length", "max_length", "placeholder", "focus_on_load",
        "dispatch_action_config",
    },
}  # fmt: skip
TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


def key_problems(thing: dict[str, Any], allowed: set[str] | None, where: str) -> Iterator[tuple[str, str]]:
    if allowed is not None:
        for key in sorted(thing.keys() - allowed - {"type", "block_id"}):
            yield f"invalid additional property: {key}", where


def text_problems(
    text: Any, where: str, limit: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")
) -> Iterator[tuple[str, str]]:
    if not isinstance(text, dict) or not isinstance(text.get("text"), str) or text.get("type") not in kinds:
        yield "failed to match all allowed schemas", where
        return
    yield from key_problems(text, TEXT_KEYS[text["type"]], where)
    if not text["text"]:
        yield "must be more than 0 characters", f"{where}/text"
    elif len(text["text"]) > limit:
        yield f"must be less than {limit + 1} characters", f"{where}/text"


def element_problems(element: Any, where: str) -> Iterator[tuple[str, str]]:
    if not isinstance(element, dict) or not isinstance(element.get("type"), str):
        yield "failed to match all allowed schemas", where
        return
    yield from key_problems(element, ELEMENT_KEYS.get(element["type"]), where)
    for name, limit in (("action_id", 255), ("value", 2000), ("url", 3000)):
        if len(str(element.get(name, ""))) > limit:
            yield f"must be less than {limit + 1} characters", f"{where}/{name}"
    if element["type"] in ("button", "workflow_button"):
        yield from text_problems(element.get("text"), f"{where}/text", 75, ("plain_text",))
        if element.get("style") not in (None, "primary", "danger"):
            yield "must be primary or danger", f"{where}/style"
    if element["type"] in _PARTS:
        yield from _PARTS[element["type"]](element, where)
    for name in ("placeholder",):
        if name in element:
            yield from text_problems(element[name], f"{where}/{name}", 150, ("plain_text",))
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{where}/confirm")


def _thumbs(element: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    for name in ("positive_button", "negative_button"):
        thumb = element.get(name) or {}
        yield from key_problems(thumb, {"text", "value", "accessibility_label"}, f"{where}/{name}")
        yield from text_problems(thumb.get("text"), f"{where}/{name}/text", 75, ("plain_text",))
        if not 0 < len(str(thumb.get("value", ""))) <= 2000:
            yield "must be less than 2001 characters", f"{where}/{name}/value"


def _options(element: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    options, most = element.get("options"), MAX_OPTIONS[element["type"]]
    if not isinstance(options, list) or not 1 <= len(options) <= most:
        yield f"must have 1 to {most} items", f"{where}/options"
        return
    for number, option in enumerate(options):
        at = f"{where}/options/{number}"
        kinds = ("plain_text", "mrkdwn") if element["type"] == "checkboxes" else ("plain_text",)
        yield from key_problems(option, {"text", "value", "description", "url"}, at)
        yield from text_problems(option.get("text"), f"{at}/text", 75, kinds)
        if not 0 < len(str(option.get("value", ""))) <= 150:
            yield "must be less than 151 characters", f"{at}/value"
        if "description" in option:
            yield from text_problems(option["description"], f"{at}/description", 75, kinds)
    values = [option.get("value") for option in options]
    if len(values) != len(set(values)):
        yield "option values must be unique", f"{where}/options"
    initial = element.get("initial_option")
    if initial is not None and initial not in options:
        yield "initial_option must be one of the options", f"{where}/initial_option"


def _confirm(confirm: Any, where: str) -> Iterator[tuple[str, str]]:
    if not isinstance(confirm, dict):
        yield "failed to match all allowed schemas", where
        return
    yield from key_problems(confirm, {"title", "text", "confirm", "deny", "style"}, where)
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from text_problems(confirm.get(name), f"{where}/{name}", most, ("plain_text", "mrkdwn"))


_PARTS: dict[str, Any] = dict.fromkeys(MAX_OPTIONS, _options) | {"feedback_buttons": _thumbs}
