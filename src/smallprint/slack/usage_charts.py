"""The chart of a table of usage, sent to the asker alone.

An answer that only one person sees can't carry a file, and a file in the channel would show everybody the figures: so
it goes into that person's direct messages with us.
"""

from __future__ import annotations

import asyncio

from smallprint.models.usage import UsageTable
from smallprint.reports.charts import usage_chart
from smallprint.reports.usage import title
from smallprint.slack.client import SlackClients, ask


class UsageCharts:
    """Draws in a thread: it takes about half a second of a processor."""

    def __init__(self, clients: SlackClients) -> None:
        self._clients = clients

    async def send(self, table: UsageTable, user: str) -> bool:
        """False: a picture would say no more than the table. Raises SlackError."""
        chart = await asyncio.to_thread(usage_chart, table)
        if chart is None:
            return False
        opened = await ask(self._clients.read.conversations_open(users=user))
        await ask(
            self._clients.write.files_upload_v2(
                channel=opened["channel"]["id"],
                filename=f"usage-by-{table.grouping.value}-{table.last_day}.png",
                title=title(table),
                alt_txt=chart.alt,
                file=chart.png,
            )
        )
        return True
