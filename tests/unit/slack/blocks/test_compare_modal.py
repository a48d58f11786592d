from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from smallprint.errors import PromptError
from smallprint.services.database.versions import AnalysedDocument
from smallprint.slack.blocks.compare_modal import CarriedComparison, compare_modal, compare_with_option
from smallprint.slack.blocks.limits import validate_view
from smallprint.slack.blocks.result_menu import read_choice
from tests.fakes.reports import hostile_report, medium_report

CARRIED = CarriedComparison("doc-1", "1700000000.000100")


def a_document(number: int = 1, **changes: Any) -> AnalysedDocument:
    made = AnalysedDocument(
        job_id=f"doc-{number:032x}",
        file_id=f"F{number}",
        name=f"contract v{number}.pdf",
        sha256=f"{number:064x}",
        risk_level="high",
        shared_at=datetime(2026, 11, number % 28 + 1, 9, tzinfo=UTC),
        ordinal=0,
        message_ts="",
    )
    return replace(made, **changes)


def test_the_entry_of_the_menu_names_the_report():
    option = compare_with_option(medium_report())
    assert option is not None
    assert read_choice(option["value"]) == ("compare", medium_report().analysis_id)


def test_the_modal_offers_each_document_with_its_level_and_day():
    view = compare_modal(medium_report(), [a_document(1), a_document(2)], CARRIED).view()
    menu = view["blocks"][1]["element"]
    assert [option["text"]["text"] for option in menu["options"]] == [
        "🟠 contract v1.pdf, 2 Nov",
        "🟠 contract v2.pdf, 3 Nov",
    ]
    assert menu["initial_option"] == menu["options"][0]
    assert validate_view(view) == []


def test_the_modal_carries_ids_only():
    view = compare_modal(hostile_report(), [a_document()], CARRIED).view()
    assert CarriedComparison.read(view["private_metadata"]) == CARRIED
    assert validate_view(view) == []


@pytest.mark.parametrize("text", ["", "null", "[]", "7", '"x"', '{"job": 1}'])
def test_what_we_did_not_write_is_refused(text):
    with pytest.raises(PromptError):
        CarriedComparison.read(text)


@pytest.mark.parametrize("name", ["", "\u202e", "x" * 10_000, "<!channel>", "契約" * 500, "👩‍⚖️" * 200])
def test_no_name_breaks_a_limit(name):
    many = [a_document(number, name=name, risk_level="") for number in range(1, 151)]
    view = compare_modal(replace(medium_report(), document_name=name), many, CARRIED).view()
    assert validate_view(view) == []
