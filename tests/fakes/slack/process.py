"""The fake as its own process, for benchmarks and end-to-end tests that must not share its event loop."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, Self

import aiohttp

from tests.fakes.slack.workspace import Json

_ROOT = Path(__file__).resolve().parents[3]
_START_S = 15


class SlackProcess:
    """`async with SlackProcess() as slack:` then `slack.environment`, `slack.share(…)`, `slack.get("state")`."""

    def __init__(self, *options: str) -> None:
        self._options = options
        self._process: asyncio.subprocess.Process | None = None
        self._http: aiohttp.ClientSession | None = None
        self.ready: Json = {}

    async def __aenter__(self) -> Self:
        command = (sys.executable, "-m", "tests.fakes.slack", *self._options)
        self._process = await asyncio.create_subprocess_exec(
            *command, cwd=_ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), _START_S)
        if not line:
            msg = f"the fake Slack ended with status {await self._process.wait()} before it listened"
            raise RuntimeError(msg)
        self.ready = json.loads(line)
        self._http = aiohttp.ClientSession(base_url=self.ready["url"])
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._http is not None:
            await self._http.close()
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment with SLACK_API_URL and the two tokens, for the app's process."""
        return os.environ | {key: value for key, value in self.ready.items() if key.startswith("SLACK_")}

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def get(self, what: str, **query: str) -> Any:
        """`state`, `calls`, `deliveries`, `thread`, `messages`: see control.py."""
        assert self._http is not None
        async with self._http.get(f"/_control/{what}", params=query) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def post(self, what: str, **body: Any) -> Any:
        """`share`, `slash_command`, `fail`, `cut` …: see control.py."""
        assert self._http is not None
        async with self._http.post(f"/_control/{what}", json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def wait_connected(self, timeout_s: float = 15.0) -> None:
        """Until the app has a socket open. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not (await self.get("state"))["connections"]:  # noqa: ASYNC110  it is another process
                await asyncio.sleep(0.02)
