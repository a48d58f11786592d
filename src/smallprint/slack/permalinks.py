"""Addresses of our own messages, for links to them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

import structlog

from smallprint.errors import SlackError
from smallprint.models.activity import RecentAnalysis
from smallprint.slack.client import SlackClients, ask

log = structlog.get_logger()

PATIENCE_S = 0.5
"""For all of them together: without a link the rest can be shown all the same."""
REMEMBERED = 2_000


class Permalinks:
    """Asks Slack, which alone knows whether a message still stands; an address never changes, so it is remembered."""

    def __init__(self, clients: SlackClients, *, patience_s: float = PATIENCE_S) -> None:
        self._clients = clients
        self._patience_s = patience_s
        self._known: dict[str, str] = {}

    async def of(self, analyses: Iterable[RecentAnalysis]) -> Mapping[str, str]:
        """Job's id → address of the answer in its thread; those that Slack names in time."""
        wanted = [each for each in analyses if each.message_ts]
        asking = [asyncio.create_task(self._ask(each)) for each in wanted if each.job_id not in self._known]
        if asking:
            _, late = await asyncio.wait(asking, timeout=self._patience_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        found = {each.job_id: self._known.get(each.job_id, "") for each in wanted}
        return {job_id: address for job_id, address in found.items() if address}

    async def _ask(self, each: RecentAnalysis) -> None:
        try:
            answer = await ask(
                self._clients.read.chat_getPermalink(channel=each.channel, message_ts=each.message_ts)
            )
        except SlackError as error:
            log.info("no link to a message", job=each.job_id, error=error.code)
            return
        self._known[each.job_id] = str(answer["permalink"])
        while len(self._known) > REMEMBERED:
            self._known.pop(next(iter(self._known)))
