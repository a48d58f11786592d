"""Budgets: nothing is spent beyond a limit, whoever comes first, and whoever is refused is told why."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from smallprint.agents.budget_limits import BudgetLimits
from smallprint.agents.budget_words import LimitWish, limit_to_clear, limit_to_set
from smallprint.errors import BudgetReached, InvalidAnswer, ModelOverloaded, ModelRefused
from smallprint.models.database import budget_changes
from smallprint.models.domain import (
    NANO_USD_PER_USD,
    BudgetScope,
    ModelCall,
    Place,
    Usage,
)
from smallprint.services.database.budget_changes import BudgetChangeStore
from smallprint.services.database.budget_notices import BudgetNoticeStore
from smallprint.services.database.budgets import BudgetBooks
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database
from smallprint.services.database.reservations import EXPIRES_AFTER
from tests.fakes.budgeted_desk import BudgetedDesk, budgeted_desk, estimate_of
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.passages import document_of
from tests.integration.databases import DIALECTS, fresh_database, fresh_url

DOLLAR = NANO_USD_PER_USD
DOCUMENT = document_of(
    "The Supplier's liability under this agreement is unlimited. This clause survives termination.",
    "This Agreement renews automatically for successive periods of three years.",
    "Either party may terminate this agreement with ninety days' written notice.",
)
MONTH, DAY, CHANNEL = BudgetScope.WORKSPACE_MONTH, BudgetScope.USER_DAY, BudgetScope.CHANNEL_MONTH
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Clock:
    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(params=DIALECTS)
async def database(request, tmp_path) -> AsyncIterator[Database]:
    async with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


def books_of(database: Database, clock: Clock, **limits_usd: float) -> BudgetBooks:
    defaults = {BudgetScope(scope): round(usd * DOLLAR) for scope, usd in limits_usd.items()}
    return BudgetBooks(database, defaults, clock=clock)


async def spend(
    database: Database, usd: float | None, *, analysis: str = "old", at: datetime = NOW, number: int = 1
) -> None:
    cost = None if usd is None else round(usd * DOLLAR)
    call = ModelCall(
        id=f"{analysis}-{number}",
        analysis_id=analysis,
        agent="document_analysis",
        purpose="main",
        attempt=1,
        prompt_version=1,
        request_model="claude-sonnet-5-5",
        started_at=at,
        latency_ms=1,
        status="ok",
        usage=Usage(1, output_tokens=1),
        cost_nano_usd=cost,
    )
    await CallStore(database).record(call, call.id, None)


def to_set(words: str) -> LimitWish:
    return limit_to_set(words.split())


def to_clear(words: str) -> LimitWish:
    return limit_to_clear(words.split())


# --- many at once ----------------------------------------------------------------------------------------


async def shared(desk: BudgetedDesk, number: int) -> str:
    try:
        await desk.run(DOCUMENT, f"an{number}", user=f"U{number}", channel="C1")
    except BudgetReached as refused:
        return refused.user_message
    return ""


async def test_of_fifty_documents_shared_at_once_against_a_budget_for_ten_at_most_ten_are_paid_for(
    database, claude
):
    limit = 10 * estimate_of(DOCUMENT)
    claude.latency_s = 0.02
    async with budgeted_desk(database, claude.url, {MONTH: limit}) as desk:
        told = await asyncio.gather(*(shared(desk, number) for number in range(50)))

        (workspace,) = [each for each in await desk.books.standing() if each.place.scope is MONTH]
    paid = told.count("")
    assert 1 <= paid <= 10
    assert [bill.form for bill in claude.billed].count("AnalystAnswer") == paid
    assert workspace.spent_nano_usd <= limit
    assert (workspace.left_nano_usd, workspace.reserved_nano_usd) == (limit - workspace.spent_nano_usd, 0)
    refused = [sentence for sentence in told if sentence]
    assert len(refused) == 50 - paid
    for sentence in refused:
        assert "the workspace's budget for this month is $" in sentence
        assert "it would cost about $" in sentence
        assert "Nothing was spent on it." in sentence
        assert "An admin can raise it" in sentence


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_several_processes_never_take_the_same_dollar(dialect, tmp_path, clock):
    async with fresh_url(dialect, tmp_path) as url:
        databases = [await Database.open(url) for _ in range(3)]
        books = [books_of(database, clock, workspace_month=10) for database in databases]
        refusals = await asyncio.gather(
            *(books[number % 3].reserve(f"an{number}", "U1", "C1", DOLLAR) for number in range(50))
        )
        for database in databases:
            await database.close()
    assert sum(refusal is None for refusal in refusals) == 10


async def test_what_an_analysis_did_not_spend_is_free_for_the_next(database, claude):
    async with budgeted_desk(database, claude.url, {MONTH: round(1.5 * estimate_of(DOCUMENT))}) as desk:
        for number in range(3):
            assert (await desk.run(DOCUMENT, f"an{number}")).reviewed
    assert len(claude.billed) >= 6


# --- one analysis ----------------------------------------------------------------------------------------


async def test_a_document_over_its_own_limit_costs_nothing_and_the_sentence_says_what_it_would_have_cost(
    database, claude
):
    async with budgeted_desk(database, claude.url, {BudgetScope.DOCUMENT: DOLLAR // 100}) as desk:
        with pytest.raises(
            BudgetReached, match=r"about \$0\.\d\d, but a single document may cost at most \$0\.01"
        ):
            await desk.run(DOCUMENT)
    assert claude.received == []


async def test_after_a_restart_an_analysis_goes_on_though_the_budget_is_used_up_and_pays_nothing_twice(
    database, claude
):
    async with budgeted_desk(database, claude.url) as desk:
        claude.script(outcomes.overloaded(), match="ReviewerAnswer")
        with pytest.raises(ModelOverloaded):
            await desk.run(DOCUMENT, last_try=False)
        await desk.limits.set(to_set("workspace 0 stop"), actor="U0ADMIN", request_id="1")
    async with budgeted_desk(database, claude.url) as desk:
        assert (await desk.run(DOCUMENT)).reviewed
        with pytest.raises(BudgetReached):
            await desk.run(DOCUMENT, "another")
    assert Counter(bill.form for bill in claude.billed)["AnalystAnswer"] == 1


async def test_a_restart_goes_on_with_what_the_analysis_holds(database, clock):
    books = books_of(database, clock, workspace_month=1)
    assert await books.reserve("an1", "U1", "C1", DOLLAR) is None
    assert await books.reserve("an1", "U1", "C1", DOLLAR) is None
    assert await books.reserve("an2", "U1", "C1", 1) is not None


async def test_what_is_spent_of_a_reservation_does_not_count_twice(database, clock):
    books = books_of(database, clock, workspace_month=10)
    await books.reserve("an1", "U1", "C1", 4 * DOLLAR)
    await spend(database, 3, analysis="an1")
    (_, _, _, workspace) = await books.standing("U1", "C1")
    assert (workspace.spent_nano_usd, workspace.reserved_nano_usd) == (3 * DOLLAR, 1 * DOLLAR)
    assert await books.reserve("an2", "U2", "C2", 6 * DOLLAR) is None
    assert await books.reserve("an3", "U2", "C2", 1) is not None


async def test_a_call_that_does_not_fit_extends_the_reservation_or_is_refused(database, clock):
    books = books_of(database, clock, workspace_month=10)
    await books.reserve("an1", "", "", 1 * DOLLAR)
    await spend(database, 0.8, analysis="an1")
    assert await books.covers("an1", round(0.2 * DOLLAR))
    assert not await books.covers("an1", round(0.3 * DOLLAR))
    assert await books.extend("an1", 9 * DOLLAR) is None
    assert await books.covers("an1", 9 * DOLLAR)
    refusal = await books.extend("an1", round(9.3 * DOLLAR))
    assert refusal is not None
    assert (refusal.cost_nano_usd, refusal.spent_nano_usd) == (round(10.1 * DOLLAR), round(0.8 * DOLLAR))


async def test_an_analysis_that_never_ends_holds_nothing_after_a_day(database, clock):
    books = books_of(database, clock, workspace_month=1)
    await books.reserve("an1", "U1", "C1", DOLLAR)
    clock.now += EXPIRES_AFTER
    assert await books.reserve("an2", "U1", "C1", DOLLAR) is None
    await books.drop_expired()
    assert not await books.covers("an1", 0)


async def test_settling_twice_changes_nothing(database, clock):
    books = books_of(database, clock, workspace_month=1)
    await books.reserve("an1", "U1", "C1", DOLLAR)
    await books.settle("an1")
    await books.settle("an1")
    assert await books.reserve("an2", "U1", "C1", DOLLAR) is None


@pytest.mark.parametrize("fault", [outcomes.refusal(), outcomes.garbage()])
async def test_an_analysis_that_fails_holds_nothing_any_more(database, claude, fault):
    claude.always(fault, match="AnalystAnswer")
    async with budgeted_desk(database, claude.url, {MONTH: 10 * DOLLAR}) as desk:
        with pytest.raises((ModelRefused, InvalidAnswer)):
            await desk.run(DOCUMENT)
        (_, workspace) = await desk.books.standing()
    assert workspace.reserved_nano_usd == 0
    assert workspace.spent_nano_usd > 0


# --- what turns out dearer than it was estimated ---------------------------------------------------------


JUST_ENOUGH = {BudgetScope.DOCUMENT: estimate_of(DOCUMENT) * 102 // 100}
"""For what is estimated, and for the few tokens that a count finds beside the words of so short a document."""


@pytest.fixture
async def pensive() -> AsyncIterator[FakeClaude]:
    async with FakeClaude(thinking_tokens={"AnalystAnswer": 7_000}) as running:
        yield running


async def test_a_reviewer_that_no_budget_is_left_for_is_left_out_and_the_report_says_why(database, pensive):
    async with budgeted_desk(database, pensive.url, JUST_ENOUGH) as desk:
        report = await desk.run(DOCUMENT)
    assert report.findings
    assert (report.reviewed, "because a spending limit is reached" in report.review_note) == (False, True)
    assert {bill.form for bill in pensive.billed} <= {"AnalystAnswer", "TriageAnswer"}


async def test_an_analyst_that_no_budget_is_left_for_ends_the_analysis_and_says_what_was_spent(
    database, pensive
):
    pensive.script(outcomes.garbage(), match="AnalystAnswer")
    async with budgeted_desk(database, pensive.url, JUST_ENOUGH) as desk:
        with pytest.raises(BudgetReached, match=r"I stopped in the middle.*\$0\.0\d was spent on it"):
            await desk.run(DOCUMENT)
        (_, workspace) = await desk.books.standing()
    assert workspace.reserved_nano_usd == 0


# --- users, channels, the command line -------------------------------------------------------------------


async def test_each_user_and_each_channel_has_a_budget_of_its_own(database, clock):
    books = books_of(database, clock, user_day=1, channel_month=2)
    assert await books.reserve("an1", "U1", "C1", DOLLAR) is None
    theirs = await books.reserve("an2", "U1", "C2", DOLLAR)
    assert theirs is not None
    assert theirs.budget.place == Place(DAY, "U1")
    assert await books.reserve("an3", "U2", "C1", DOLLAR) is None
    channels = await books.reserve("an4", "U3", "C1", DOLLAR)
    assert channels is not None
    assert channels.budget.place == Place(CHANNEL, "C1")


async def test_the_command_line_has_no_budget_of_a_user_or_a_channel(database, clock):
    books = books_of(database, clock, user_day=0, channel_month=0, workspace_month=1)
    assert await books.reserve("an1", "", "", DOLLAR) is None
    assert await books.reserve("an2", "", "", 1) is not None


async def test_a_day_and_a_month_begin_at_midnight_utc(database, clock):
    await spend(database, 1, analysis="october", at=datetime(2026, 10, 31, 23, 59, tzinfo=UTC))
    await spend(database, 1, analysis="november", at=datetime(2026, 11, 1, 0, 0, tzinfo=UTC))
    books = books_of(database, clock, workspace_month=5)
    (_, workspace) = await books.standing()
    assert workspace.spent_nano_usd == DOLLAR


async def test_calls_of_unknown_cost_count_as_nothing_and_are_said(database, clock):
    await spend(database, None)
    (_, workspace) = await books_of(database, clock, workspace_month=5).standing()
    assert (workspace.spent_nano_usd, workspace.unpriced_calls) == (0, 1)


async def test_the_room_for_an_analysis_is_what_the_tightest_budget_leaves_it_its_own_share_included(
    database, clock
):
    books = books_of(database, clock, document=5, channel_month=10, workspace_month=20)
    assert await books.reserve("an1", "U1", "C1", 2 * DOLLAR) is None
    assert await books.reserve("an2", "U2", "C1", 6 * DOLLAR) is not None
    assert await books.reserve("an3", "U2", "C1", 5 * DOLLAR) is None
    assert await books.room("an1") == 5 * DOLLAR
    await spend(database, 1, analysis="an1")
    assert await books.room("an1") == 4 * DOLLAR
    await spend(database, 15.5, analysis="somebody's")
    assert await books.room("an1") == 0
    assert await books_of(database, clock).room("an1") is None


async def test_near_a_limit_claude_is_asked_for_its_count_and_only_there(database, claude):
    for limit, counted in ((10 * DOLLAR, 0), (estimate_of(DOCUMENT) * 102 // 100, 1)):
        async with budgeted_desk(database, claude.url, {BudgetScope.DOCUMENT: limit}) as desk:
            await desk.run(DOCUMENT, f"an{counted}")
        assert len(claude.counted) == counted


# --- limits at run time ----------------------------------------------------------------------------------


@pytest.fixture
def limits(database, clock) -> BudgetLimits:
    books = books_of(database, clock, user_day=1)
    return BudgetLimits(books, BudgetChangeStore(database), clock=clock)


async def limit_for(limits: BudgetLimits, user: str) -> int | None:
    (found,) = [each for each in await limits.own(user) if each.place.scope is DAY]
    return found.limit.nano_usd


async def test_the_last_change_holds_and_clearing_it_brings_back_what_held_before(limits):
    said = {"actor": "U0ADMIN"}
    assert await limit_for(limits, "U0A11") == DOLLAR
    await limits.set(to_set("user 5 more work"), request_id="1", **said)
    await limits.set(to_set("user U0A11 7 even more"), request_id="2", **said)
    assert (await limit_for(limits, "U0A11"), await limit_for(limits, "U0A12")) == (7 * DOLLAR, 5 * DOLLAR)
    await limits.set(to_set("user U0A11 none the boss"), request_id="3", **said)
    assert await limit_for(limits, "U0A11") is None
    await limits.clear(to_clear("user U0A11 gone"), request_id="4", **said)
    assert await limit_for(limits, "U0A11") == 5 * DOLLAR
    await limits.clear(to_clear("user back to normal"), request_id="5", **said)
    assert await limit_for(limits, "U0A11") == DOLLAR
    assert [change.reason for change in await limits.history(2)] == ["back to normal", "gone"]


async def test_a_request_that_comes_twice_changes_once(limits):
    wish = to_set("workspace 5 trial")
    first = await limits.set(wish, actor="U0ADMIN", request_id="same")
    again = await limits.set(replace(wish, amount_nano_usd=9), actor="U0ADMIN", request_id="same")
    assert again == first
    assert len(await limits.history()) == 1


@pytest.mark.parametrize("change", ["update", "delete"])
async def test_the_log_of_budgets_can_be_neither_changed_nor_deleted(database, limits, change):
    await limits.set(to_set("workspace 5 trial"), actor="U0ADMIN", request_id="1")
    statement = update(budget_changes).values(reason="x") if change == "update" else delete(budget_changes)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as connection:
            await connection.execute(statement)


async def test_a_limit_set_at_run_time_holds_for_the_next_analysis(database, claude):
    async with budgeted_desk(database, claude.url) as desk:
        await desk.run(DOCUMENT, "an1", user="U1", channel="C1")
        await desk.limits.set(to_set("workspace 0 stop"), actor="U0ADMIN", request_id="1")
        with pytest.raises(BudgetReached, match="the workspace's budget for this month is"):
            await desk.run(DOCUMENT, "an2", user="U1", channel="C1")


async def test_everything_is_shown_with_where_it_comes_from(database, limits, clock):
    await limits.set(to_set("channel C0A1B2 3 trial"), actor="U0ADMIN", request_id="1")
    await books_of(database, clock).reserve("an1", "U77", "C77", DOLLAR)
    shown = {each.place: each for each in await limits.show()}
    assert [place.scope for place in shown if not place.id] == list(BudgetScope)
    assert shown[Place(CHANNEL, "C0A1B2")].limit.change is not None
    assert shown[Place(DAY, "U77")].left_nano_usd == 0
    assert shown[Place(CHANNEL, "C77")].left_nano_usd is None
    assert await limits.left_usd() is None


# --- notices ---------------------------------------------------------------------------------------------


async def told(database: Database, clock: Clock) -> list[tuple[str, int]]:
    """What is due, and told with that."""
    notices = BudgetNoticeStore(database, clock=clock)
    due = await notices.due()
    for notice in due:
        await notices.mark_told(notice.id)
    return [(notice.place.scope.value, notice.percent) for notice in due]


async def test_at_80_and_at_100_percent_of_a_month_one_notice_each_is_due_once(database, clock):
    books = books_of(database, clock, workspace_month=10)
    seen = []
    for number, usd in enumerate((7.9, 0.2, 0.5, 1.4, 3.0)):
        await spend(database, usd, analysis=f"an{number}")
        await asyncio.gather(*(books.note_crossings() for _ in range(5)))
        seen.append(await told(database, clock))
    assert seen == [[], [("workspace_month", 80)], [], [("workspace_month", 100)], []]


async def test_whoever_reserves_notices_it_first(database, clock):
    books = books_of(database, clock, workspace_month=10)
    await spend(database, 8.5)
    await books.reserve("an1", "U1", "C1", 1)
    assert await told(database, clock) == [("workspace_month", 80)]


async def test_a_document_that_does_not_fit_any_more_is_the_end_of_a_budget(database, clock):
    books = books_of(database, clock, workspace_month=10)
    await spend(database, 9.99)
    assert await books.reserve("an1", "U1", "C1", DOLLAR) is not None
    assert await told(database, clock) == [("workspace_month", 100)]


async def test_a_budget_that_was_raised_is_told_again_when_it_is_nearly_spent(database, clock):
    await spend(database, 10)
    for limit in (10, 12, 100):
        await books_of(database, clock, workspace_month=limit).note_crossings()
    assert await told(database, clock) == [("workspace_month", 100), ("workspace_month", 80)]


async def test_what_was_to_be_told_of_last_month_is_told_no_more(database, clock):
    await spend(database, 10)
    await books_of(database, clock, workspace_month=10).note_crossings()
    clock.now += timedelta(days=10)
    assert await told(database, clock) == []
