"""Tells in the admins' channel that a budget is nearly or wholly spent, each once."""

from __future__ import annotations

from smallprint.models.domain import BudgetNotice
from smallprint.slack.blocks.budget import budget_notice
from smallprint.slack.posts import Posts


class AdminBudgetNotices:
    """Implements the housekeeping's BudgetNotices; where there is no ADMIN_CHANNEL there is none of these."""

    def __init__(self, posts: Posts, channel: str) -> None:
        """`channel` is the id of ADMIN_CHANNEL."""
        self._posts = posts
        self._channel = channel

    async def tell(self, notice: BudgetNotice) -> None:
        """After a crash the post is looked for in the channel before it is made again. Raises SlackError."""
        await self._posts.message(f"budget-notice/{notice.id}", self._channel, None, budget_notice(notice))
