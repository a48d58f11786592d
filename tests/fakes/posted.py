"""What was posted, in memory, with the same promises as services/database/posts.py for one process."""

from __future__ import annotations

from smallprint.services.database.posts import Claim


class InMemoryPosts:
    """Every claim of a tag that was never sent is won."""

    def __init__(self) -> None:
        self.ts: dict[str, str] = {}

    async def claim(self, tag: str, owner: str) -> Claim:
        ts = self.ts.get(tag, "")
        return Claim("sent" if ts else "won", ts, 0.0, owner)

    async def sent(self, tag: str, ts: str) -> None:
        self.ts.setdefault(tag, ts)
