"""“Compare with…”: the entry in a result's menu, and the modal that asks with which other document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from smallprint.errors import PromptError
from smallprint.models.domain import Report, RiskLevel
from smallprint.reports import wording
from smallprint.services.database.versions import AnalysedDocument
from smallprint.slack.blocks.elements import bold, context, option, rich_text, section, words
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.modal import Modal, choice
from smallprint.slack.blocks.result_menu import menu_option
from smallprint.slack.blocks.text import plain, shorten_name
from smallprint.slack.carried import NOT_OURS

COMPARE = "compare"
"""Verb of the entry in a result's menu."""
CALLBACK = "compare_documents"
WITH = "with"
"""Id of the modal's only input."""

ENTRY = "Compare with…"
TITLE = "Compare with…"
RUN = "Compare"
WHAT = "I say what changed between the two, clause by clause, and whether the risk moved."
OLDER_FIRST = (
    "The one that was shared first counts as the old version. The answer comes in this document's thread."
)
LABEL = "The other document"
UNTITLED = "Untitled document"

MOST_LISTED = 100
"""Options of a menu. https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element"""
_NAME, _OPTION = 100, 50


@dataclass(frozen=True, slots=True)
class CarriedComparison:
    """What the modal carries to Slack and back: ids only."""

    job: str
    thread_ts: str

    def __str__(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> CarriedComparison:
        """Raises PromptError for what we did not write."""
        try:
            value = json.loads(text)
            return cls(str(value["job"]), str(value["thread_ts"]))
        except (ValueError, TypeError, KeyError):
            raise PromptError(NOT_OURS) from None


def compare_with_option(report: Report) -> Block | None:
    """The entry; None for an id that Slack could not carry back."""
    return menu_option(COMPARE, ENTRY, report.analysis_id)


def compare_modal(report: Report, others: Sequence[AnalysedDocument], carried: CarriedComparison) -> Modal:
    """`others`: at least one, the likeliest first."""
    name = shorten_name(plain(wording.document_name(report)), _NAME)
    options = [_option(each) for each in others[:MOST_LISTED]]
    return Modal(
        title=TITLE,
        blocks=[
            rich_text(section(bold(name), words(f"\n{WHAT}"))),
            choice(WITH, LABEL, options, options[0]),
            context(OLDER_FIRST),
        ],
        callback_id=CALLBACK,
        submit=RUN,
        carried=str(carried),
    )


def _option(document: AnalysedDocument) -> Block:
    """🟠 contract v1.pdf, 20 Nov"""
    name = shorten_name(plain(document.name), _OPTION) or UNTITLED
    known = document.risk_level in set(RiskLevel)
    mark = f"{wording.EMOJI[RiskLevel(document.risk_level)]} " if known else ""
    return option(f"{mark}{name}, {document.shared_at.day} {document.shared_at:%b}", document.job_id)
