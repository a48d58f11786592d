"""`smallprint serve --offline` as a real process, in Socket Mode or in HTTP mode."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.emulator.local_slack import ADA, APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, LocalSlack

PROGRAM = Path(sys.executable).with_name("smallprint")
START_S = 30.0
CONNECTED = "connected to Slack"


def free_port() -> int:
    """Slack's configuration names it before the product listens there."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class Product:
    """Ada is an admin."""

    slack: LocalSlack
    folder: Path
    port: int
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
        with self._log_file.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                PROGRAM,
                "serve",
                "--offline",
                cwd=self.folder,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
        async with asyncio.timeout(START_S):
            while CONNECTED not in self.log():
                assert self._process.returncode is None, self.log()
                await asyncio.sleep(0.05)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def log(self) -> str:
        return self._log_file.read_text()

    @property
    def _log_file(self) -> Path:
        return self.folder / "serve.log"

    def _environment(self) -> dict[str, str]:
        way_in = (
            {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
            if self.slack.request_url
            else {"SLACK_APP_TOKEN": APP_TOKEN}
        )
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return kept | way_in | {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_API_URL": self.slack.api_url,
            "ADMIN_USERS": ADA,
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/smallprint.db",
            "API_PORT": str(self.port),
            "NO_PROXY": "127.0.0.1",
        }  # fmt: skip
