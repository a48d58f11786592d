"""The ⋯ menu under a result: entries of several parts of the product in one menu, told apart by their verb.

https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element
"""

from __future__ import annotations

from collections.abc import Iterator

from smallprint.slack.blocks.elements import menu, option
from smallprint.slack.blocks.limits import MAX_OPTION_VALUE, MAX_OPTIONS
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.text import carriable

RESULT_MENU_ACTION = "result_menu"
"""One for all entries: Slack says which was chosen by its value, "<verb> <analysis id>"."""


def menu_option(verb: str, text: str, analysis_id: str) -> Block | None:
    """An entry of at most 75 characters; None for an id that Slack could not carry back. `verb`: a word without blanks."""
    value = f"{verb} {analysis_id}"
    return option(text, value) if analysis_id and carriable(value, MAX_OPTION_VALUE) else None


def result_menu(*options: Block | None) -> Iterator[Block]:
    """The menu, for a row of buttons; nothing without entries. Slack shows five at most: the first ones."""
    shown = [entry for entry in options if entry][: MAX_OPTIONS["overflow"]]
    if shown:
        yield menu(RESULT_MENU_ACTION, shown)


def read_choice(value: str) -> tuple[str, str]:
    """The verb and the analysis's id; empty texts for what is none of ours."""
    verb, _, analysis_id = value.partition(" ")
    return (verb, analysis_id) if analysis_id else ("", "")
