"""Texts go once a day, and admins are told of a budget once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from structlog.testing import capture_logs

from smallprint.errors import DatabaseUnavailable, SlackRefused, SlackUnavailable, SmallprintError
from smallprint.jobs.housekeeping import DAY_S, LOOK_S, Housekeeping
from smallprint.models.domain import BudgetNotice, BudgetScope, Place
from smallprint.services.database.retention import Purged

NOTICE = BudgetNotice(7, Place(BudgetScope.WORKSPACE_MONTH), "2026-11", 80, 10, 8)


class House:
    """Texts, books, notices and admins in one; `trouble` is what the named thing raises."""

    def __init__(self, *due: BudgetNotice, **trouble: SmallprintError) -> None:
        self.waiting = list(due)
        self.trouble = trouble
        self.done: list[str] = []
        self.kept: list[timedelta] = []
        self.now = 1_000.0
        self.idle = True

    def keeper(self, *, days: int = 90, admins: bool = True) -> Housekeeping:
        told = self if admins else None
        return Housekeeping(
            self, self, self, told, retention_days=days, idle=self.is_idle, clock=lambda: self.now
        )

    async def is_idle(self) -> bool:
        return self.idle

    async def compact(self) -> None:
        self._do("compact")

    async def purge(self, keep: timedelta) -> Purged:
        self._do("purge")
        self.kept.append(keep)
        return Purged(3, 2, 1)

    async def drop_expired(self) -> None:
        self._do("drop_expired")

    async def note_crossings(self) -> None:
        self._do("note_crossings")

    async def due(self) -> tuple[BudgetNotice, ...]:
        return tuple(self.waiting)

    async def mark_told(self, notice_id: int) -> None:
        self.waiting = [notice for notice in self.waiting if notice.id != notice_id]

    async def tell(self, notice: BudgetNotice) -> None:
        self._do("tell")

    def _do(self, name: str) -> None:
        self.done.append(name)
        if name in self.trouble:
            raise self.trouble[name]


async def test_texts_are_purged_at_the_start_and_then_once_a_day():
    house = House()
    keeper = house.keeper()
    for _ in range(3):
        await keeper.look()
        house.now += DAY_S / 2
    assert house.kept == [timedelta(days=90)] * 2


async def test_with_nothing_kept_texts_are_purged_at_each_look():
    house = House()
    keeper = house.keeper(days=0)
    for _ in range(3):
        await keeper.look()
        house.now += LOOK_S
    assert house.kept == [timedelta(0)] * 3


async def test_a_purge_that_failed_is_tried_again_at_the_next_look_and_keeps_nobody_from_being_told():
    house = House(NOTICE, purge=DatabaseUnavailable())
    keeper = house.keeper()
    await keeper.look()
    assert house.done == ["purge", "drop_expired", "note_crossings", "tell"]
    assert house.kept == []
    house.trouble.clear()
    await keeper.look()
    assert len(house.kept) == 1


async def test_the_file_is_rewritten_after_a_purge_when_nobody_is_at_work():
    house = House()
    house.idle = False
    keeper = house.keeper()
    await keeper.look()
    assert "compact" not in house.done
    house.idle = True
    for _ in range(3):
        await keeper.look()
    assert house.done.count("compact") == 1


async def test_where_somebody_is_always_at_work_the_file_is_rewritten_a_day_later_all_the_same():
    house = House()
    house.idle = False
    keeper = house.keeper()
    await keeper.look()
    house.now += DAY_S
    await keeper.look()
    assert house.done.count("compact") == 1


async def test_however_often_texts_are_purged_the_file_is_rewritten_once_a_day():
    house = House()
    keeper = house.keeper(days=0)
    for _ in range(2 * 24 * 60):
        await keeper.look()
        house.now += LOOK_S
    assert house.done.count("compact") == 2


async def test_a_notice_is_told_once():
    house = House(NOTICE)
    keeper = house.keeper()
    for _ in range(3):
        await keeper.look()
    assert house.done.count("tell") == 1


async def test_a_notice_that_slack_does_not_take_now_is_told_later_and_one_that_it_never_takes_is_given_up():
    house = House(NOTICE, tell=SlackUnavailable())
    keeper = house.keeper()
    await keeper.look()
    assert house.waiting == [NOTICE]
    house.trouble["tell"] = SlackRefused("channel_not_found")
    await keeper.look()
    assert house.waiting == []


async def test_without_a_channel_for_admins_the_log_says_it():
    house = House(NOTICE)
    with capture_logs() as logs:
        await house.keeper(admins=False).look()
    assert house.waiting == []
    assert [line["percent"] for line in logs if line["event"] == "budget nearly spent"] == [80]


async def test_the_log_of_a_purge_has_counts_only():
    with capture_logs() as logs:
        await House().keeper().look()
    (line,) = [line for line in logs if line["event"] == "texts erased"]
    assert {name: line[name] for name in ("analyses", "answers", "jobs")} == {
        "analyses": 3,
        "answers": 2,
        "jobs": 1,
    }


async def test_it_begins_at_the_start_and_ends_when_it_is_stopped():
    house = House()
    keeper = house.keeper()
    keeper.start()
    await asyncio.sleep(0.01)
    await keeper.stop()
    await keeper.stop()
    assert house.done[0] == "purge"
