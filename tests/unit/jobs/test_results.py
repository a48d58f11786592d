from __future__ import annotations

from dataclasses import replace

import pytest

from smallprint.errors import DatabaseError, DatabaseUnavailable, SlackRefused, SlackUnavailable
from smallprint.jobs.results import show_result
from smallprint.models.domain import Brief, Report
from tests.fakes.delivery import RecordingDelivery
from tests.fakes.job_store import a_job
from tests.fakes.reports import low_report, medium_report

PLAIN = a_job()
COMPARED = replace(a_job(), brief=Brief(compare_with="earlier"))


class Shelf:
    """The earlier report; `trouble` is raised instead."""

    def __init__(self, report: Report | None, trouble: Exception | None = None) -> None:
        self._report, self._trouble = report, trouble
        self.asked: list[str] = []

    async def report(self, analysis_id: str) -> Report | None:
        self.asked.append(analysis_id)
        if self._trouble is not None:
            raise self._trouble
        return self._report


class Refused(RecordingDelivery):
    """Shows results, but no comparison."""

    def __init__(self, trouble: Exception) -> None:
        super().__init__()
        self._trouble = trouble

    async def compare(self, job: object, before: object, after: object) -> None:
        raise self._trouble


async def test_nothing_is_compared_unless_somebody_asked() -> None:
    delivery, shelf = RecordingDelivery(), Shelf(medium_report())
    await show_result(PLAIN, low_report(), delivery=delivery, reports=shelf)
    assert delivery.results == {PLAIN.id: [low_report()]}
    assert (delivery.comparisons, shelf.asked) == ({}, [])


async def test_the_comparison_follows_the_report() -> None:
    delivery, shelf = RecordingDelivery(), Shelf(medium_report())
    await show_result(COMPARED, low_report(), delivery=delivery, reports=shelf)
    assert delivery.results == {COMPARED.id: [low_report()]}
    assert delivery.comparisons == {COMPARED.id: [(medium_report(), low_report())]}
    assert shelf.asked == ["earlier"]


@pytest.mark.parametrize("shelf", [Shelf(None), Shelf(None, DatabaseError("another release wrote it"))])
async def test_an_earlier_report_that_is_gone_or_unreadable_is_told_as_gone(shelf) -> None:
    delivery = RecordingDelivery()
    await show_result(COMPARED, low_report(), delivery=delivery, reports=shelf)
    assert delivery.comparisons == {COMPARED.id: [(None, low_report())]}


@pytest.mark.parametrize("trouble", [SlackRefused("channel_not_found"), ValueError("a bug of ours")])
async def test_the_result_stands_when_its_comparison_cannot_be_shown(trouble) -> None:
    delivery = Refused(trouble)
    await show_result(COMPARED, low_report(), delivery=delivery, reports=Shelf(medium_report()))
    assert delivery.results == {COMPARED.id: [low_report()]}


async def test_what_passes_is_tried_again() -> None:
    with pytest.raises(SlackUnavailable):
        await show_result(
            COMPARED, low_report(), delivery=Refused(SlackUnavailable()), reports=Shelf(medium_report())
        )
    with pytest.raises(DatabaseUnavailable):
        await show_result(
            COMPARED,
            low_report(),
            delivery=RecordingDelivery(),
            reports=Shelf(None, DatabaseUnavailable()),
        )
