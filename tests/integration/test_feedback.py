"""Thumbs and decisions in a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from smallprint.models.domain import AnalysisRequest, Decision, Feedback, FindingDecision, Thumb
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.connection import Database
from smallprint.services.database.erasures import ErasureStore
from smallprint.services.database.feedback import FeedbackStore
from tests.fakes.passages import document_of
from tests.fakes.reports import NOW, decision, medium_report
from tests.integration.databases import DIALECTS, fresh_database

ACCEPTED, DISMISSED, UNDONE = Decision


@pytest.fixture(params=DIALECTS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(request.param, tmp_path) as database:
        yield database


@pytest.fixture
async def store(database: Database) -> FeedbackStore:
    return FeedbackStore(database)


async def count(database: Database, table: str) -> int:
    async with database.read() as connection:
        found = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
        return int(found.scalar_one())


async def test_of_a_finding_the_last_decision_holds(store: FeedbackStore) -> None:
    accepted, dismissed = decision("F1", ACCEPTED), decision("F1", DISMISSED, "no")
    assert await store.decide(accepted) == accepted
    assert await store.decide(decision("F2", ACCEPTED)) is not None
    assert await store.decide(dismissed) == dismissed
    assert {name: held.decision for name, held in (await store.decisions("doc-1")).items()} == {
        "F1": DISMISSED,
        "F2": ACCEPTED,
    }
    assert await store.decisions("doc-2") == {}


async def test_undone_nothing_holds_and_undoing_nothing_writes_nothing(
    store: FeedbackStore, database: Database
) -> None:
    assert await store.decide(decision("F1", UNDONE)) is None
    assert await count(database, "finding_decisions") == 0
    await store.decide(decision("F1", ACCEPTED))
    assert await store.decide(decision("F1", UNDONE)) is None
    assert await store.decisions("doc-1") == {}
    again = replace(decision("F1", ACCEPTED), request_id="press/2")
    assert await store.decide(again) == again


async def test_of_two_who_decide_the_same_the_first_one_stays_unless_a_reason_is_new(
    store: FeedbackStore, database: Database
) -> None:
    first = decision("F1", DISMISSED, "in the annex")
    await store.decide(first)
    assert await store.decide(decision("F1", DISMISSED, user="U0BOB")) == first
    assert await store.decide(decision("F1", DISMISSED, "in the annex", user="U0BOB")) == first
    assert await count(database, "finding_decisions") == 1
    better = decision("F1", DISMISSED, "not ours", user="U0BOB")
    assert await store.decide(better) == better


async def test_a_request_that_is_sent_twice_is_one_decision(store: FeedbackStore, database: Database) -> None:
    accepted = decision("F1", ACCEPTED)
    await store.decide(accepted)
    await store.decide(decision("F1", DISMISSED))
    held = await store.decide(accepted)
    assert (held and held.decision) == DISMISSED
    assert await count(database, "finding_decisions") == 2


async def test_many_who_decide_at_once_leave_one_entry_each_that_says_something(
    store: FeedbackStore, database: Database
) -> None:
    await asyncio.gather(
        *(store.decide(decision("F1", ACCEPTED, user=f"U0{number}")) for number in range(20))
    )
    assert await count(database, "finding_decisions") == 1


async def test_which_analyses_have_decisions_in_the_order_of_their_first(store: FeedbackStore) -> None:
    entries: list[FindingDecision] = [
        decision("F1", ACCEPTED, analysis_id="doc-2"),
        decision("F1", ACCEPTED, analysis_id="doc-1"),
        decision("F2", ACCEPTED, analysis_id="doc-2"),
    ]
    for number, entry in enumerate(entries):
        await store.decide(replace(entry, request_id=str(number), at=NOW + timedelta(days=number)))
    assert await store.decided() == ("doc-2", "doc-1")
    assert await store.decided(NOW + timedelta(days=1)) == ("doc-1", "doc-2")


async def test_every_thumb_is_written_down_once_per_request(store: FeedbackStore, database: Database) -> None:
    up = Feedback("doc-1", "U02ANN7", Thumb.UP, "", "press/1", NOW)
    for thumb in (up, up, replace(up, thumb=Thumb.DOWN, reason="no", request_id="view/1")):
        await store.rate(thumb)
    assert await count(database, "feedback") == 2


async def test_a_reason_that_comes_after_the_report_was_forgotten_is_not_kept(
    store: FeedbackStore, database: Database
) -> None:
    report = medium_report()
    request = AnalysisRequest(report.analysis_id, "T1", "C1", "U1", "message")
    analyses = AnalysisStore(database)
    await analyses.begin(request, document_of("The rent."), {}, offline=True)
    await analyses.finish(report)
    late = Feedback(report.analysis_id, "U1", Thumb.DOWN, "it says “the rent”", "view/V1", NOW)
    await store.rate(replace(late, request_id="view/V0"))
    await ErasureStore(database).erase([report.analysis_id])
    await store.rate(late)
    async with database.read() as connection:
        reasons = await connection.exec_driver_sql("SELECT reason FROM feedback ORDER BY id")
        assert reasons.scalars().all() == ["", ""]
    assert await count(database, "feedback") == 2
