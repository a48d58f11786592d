"""A workspace in local-slack, and what its people do there.

Where it differs from Slack (read in its 0.1.8 and tried): it delivers nothing again, keeps no metadata of messages, has
no `is_owner` and nobody who is an admin, gives a trigger_id half an hour, checks no blocks and no scopes, and sends
the first answer to a command to everybody unless it says `ephemeral`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp

Json = dict[str, Any]

TEAM, APP, BOT_USER = "T0EMULATED", "A0EMULATED", "U0BOT"
BOT_TOKEN, APP_TOKEN = "xoxb-emulated", "xapp-emulated"
SIGNING_SECRET = "8f742231b10e8888abcd99edc0ffee85"
ANN, ADA = "U0ANN", "U0ADA"
CONTRACTS = "C0CONTRACTS"
START_S = 15.0
WAIT_S = 12.0


@dataclass
class LocalSlack:
    """One emulator in a process of its own; `request_url` is the app's address in HTTP mode, else empty."""

    program: Path
    folder: Path
    request_url: str = ""
    url: str = ""
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)
    _http: aiohttp.ClientSession | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
        config = self.folder / "workspace.json"
        config.write_text(json.dumps(self._config()))
        self._process = await asyncio.create_subprocess_exec(
            self.program, "--config", config, "--port", "0", "--base-host", "127.0.0.1",
            "--files-dir", self.folder / "files", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(START_S):
            self.url = await self._address(self._process)
        self._http = aiohttp.ClientSession(self.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._http is not None:
            await self._http.close()
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    # --- what people do ----------------------------------------------------------------------------------

    async def say(self, text: str, *, thread_ts: str, user: str = ANN) -> str:
        """A person writes in a thread; the message's ts."""
        body = {"channel": CONTRACTS, "user": user, "text": text, "thread_ts": thread_ts}
        return str((await self._post("message", json=body))["message"]["ts"])

    async def share(
        self, name: str, content: bytes, *, user: str = ANN, text: str = "", thread_ts: str = ""
    ) -> str:
        """A person shares a file in the channel; the message's ts."""
        form = aiohttp.FormData()
        for key, value in {"channel": CONTRACTS, "user": user, "text": text, "thread_ts": thread_ts}.items():
            form.add_field(key, value)
        form.add_field("file", content, filename=name)
        answer = await self._post("upload", data=form)
        return str(answer["message"]["ts"])

    async def command(self, command: str, text: str, *, user: str = ANN) -> None:
        await self._post(
            "command", json={"channel": CONTRACTS, "user": user, "command": command, "text": text}
        )

    async def press(self, message: Json, action: Json, *, user: str = ANN) -> None:
        """A person uses a button or a menu of a message; `action` as Slack sends it."""
        body = {"channel": CONTRACTS, "messageTs": message["ts"], "user": user, "action": action}
        await self._post("interact", json=body)

    async def open_home(self, *, user: str = ANN) -> None:
        await self._post("open-home", json={"user": user})

    async def delete_message(self, ts: str, *, user: str = ANN) -> None:
        """A person deletes a message of theirs, with its file."""
        await self._post("delete-message", json={"channel": CONTRACTS, "ts": ts, "user": user})

    async def submit(self, values: Json, *, user: str = ANN) -> None:
        """A person sends the modal that lies on top; there is no other way in than that of its browser page."""
        await self._in_browser({"t": "view_submit", "user": user, "values": values})

    async def close_modal(self, *, user: str = ANN) -> None:
        """Does nothing when none is open."""
        await self._in_browser({"t": "view_close", "user": user})

    # --- what there is to see ------------------------------------------------------------------------------

    async def thread(self, ts: str) -> list[Json]:
        """The bot's messages in the thread, oldest first; with those that only one person sees."""
        return [
            each for each in await self.messages() if each.get("thread_ts") == ts and each["user"] == BOT_USER
        ]

    async def messages(self) -> list[Json]:
        answer = await self._get(f"messages/{CONTRACTS}")
        return list(answer["messages"])

    async def modal(self) -> Json | None:
        stack = (await self._snapshot())["modalStack"]
        return dict(stack[-1]) if stack else None

    async def shown(self) -> str:
        """All that people see, to be compared."""
        state = await self._snapshot()
        return json.dumps([state["messages"], state["modalStack"]])

    async def home(self, user: str = ANN) -> Json | None:
        homes: Mapping[str, Json] = (await self._snapshot())["homeViews"].get(user, {})
        return homes.get(APP)

    async def refusals(self) -> list[str]:
        """What it refused of the bot, and what it didn't know."""
        log = (await self._get("log"))["log"]
        return [entry["summary"] for entry in log if entry["direction"] == "internal"]

    async def log(self) -> list[Json]:
        return list((await self._get("log"))["log"])

    async def wait_for(self, look: Callable[[], Any], what: str, *, timeout_s: float = WAIT_S) -> Any:
        """Until the awaited `look()` gives something. Raises AssertionError, with the last lines of its log."""
        end = time.monotonic() + timeout_s
        while not (found := await look()):
            if time.monotonic() > end:
                last = [
                    (each["direction"], each["kind"], each["summary"]) for each in (await self.log())[-15:]
                ]
                raise AssertionError(f"no {what} after {timeout_s:g} s; last: {last}")
            await asyncio.sleep(0.05)
        return found

    # --- its ways ------------------------------------------------------------------------------------------

    def _config(self) -> Json:
        mode: Json = (
            {"mode": "events", "requestUrl": self.request_url} if self.request_url else {"mode": "socket"}
        )
        app = {
            "appId": APP, "botUserId": BOT_USER, "botName": "smallprint", "botToken": BOT_TOKEN,
            "appToken": APP_TOKEN, "signingSecret": SIGNING_SECRET,
        }  # fmt: skip
        return {
            "workspace": {"name": "Acme", "domain": "acme", "teamId": TEAM},
            "apps": [app | mode],
            "users": [{"id": ANN, "name": "ann"}, {"id": ADA, "name": "ada"}],
            "channels": [{"id": CONTRACTS, "name": "contracts", "members": [ANN, ADA, BOT_USER]}],
        }

    async def _address(self, process: asyncio.subprocess.Process) -> str:
        assert process.stdout is not None
        async for line in process.stdout:
            _, found, address = line.decode().partition("Web UI:")
            if found:
                return address.strip()
        raise AssertionError("local-slack ended before it listened")

    async def _get(self, path: str) -> Json:
        assert self._http is not None
        async with self._http.get(f"/_control/{path}") as answer:
            return dict(await answer.json())

    async def _post(self, path: str, **body: Any) -> Json:
        assert self._http is not None
        async with self._http.post(f"/_control/{path}", **body) as answer:
            said = await answer.json()
            assert said.get("ok"), said
            return dict(said)

    async def _snapshot(self) -> Json:
        async with self._browser() as browser:
            return dict((await browser.receive_json())["state"])

    async def _in_browser(self, message: Json) -> None:
        async with self._browser() as browser:
            await browser.send_json(message)
            await asyncio.sleep(
                0.05
            )  # the page would stay open, and closing it at once would lose the message

    @contextlib.asynccontextmanager
    async def _browser(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        assert self._http is not None
        async with self._http.ws_connect("/ui", max_msg_size=0) as browser:
            yield browser
