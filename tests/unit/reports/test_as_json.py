from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from smallprint.models.domain import Report
from smallprint.reports.as_json import SCHEMA, report_from_json, report_json, report_schema
from tests.fakes.reports import (
    critical_report,
    earlier_report,
    hostile_report,
    low_report,
    medium_report,
    thorough_report,
    unreviewed_report,
)
from tests.unit.reports.strategies import reports

EVERY = (
    low_report, medium_report, critical_report, unreviewed_report, hostile_report, thorough_report, earlier_report,
)  # fmt: skip
LATER_FIELDS = (
    "profile",
    "document_type",
    "language",
    "side",
    "facts",
    "repaired",
    "parts",
    "notes",
    "earlier",
)


@pytest.mark.parametrize("build", EVERY)
def test_a_report_comes_back_as_it_was_and_fits_the_schema(build):
    text = report_json(build())
    assert report_from_json(text) == build()
    jsonschema.validate(json.loads(text), report_schema())


@given(reports)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_report_comes_back(report: Report):
    if "\ud800" in repr(report) or "\\ud800" in repr(report):
        return  # half a character is no text: documents never hold one
    assert report_from_json(report_json(report)) == report


def test_a_report_of_an_earlier_release_is_read():
    envelope = json.loads(report_json(medium_report()))
    for name in LATER_FIELDS:
        del envelope[name]
    for found in (*envelope["findings"], *envelope["rejected"]):
        del found["ruling"]
    for run in envelope["agents"]:
        del run["instead_of"]
    assert report_from_json(json.dumps(envelope)) == medium_report()


def test_a_report_that_is_shown_again_cost_nothing():
    assert json.loads(report_json(earlier_report()))["cost_usd"] == "0"


def test_the_format_names_itself_and_tells_the_cost():
    envelope = json.loads(report_json(medium_report(), indent=2))
    assert next(iter(envelope)) == "schema"
    assert envelope["schema"] == SCHEMA
    assert envelope["cost_usd"] == "0.0445"
    assert json.loads(report_json(unreviewed_report()))["cost_usd"] is None


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"schema": "other/1"}', '{"schema": "smallprint.report/1"}', "no json"]
)
def test_anything_else_is_refused(text: str):
    with pytest.raises(ValueError):  # noqa: PT011 - json and pydantic each have their own kind of ValueError
        report_from_json(text)
