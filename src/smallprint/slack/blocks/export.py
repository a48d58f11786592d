"""Taking a report along: the button under a result, and the form that asks in which shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from smallprint.models.domain import DocumentKind, Report
from smallprint.slack.blocks.elements import option, plain_text, rich_text, safe_button, section, words
from smallprint.slack.blocks.filled import FilledForm
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.modal import Modal

EXPORT_ACTION = "export"
CALLBACK = "export"
FORM = "form"
EXPORT = "Export"
TITLE = "Export this analysis"
WHERE = "The file is posted in this thread, where everybody here can open it."
LABEL = "As"


class ExportForm(StrEnum):
    """The shapes in which a report can be taken along."""

    PDF = "pdf"
    """The document itself, with every quotation highlighted and commented."""
    MARKDOWN = "md"
    CSV = "csv"
    JSON = "json"


NAMES: Mapping[ExportForm, str] = {
    ExportForm.PDF: "The PDF itself, quotations highlighted with comments",
    ExportForm.MARKDOWN: "A complete report (Markdown)",
    ExportForm.CSV: "A table of findings for a spreadsheet (CSV)",
    ExportForm.JSON: "Everything, for programs (JSON)",
}


def export_button(report: Report) -> Iterator[Block]:
    """Nothing for an id that Slack could not carry back."""
    return safe_button(EXPORT_ACTION, EXPORT, report.analysis_id)


def forms_for(report: Report) -> Sequence[ExportForm]:
    """A PDF with highlights only of what was a PDF and has quotations to mark."""
    marked = report.document_kind is DocumentKind.PDF and any(
        evidence.match.grounded for finding in report.findings for evidence in finding.evidence
    )
    return [form for form in ExportForm if marked or form is not ExportForm.PDF]


def export_modal(report: Report, carried: str) -> Modal:
    """`carried` comes back with the form."""
    options = [option(NAMES[form], form.value) for form in forms_for(report)]
    choice: Block = {
        "type": "input",
        "block_id": FORM,
        "label": plain_text(LABEL),
        "element": {
            "type": "radio_buttons",
            "action_id": FORM,
            "options": options,
            "initial_option": options[0],
        },
    }
    return Modal(TITLE, [choice, rich_text(section(words(WHERE)))], CALLBACK, EXPORT, carried)


def chosen_form(view: Mapping[str, Any]) -> ExportForm:
    """Out of a view_submission's view; Markdown for what is none of ours."""
    value = FilledForm(view).chosen(FORM)
    return ExportForm(value) if value in set(ExportForm) else ExportForm.MARKDOWN
