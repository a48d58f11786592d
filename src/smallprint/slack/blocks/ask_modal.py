"""The modal behind `/analyse` without words: a file, a link or some text, and what to look at.

https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smallprint.models.domain import Profile
from smallprint.slack.blocks.elements import option, plain_text
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.modal import Modal

CALLBACK = "ask"
TITLE = "Read the small print"
SUBMIT = "Analyse"
FILES, SOURCE, THEMES, FOCUS, SIDE, PROFILE, LANGUAGE, WHERE = (
    "files",
    "source",
    "themes",
    "focus",
    "side",
    "profile",
    "language",
    "where",
)
HERE, ONLY_ME = "here", "me"
USUAL = "usual"
MAX_FILES = 10
MAX_TEXT = 3_000
"""Slack's own limit of a text input."""
MAX_WORDS = 120

LABELS: Mapping[str, str] = {
    FILES: "Documents",
    SOURCE: "Or a link, or the text itself",
    THEMES: "What to look at above all",
    FOCUS: "Anything else to look at",
    SIDE: "For whose side",
    PROFILE: "How much care",
    LANGUAGE: "Language of the answer",
    WHERE: "Where to answer",
}
HINTS: Mapping[str, str] = {
    FILES: "PDF, Word, PowerPoint, Excel, e-mail, HTML, Markdown, text or pictures of pages; up to ten.",
    SOURCE: "A link to a file or message in Slack, a public https link, or up to 3,000 characters of text.",
    SIDE: "The party you stand with, such as “the tenant”.",
    LANGUAGE: "By its English name, such as German. Empty: the document's own.",
}
PROFILES: Sequence[tuple[str, str]] = (
    (USUAL, "As usual here"),
    (Profile.ECONOMY.value, "Economy: cheapest"),
    (Profile.BALANCED.value, "Balanced"),
    (Profile.THOROUGH.value, "Thorough: most careful, costs most"),
)
PLACES: Mapping[str, str] = {
    HERE: "In this channel, in a thread",
    ONLY_ME: "Only to me, in our direct messages",
}


@dataclass(frozen=True, slots=True)
class Theme:
    """A part of the checklists (prompts/checklists) that can be ticked."""

    key: str
    """What the checklist's categories begin with."""
    label: str
    words: str
    """How the analyst is asked for it."""


THEMES_OFFERED: Sequence[Theme] = (
    Theme("liability", "Liability, warranties, indemnities", "liability, warranties and indemnities"),
    Theme("commercial", "Prices, minimums, exclusive rights", "prices and commitments"),
    Theme("payment", "Payment", "payment"),
    Theme("term", "Term, renewal, leaving", "term, renewal and termination"),
    Theme("restriction", "Bans on competing or hiring", "restrictions on competing and hiring"),
    Theme("control", "Transfer and change of ownership", "assignment and change of control"),
    Theme("ip", "Rights in work, licences", "intellectual property"),
    Theme("privacy", "Personal data", "personal data"),
    Theme("security", "Security", "security"),
    Theme("dispute", "Disputes, law and courts", "disputes, law and courts"),
)


def ask_modal(carried: str, *, present: bool) -> Modal:
    """`present`: we can answer in the channel where it was opened; otherwise only privately."""
    return Modal(
        TITLE,
        [
            _input(FILES, {"type": "file_input", "max_files": MAX_FILES}),
            _input(SOURCE, {"type": "plain_text_input", "multiline": True, "max_length": MAX_TEXT}),
            _input(THEMES, {"type": "checkboxes", "options": [_theme(theme) for theme in THEMES_OFFERED]}),
            _input(FOCUS, _line()),
            _input(SIDE, _line()),
            _choice(PROFILE, "static_select", [option(text, value) for value, text in PROFILES]),
            _input(LANGUAGE, _line()),
            _choice(WHERE, "radio_buttons", _places(present)),
        ],
        CALLBACK,
        SUBMIT,
        carried,
    )


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody filled in: as they did, checked by nobody."""

    files: Sequence[str]
    source: str
    themes: Sequence[str]
    focus: str
    side: str
    profile: str
    language: str
    private: bool

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> Filled:
        """Out of a view_submission's view."""
        state = view["state"]["values"]

        def element(name: str) -> Mapping[str, Any]:
            found: Mapping[str, Any] = state.get(name, {}).get(name) or {}
            return found

        def chosen(name: str) -> str:
            return str((element(name).get("selected_option") or {}).get("value") or "")

        def typed(name: str) -> str:
            return str(element(name).get("value") or "").strip()

        return cls(
            files=[str(file["id"]) for file in element(FILES).get("files") or () if file.get("id")],
            source=typed(SOURCE),
            themes=[str(each["value"]) for each in element(THEMES).get("selected_options") or ()],
            focus=typed(FOCUS),
            side=typed(SIDE),
            profile=chosen(PROFILE),
            language=typed(LANGUAGE),
            private=chosen(WHERE) == ONLY_ME,
        )


def _input(name: str, element: Block) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain_text(LABELS[name]),
        "optional": True,
        "element": {**element, "action_id": name},
    }
    return {**block, "hint": plain_text(HINTS[name])} if name in HINTS else block


def _choice(name: str, kind: str, options: Sequence[Block]) -> Block:
    return {
        **_input(name, {"type": kind, "options": list(options), "initial_option": options[0]}),
        "optional": False,
    }


def _line() -> Block:
    return {"type": "plain_text_input", "max_length": MAX_WORDS}


def _theme(theme: Theme) -> Block:
    return option(theme.label, theme.key)


def _places(present: bool) -> list[Block]:  # noqa: FBT001 - private, one caller
    return [option(text, value) for value, text in PLACES.items() if present or value == ONLY_ME]
