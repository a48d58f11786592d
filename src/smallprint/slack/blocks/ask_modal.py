"""The modal behind `/analyse` without words: a file, a link or some text, and what to look at.

https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smallprint.slack.blocks.elements import option
from smallprint.slack.blocks.filled import FilledForm
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.modal import Modal, optional_input
from smallprint.slack.blocks.wishes import PROFILE_CHOICES

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
    *PROFILE_CHOICES,
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
        form = FilledForm(view)
        return cls(
            files=[str(file["id"]) for file in form.element(FILES).get("files") or () if file.get("id")],
            source=form.typed(SOURCE),
            themes=form.ticked(THEMES),
            focus=form.typed(FOCUS),
            side=form.typed(SIDE),
            profile=form.chosen(PROFILE),
            language=form.typed(LANGUAGE),
            private=form.chosen(WHERE) == ONLY_ME,
        )


def _input(name: str, element: Block) -> Block:
    return optional_input(name, LABELS[name], element, hint=HINTS.get(name, ""))


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
