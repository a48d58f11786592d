"""A report is shown again only to whoever could see it, and only for the same document, question and time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from smallprint.models.domain import (
    AnalysisRequest,
    Brief,
    Document,
    DocumentKind,
    EarlierAnalysis,
    Job,
    ReadingReceipt,
    Report,
)
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from tests.fakes.reports import medium_report
from tests.integration.databases import DIALECTS, fresh_database

DOCUMENT = Document("lease.pdf", DocumentKind.PDF, "0" * 64, "Rent is due.", (), ReadingReceipt(pages=3))
FIRST = AnalysisRequest("an1", team="T1", channel="C1", user="U1", trigger="message")
NOW = datetime.now(UTC)
LAST_MONTH = NOW - timedelta(days=30)


@pytest.fixture(params=DIALECTS)
async def store(request, tmp_path):
    async with fresh_database(request.param, tmp_path) as database:
        store = AnalysisStore(database)
        await finished(store, FIRST, made())
        yield store


def made(analysis_id: str = "an1", **changes) -> Report:
    report = replace(
        medium_report(), analysis_id=analysis_id, document_sha256=DOCUMENT.sha256, created_at=NOW
    )
    return replace(report, **changes)


async def finished(
    store: AnalysisStore, request: AnalysisRequest, report: Report, mark: str = "mark"
) -> None:
    await store.begin(request, DOCUMENT, {}, offline=False)
    await store.finish(report, mark)


def asker(user: str = "U1", channel: str = "C1", team: str = "T1") -> AnalysisRequest:
    return AnalysisRequest("an2", team=team, channel=channel, user=user)


@pytest.mark.parametrize(
    "request_", [asker(), asker(user="U2"), asker(channel="C2")], ids=["same", "same channel", "same person"]
)
async def test_whoever_could_see_it_gets_it_with_the_name_of_who_asked(store, request_):
    report, user = await store.earlier(request_, DOCUMENT, "mark", LAST_MONTH)

    assert (report.analysis_id, user) == ("an1", "U1")


@pytest.mark.parametrize(
    "request_",
    [asker("U2", "C2"), asker(team="T2"), asker(user="", channel="C2")],
    ids=["neither channel nor person", "another workspace", "nobody in particular"],
)
async def test_whoever_could_not_see_it_does_not_get_it(store, request_):
    assert await store.earlier(request_, DOCUMENT, "mark", LAST_MONTH) is None


async def test_another_document_another_question_and_an_old_report_do_not_count(store):
    other = replace(DOCUMENT, sha256="1" * 64)

    assert await store.earlier(asker(), other, "mark", LAST_MONTH) is None
    assert await store.earlier(asker(), DOCUMENT, "other mark", LAST_MONTH) is None
    assert await store.earlier(asker(), DOCUMENT, "mark", NOW + timedelta(seconds=1)) is None


async def test_an_analysis_without_a_fingerprint_is_never_shown_again(store):
    request = replace(FIRST, analysis_id="an9", channel="C9")
    await finished(store, request, made("an9"), "")

    assert await store.earlier(asker("U9", "C9"), DOCUMENT, "", LAST_MONTH) is None


async def test_the_newest_that_was_made_counts_not_one_that_was_shown_again(store):
    newer = made("an3", created_at=NOW + timedelta(seconds=2))
    await finished(store, replace(FIRST, analysis_id="an3", user="U3"), newer)
    shown = replace(newer, analysis_id="an4", earlier=EarlierAnalysis("an3", NOW, "U3"))
    await finished(store, replace(FIRST, analysis_id="an4", user="U4"), shown)

    report, user = await store.earlier(asker("U5"), DOCUMENT, "mark", LAST_MONTH)

    assert (report.analysis_id, user) == ("an3", "U3")


async def test_an_analysis_that_has_not_ended_has_nothing_to_show(store):
    request = replace(FIRST, analysis_id="an5", channel="C5", user="U5")
    await store.begin(request, DOCUMENT, {}, offline=False)

    assert await store.earlier(asker("U5", "C5"), DOCUMENT, "mark", LAST_MONTH) is None


async def test_what_somebody_had_analysed_for_themselves_alone_is_theirs_alone(tmp_path):
    private = Job("an1", "T1", "C1", "", "F1", "U1", "command", "cmd-1", brief=Brief(private=True))
    async with fresh_database("sqlite", tmp_path) as database:
        await JobStore(database).add([Arrival(private, JobState.DONE, NOW)])
        store = AnalysisStore(database)
        await finished(store, FIRST, made())

        assert await store.earlier(asker(user="U2"), DOCUMENT, "mark", LAST_MONTH) is None
        assert await store.earlier(asker(), DOCUMENT, "mark", LAST_MONTH) is not None
