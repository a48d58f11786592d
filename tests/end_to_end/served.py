"""The product as a real process, against the loopback Slack and Claude."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
from pathlib import Path
from typing import Any, Self

from tests.fakes.claude import FakeClaude
from tests.fakes.slack import FakeSlack
from tests.integration.program import POLL_S, Process, start, start_anew

START_S = 30.0
CALLS = 3
"""What an analysis of a short document asks of Claude: triage, analyst, reviewer …"""
AT_ONCE = 2
"""… the first two beside each other."""


class Served:
    """`smallprint serve` in a folder of its own; may be killed and started again, keeping its database."""

    def __init__(
        self,
        slack: FakeSlack,
        claude: FakeClaude,
        folder: Path,
        *,
        arguments: tuple[str, ...] = (),
        anew: bool = False,
        **settings: str,
    ) -> None:
        """With `anew`, each start is that of the installed program."""
        self._arguments = arguments
        self._start = start_anew if anew else start
        self.slack = slack
        self.claude = claude
        self.folder = folder
        self.log_file = folder / "serve.log"
        self.database_file = folder / "smallprint.db"
        self._settings = settings
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None and not self.ended:
            await self.kill()

    async def start(self) -> None:
        """Start and wait until Slack has its socket."""
        settings = {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "ANTHROPIC_API_KEY": "sk-test-key",
            "ANTHROPIC_BASE_URL": self.claude.url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.database_file}",
            "API_PORT": "0",
            "JOB_RETRY_SECONDS": "0.2",
            "MAX_RETRIES": "1",
            "ENABLE_CACHING": "false",
            "NO_PROXY": "127.0.0.1",
            **self._settings,
        }
        made = self.slack.socket.connections_made
        self._process = self._start(self.folder, "serve", *self._arguments, log=self.log_file, **settings)
        await self.slack.wait_for(
            lambda: self.slack.socket.connections_made > made or self.ended,
            START_S,
            what="the bot's connection",
        )
        assert not self.ended, self.log_file.read_text()

    @property
    def ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def kill(self) -> None:
        """As a power cut would: no warning."""
        await self._end(signal.SIGKILL)

    async def terminate(self) -> int:
        """SIGTERM, and the status it ends with."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: int) -> int:
        assert self._process is not None
        os.kill(self._process.pid, number)
        while (status := self._process.poll()) is None:  # noqa: ASYNC110 - a process has no event  # noqa: ASYNC110 - another process ends
            await asyncio.sleep(POLL_S)
        return status

    def log_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log_file.read_text().splitlines() if line.startswith("{")]

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What stands in the product's database."""
        with sqlite3.connect(self.database_file) as database:
            return database.execute(sql, values).fetchall()
