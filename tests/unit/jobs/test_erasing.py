"""Forgetting costs what it has to: nothing for what was never ours, and writers their turn in any storm."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from smallprint.jobs.erasing import Eraser
from smallprint.models.domain import Erasure, ErasureKind, Job
from smallprint.services.database.jobs import JobState
from tests.fakes.job_store import a_job


class Wishes:
    """The log of wishes in memory; every file but F1 is somebody else's."""

    def __init__(self, *files: str, compacting_s: float = 0.0) -> None:
        self.kept = [wish_for(file) for file in files]
        self.compacted: list[float] = []
        self.erased: list[str] = []
        self.told: list[str] = []
        self._compacting_s = compacting_s

    async def open(self) -> list[Erasure]:
        return list(self.kept)

    async def jobs_of(self, wish: Erasure) -> list[tuple[Job, JobState]]:
        return [(a_job(1), JobState.DONE)] if wish.reference == "F1" else []

    async def erase(self, job_ids: Sequence[str]) -> None:
        self.erased += job_ids

    async def compact(self) -> None:
        self.compacted.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self._compacting_s)

    async def done(self, wish: Erasure) -> None:
        self.kept.remove(wish)
        self.told.append(f"done {wish.reference}")

    async def drop(self, wish: Erasure) -> None:
        self.kept.remove(wish)
        self.told.append(f"dropped {wish.reference}")


class Unseen:
    async def forget(self, job: Job) -> None: ...


async def nothing(_: Job) -> None: ...


def wish_for(file: str) -> Erasure:
    return Erasure(f"event/{file}", ErasureKind.FILE, "T1", "", file)


def eraser(wishes: Wishes) -> Eraser:
    return Eraser(wishes, stop_job=nothing, delivery=Unseen())


async def test_a_deleted_file_that_was_never_ours_costs_nothing_and_leaves_no_row() -> None:
    wishes = Wishes("F7", "F8")
    assert await eraser(wishes).look()
    assert wishes.told == ["dropped F7", "dropped F8"]
    assert wishes.compacted == []
    assert wishes.erased == []


async def test_many_wishes_at_once_are_one_rewriting_of_the_file() -> None:
    wishes = Wishes("F1", "F7", "F1")
    assert await eraser(wishes).look()
    assert len(wishes.compacted) == 1
    assert wishes.told == ["done F1", "dropped F7", "done F1"]


async def test_in_a_storm_of_deletions_the_file_is_rewritten_a_tenth_of_the_time_at_most() -> None:
    wishes = Wishes(compacting_s=0.01)
    working = eraser(wishes)
    working.start()
    for _ in range(12):
        wishes.kept.append(wish_for("F1"))
        working.notice()
        await asyncio.sleep(0.02)
    await working.stop()
    assert 2 <= len(wishes.compacted) <= 4
