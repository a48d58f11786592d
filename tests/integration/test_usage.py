"""Questions about what was spent, asked of a real database: sums, rights, versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from smallprint.models.database import llm_calls
from smallprint.models.domain import AnalysisRequest, ModelCall, Usage
from smallprint.models.usage import EVERYTHING, Grouping, Period, Spending, UsageTable, Viewer
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database
from smallprint.services.database.usage import UsageStore
from tests.fakes.passages import document_of
from tests.integration.databases import DIALECTS, fresh_database

TODAY = date(2026, 11, 26)
SONNET, HAIKU = "claude-sonnet-5-5", "claude-haiku-5-5"
CENT = 10_000_000
"""Nano-USD."""
DOCUMENT = document_of("The supplier's liability is unlimited.", name="msa.pdf")


@dataclass
class Books:
    """A database and a short way to fill it."""

    database: Database
    recorded: int = field(default=0)

    async def analysis(self, analysis_id: str, user: str = "U1", channel: str = "C1") -> None:
        request = AnalysisRequest(analysis_id, team="T1", channel=channel, user=user)
        await AnalysisStore(self.database).begin(request, DOCUMENT, {}, offline=False)

    async def call(self, analysis_id: str, days_ago: int = 0, **changes: Any) -> None:
        self.recorded += 1
        values: dict[str, Any] = {
            "agent": "document_analysis",
            "purpose": "main",
            "attempt": 1,
            "prompt_version": 3,
            "request_model": SONNET,
            "started_at": datetime.combine(TODAY, time(12), UTC) - timedelta(days=days_ago),
            "latency_ms": 900,
            "status": "ok",
            "usage": Usage(100, 20, 5, 3, 40, 10),
            "cost_nano_usd": CENT,
            "price_source": "genai-prices 0.2.3",
            "stop_reason": "end_turn",
            **changes,
        }
        call = ModelCall(id=f"call-{self.recorded:04d}", analysis_id=analysis_id, **values)
        await CallStore(self.database).record(call, f"key-{self.recorded}", None)

    async def spend(
        self, period: Period = Period.THIRTY_DAYS, by: Grouping = Grouping.DAY, viewer: Viewer = EVERYTHING
    ) -> UsageTable:
        return await self.store.spend(period, by, viewer=viewer)

    @property
    def store(self) -> UsageStore:
        return UsageStore(self.database, lambda: TODAY)


@pytest.fixture(params=DIALECTS)
async def books(request, tmp_path):
    async with fresh_database(request.param, tmp_path) as fresh:
        yield Books(fresh)


def costs(table: UsageTable) -> dict[str | None, int]:
    """Line → US cents."""
    return {line.name: line.spending.cost_nano_usd // CENT for line in table.lines}


# --- sums ------------------------------------------------------------------------------------------------


async def test_nothing_spent_is_an_empty_table_and_not_an_error(books):
    table = await books.spend()
    assert (table.lines, table.total, table.usage) == ((), Spending(), Usage())


async def test_every_part_of_the_tokens_is_summed_on_its_own(books):
    await books.analysis("a1")
    await books.call("a1")
    await books.call("a1", agent="findings_review", request_model=HAIKU, usage=Usage(1, 2, 3, 4, 5, 6))
    table = await books.spend()
    [line] = table.lines
    assert line.usage == table.usage == Usage(101, 22, 8, 7, 45, 16)
    assert line.spending == table.total == Spending(calls=2, documents=1, cost_nano_usd=2 * CENT)
    assert line.cost_by_model == {SONNET: CENT, HAIKU: CENT}


async def test_an_unknown_cost_is_counted_apart_and_never_as_nothing(books):
    await books.analysis("a1")
    await books.call("a1")
    await books.call("a1", cost_nano_usd=None)
    total = (await books.spend()).total
    assert (total.cost_nano_usd, total.calls, total.unpriced_calls) == (CENT, 2, 1)
    assert not total.is_exact


async def test_a_refused_request_costs_nothing_and_that_is_known(books):
    await books.analysis("a1")
    await books.call("a1", status="model_overloaded", cost_nano_usd=0, stop_reason=None, usage=Usage())
    total = (await books.spend()).total
    assert (total.calls, total.cost_nano_usd, total.is_exact) == (1, 0, True)


async def test_an_answer_that_broke_off_is_said_to_cost_at_least_what_is_counted(books):
    await books.analysis("a1")
    await books.call("a1", status="model_unreachable", stop_reason=None)
    total = (await books.spend()).total
    assert (total.broken_calls, total.cost_nano_usd, total.is_exact) == (1, CENT, False)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (Grouping.DAY, {"2026-11-25": 1, "2026-11-26": 5}),
        (Grouping.CHANNEL, {"C2": 4, "C1": 2}),
        (Grouping.USER, {"U2": 4, "U1": 2}),
        (Grouping.MODEL, {SONNET: 5, HAIKU: 1}),
        (Grouping.PROMPT, {"document_analysis v4": 4, "document_analysis v3": 1, "findings_review": 1}),
        (Grouping.AGENT, {"document_analysis": 5, "findings_review": 1}),
    ],
)
async def test_the_lines_are_what_was_asked_for(books, by, expected):
    await books.analysis("a1")
    await books.analysis("a2", "U2", "C2")
    await books.call("a1", days_ago=1)
    await books.call("a1", agent="findings_review", request_model=HAIKU, prompt_version=None)
    await books.call("a2", prompt_version=4, cost_nano_usd=4 * CENT)
    table = await books.spend(by=by)
    assert list(costs(table).items()) == list(expected.items())
    assert table.total.documents == 2
    assert sum(line.spending.calls for line in table.lines) == table.total.calls == 3


async def test_a_document_in_several_lines_counts_once_in_the_total(books):
    await books.analysis("a1")
    for agent in ("document_analysis", "findings_review"):
        await books.call("a1", agent=agent)
        await books.call("a1", agent=agent, purpose="part 2 of 2")
    table = await books.spend(by=Grouping.AGENT)
    assert [line.spending.documents for line in table.lines] == [1, 1]
    assert table.total.documents == 1


@pytest.mark.parametrize(
    ("period", "first_day", "cents"),
    [
        (Period.TODAY, date(2026, 11, 26), 1),
        (Period.WEEK, date(2026, 11, 20), 2),
        (Period.MONTH, date(2026, 11, 1), 4),
        (Period.THIRTY_DAYS, date(2026, 10, 28), 6),
    ],
)
async def test_a_period_is_whole_utc_days_that_end_with_today(books, period, first_day, cents):
    await books.analysis("a1")
    for days_ago in (-1, 0, 6, 7, 25, 26, 29, 30):
        await books.call("a1", days_ago=days_ago)
    table = await books.spend(period)
    assert (table.first_day, table.last_day) == (first_day, TODAY)
    assert table.total.cost_nano_usd == cents * CENT


async def test_an_evening_elsewhere_is_counted_on_its_utc_day(books):
    await books.analysis("a1")
    evening = datetime.fromisoformat("2026-11-25T22:30:00-05:00")
    await books.call("a1", started_at=evening)
    assert costs(await books.spend(Period.TODAY)) == {"2026-11-26": 1}


async def test_the_command_line_has_no_channel_and_an_erased_user_no_name_but_both_are_counted(books):
    await books.analysis("a1", user="", channel="")
    await books.analysis("a2", user="U2")
    await books.call("a1")
    await books.call("a2")
    async with books.database.write() as connection:
        await connection.execute(update(llm_calls).where(llm_calls.c.user_id == "U2").values(user_id=None))
    assert costs(await books.spend(by=Grouping.USER)) == {"": 1, None: 1}
    assert costs(await books.spend(by=Grouping.CHANNEL)) == {"": 1, "C1": 1}


# --- rights ----------------------------------------------------------------------------------------------


@pytest.fixture
async def shared(books):
    """U1 in C1 and C2, U2 in C1 and C3, and somebody at the command line."""
    for number, (user, channel) in enumerate(
        (("U1", "C1"), ("U1", "C2"), ("U2", "C1"), ("U2", "C3"), ("", ""))
    ):
        await books.analysis(f"a{number}", user, channel)
        await books.call(f"a{number}", cost_nano_usd=CENT * 10**number)
    return books


@pytest.mark.parametrize(
    ("viewer", "cents"),
    [
        (EVERYTHING, 11_111),
        (Viewer("U1"), 11),
        (Viewer("U1", frozenset({"C1"})), 111),
        (Viewer("U1", frozenset({"C1", "C3"})), 1_111),
        (Viewer("U9", frozenset({"C3"})), 1_000),
        (Viewer("U9"), 0),
        (Viewer(), 0),
        (Viewer("", frozenset({""})), 0),
        (Viewer("' OR 1=1 --", frozenset({"') OR 1=1 --"})), 0),
        (Viewer("U2", admin=True), 11_111),
    ],
)
async def test_members_see_their_own_and_their_channels_and_admins_everything(shared, viewer, cents):
    for by in Grouping:
        table = await shared.spend(by=by, viewer=viewer)
        assert table.total.cost_nano_usd == cents * CENT
        assert sum(costs(table).values()) == cents
    versions = await shared.store.versions("document_analysis", viewer=viewer)
    assert sum(version.spending.cost_nano_usd for version in versions) == cents * CENT
    uses = await shared.store.uses("document_analysis", 3, viewer=viewer)
    assert sum(10 ** int(use.analysis_id[1:]) for use in uses) == cents


# --- versions --------------------------------------------------------------------------------------------


async def test_what_a_version_cost_is_summed_over_all_time_newest_version_first(books):
    for number in range(3):
        await books.analysis(f"a{number}")
    await books.call("a0", days_ago=400)
    await books.call("a1", days_ago=90, cost_nano_usd=3 * CENT)
    await books.call("a1", days_ago=90, purpose="repair", cost_nano_usd=None)
    await books.call("a2", prompt_version=4, cost_nano_usd=6 * CENT)
    await books.call("a2", agent="findings_review", prompt_version=4)
    newer, older = await books.store.versions("document_analysis", viewer=EVERYTHING)
    assert (newer.version, newer.spending) == (4, Spending(1, 1, 6 * CENT))
    assert (older.version, older.spending) == (3, Spending(3, 2, 4 * CENT, unpriced_calls=1))
    assert (older.first_day, older.last_day) == (TODAY - timedelta(days=400), TODAY - timedelta(days=90))


async def test_the_newest_analyses_with_a_version_are_listed_once_each(books):
    for number in range(25):
        await books.analysis(f"a{number}", "U1" if number % 2 else "U2")
        for purpose in ("main", "repair"):
            await books.call(f"a{number}", days_ago=30 - number, purpose=purpose)
    await books.call("a0", prompt_version=4)
    uses = await books.store.uses("document_analysis", 3, viewer=EVERYTHING)
    assert [use.analysis_id for use in uses] == [f"a{number}" for number in range(24, 4, -1)]
    assert (uses[0].channel, uses[0].user, uses[0].at[:10]) == ("C1", "U2", "2026-11-20")
    assert uses[0].risk_level is None


async def test_two_calls_in_the_same_microsecond_are_one_use(books):
    await books.analysis("a1")
    for purpose in ("part 1 of 2", "part 2 of 2"):
        await books.call("a1", purpose=purpose)
    assert len(await books.store.uses("document_analysis", 3, viewer=EVERYTHING)) == 1


async def test_a_version_that_nobody_used_has_no_analyses(books):
    assert await books.store.uses("document_analysis", 9, viewer=EVERYTHING) == ()
    assert await books.store.versions("document_analysis", viewer=EVERYTHING) == ()
