"""What we post to Slack, written down before it is posted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection, Row, select, update

from smallprint.models.database import posts
from smallprint.services.database.connection import Database, from_iso, to_iso

LEASE_S = 10.0
"""How long a process may take for one post before another process may assume that it died."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is known of a tag after `claim`."""

    state: Literal["won", "sending", "sent"]
    """won: nobody ever tried, post. sent: posted as `ts`. sending: somebody (`owner`) began `age_s` ago.

    A "sending" that is one's own, or older than the lease, is now the caller's: look for the post in Slack,
    then post. Otherwise wait and claim again.
    """
    ts: str
    """Empty unless sent."""
    age_s: float
    """Seconds since the sending began; 0 when won."""
    owner: str
    """Who was sending: before this claim took it over, if it did."""


class PostStore:
    """Rows of the table `posts`."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._clock = clock

    async def claim(self, tag: str, owner: str) -> Claim:
        """Ask for the right to post `tag`; `owner` names the process."""
        now = self._clock()
        mine = {"state": "sending", "owner": owner, "ts": "", "attempted_at": to_iso(now)}
        insert = self._database.insert_or_keep(posts).values(tag=tag, **mine).returning(posts.c.tag)

        def work(connection: Connection) -> Claim:
            if connection.execute(insert).first() is not None:
                return Claim("won", "", 0.0, owner)
            row = connection.execute(select(posts).where(posts.c.tag == tag).with_for_update()).one()
            known = _claim(row, now)
            if known.state == "sending" and (known.owner == owner or known.age_s > LEASE_S):
                connection.execute(update(posts).where(posts.c.tag == tag).values(**mine))
            return known

        return await self._database.transact(work)

    async def sent(self, tag: str, ts: str) -> None:
        """It was posted as `ts`. Repeating it changes nothing: the first ts stays."""
        unsent = (posts.c.tag == tag) & (posts.c.state == "sending")
        statement = update(posts).where(unsent).values(state="sent", ts=ts)
        await self._database.transact(lambda connection: connection.execute(statement))


def _claim(row: Row[tuple[object, ...]], now: datetime) -> Claim:
    state: Literal["sending", "sent"] = "sent" if row.state == "sent" else "sending"
    age_s = (now - from_iso(row.attempted_at)).total_seconds()
    return Claim(state, row.ts, max(age_s, 0.0), row.owner)
