from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from smallprint.errors import DatabaseUnavailable, NotAllowed, SlackUnavailable
from smallprint.models.domain import Job, StopAnswer
from smallprint.slack import stops as session_stops
from smallprint.slack.stopping import Stopping
from smallprint.slack.stops import SessionStops
from tests.fakes.job_store import a_job
from tests.fakes.stops import InMemoryStops

OWN, OTHERS, PRIVATE = a_job(1), replace(a_job(2), user="U2"), replace(a_job(3), channel="C9")


class Admins:
    """`slow_s`: how long Slack takes to say who is one."""

    def __init__(self, *admins: str, slow_s: float = 0.0) -> None:
        self._admins = admins
        self._slow_s = slow_s

    async def is_admin(self, user: str) -> bool:
        await asyncio.sleep(self._slow_s)
        return user in self._admins


def _answers_elsewhere(_channel: str, _thread_ts: str) -> list[str]:
    return [PRIVATE.id]


class Office:
    """Three jobs, two of them in the thread, and what is needed to stop them."""

    def __init__(self, admins: Admins | None = None) -> None:
        self.log = InMemoryStops()
        self.jobs = {job.id: job for job in (OWN, OTHERS, PRIVATE)}
        self.shown: list[str] = []
        self.trouble: Exception | None = None
        self.stopping = Stopping(self.log, self, admins or Admins(), self.show)  # type: ignore[arg-type]  # as Permissions
        self.keeper = SessionStops(self.stopping, self, _answers_elsewhere)

    async def get(self, job_id: str) -> Job | None:
        return self.jobs.get(job_id)

    async def unfinished_in(self, channel: str, thread_ts: str) -> Mapping[str, str]:
        return {job.id: job.user for job in (OTHERS, OWN)}

    async def show(self, job: Job) -> None:
        self.shown.append(job.id)
        if self.trouble is not None:
            raise self.trouble

    async def hear(self, user: str, **more: Any) -> bool:
        event = {"type": "agent_session_stopped", "channel": "C1", "thread_ts": "17.1", "user": user, **more}
        return await self.keeper.keep({"type": "event_callback", "event": event})


async def test_whoever_asked_stops_their_own_in_the_thread_and_where_its_answer_goes() -> None:
    office = Office()
    assert await office.hear("U1")
    assert office.log.by == {OWN.id: "U1", PRIVATE.id: "U1"}


async def test_an_admin_stops_everybody_s() -> None:
    office = Office(Admins("U9"))
    assert await office.hear("U9")
    assert set(office.log.by) == {OWN.id, OTHERS.id, PRIVATE.id}


async def test_a_stranger_stops_nothing_and_the_event_is_done_with() -> None:
    office = Office()
    assert await office.hear("U7")
    assert office.log.by == {}


async def test_one_s_own_is_on_disk_whatever_slack_takes_to_say_who_is_an_admin(monkeypatch) -> None:
    monkeypatch.setattr(session_stops, "PATIENCE_S", 0.02)
    office = Office(Admins("U1", slow_s=5))
    assert await office.hear("U1")
    assert OWN.id in office.log.by
    assert OTHERS.id not in office.log.by


async def test_what_is_not_on_disk_is_not_acked() -> None:
    office = Office()
    office.log.away = True
    with pytest.raises(DatabaseUnavailable):
        await office.hear("U1")


@pytest.mark.parametrize("more", [{"type": "message"}, {"type": "app_mention"}])
async def test_other_events_are_for_others(more) -> None:
    assert not await Office().hear("U1", **more)


@pytest.mark.parametrize("more", [{"channel": ""}, {"thread_ts": None}])
async def test_an_event_without_a_thread_stops_nothing(more) -> None:
    office = Office(Admins("U1"))
    assert await office.hear("U1", **more)
    assert office.log.by == {}


async def test_a_job_that_is_not_known_any_more_is_said_to_be_that() -> None:
    with pytest.raises(NotAllowed, match="nothing to stop"):
        await Office().stopping.stop("doc-gone", "U1")


async def test_only_the_first_stop_is_shown_and_its_showing_may_fail() -> None:
    office = Office()
    office.trouble = SlackUnavailable()
    answers = [await office.stopping.stop(OWN.id, "U1") for _ in range(2)]
    assert answers == [StopAnswer.STOPPED, StopAnswer.ALREADY]
    assert office.shown == [OWN.id]
