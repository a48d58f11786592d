"""The fake Slack itself: one loopback server and what a test wants to ask of it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Self

from aiohttp import web

from tests.fakes.slack.control import Control
from tests.fakes.slack.core import ALL_SCOPES, APP_TOKEN, BOT_TOKEN, Call, Core
from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.faults import Fault, Plan, RateLimits
from tests.fakes.slack.file_hosting import FileHosting
from tests.fakes.slack.forms import Forms
from tests.fakes.slack.response_urls import ResponseUrls
from tests.fakes.slack.socket_mode import SocketMode
from tests.fakes.slack.web_api import WebApi
from tests.fakes.slack.workspace import BOT, Json, Workspace

_MAX_BODY_BYTES = 64 * 1024 * 1024


class FakeSlack(Forms):
    """A loopback Slack: Web API, file hosting, Socket Mode, and people who share files.

    `async with FakeSlack() as slack:` then point the app at `slack.api_url` with `slack.bot_token` and
    `slack.app_token`. What the app did stands in `calls`, `unexpected_calls` and `deliveries`.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        ack_timeout_s: float = 3.0,
        redelivery_delays_s: Sequence[float] = (0.0, 0.2, 0.5),
        echo_bot_messages: bool = True,
        rate_limits: bool = False,
        scopes: Iterable[str] = ALL_SCOPES,
        bot_events: Iterable[str] | None = None,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        transport: type[SocketMode] = SocketMode,
    ) -> None:
        self.socket = transport(ack_timeout_s=ack_timeout_s, redelivery_delays_s=tuple(redelivery_delays_s))
        self.core = Core(
            workspace=Workspace.acme(),
            socket=self.socket,
            scopes=set(scopes),
            bot_token=bot_token,
            app_token=app_token,
            echo_bot_messages=echo_bot_messages,
            bot_events=None if bot_events is None else frozenset(bot_events),
            rate_limits=RateLimits() if rate_limits else None,
        )
        self._port = port
        self._runners: list[web.AppRunner] = []

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listens on 127.0.0.1, after a stop on the same port. Raises OSError when the port is taken."""
        self.socket.reopen()
        hosting = FileHosting(self.core)
        slack = web.Application(client_max_size=_MAX_BODY_BYTES)
        slack.router.add_route("*", "/api/{method}", WebApi(self.core).handle)
        slack.router.add_get("/link/", self.socket.handle)
        slack.router.add_get("/files-pri/{name}/{rest:.+}", hosting.download)
        slack.router.add_post("/upload/v1/{file_id}", hosting.upload)
        slack.router.add_post("/response_url/{token}", ResponseUrls(self.core).handle)
        Control(self).add_routes(slack)
        stranger = web.Application()
        stranger.router.add_route("*", "/stranger/{file_id}", hosting.stranger)
        self.core.url = await self._listen(slack, self._port)
        self._port = int(self.core.url.rpartition(":")[2])
        self.core.stranger_url = await self._listen(stranger, 0)

    async def stop(self) -> None:
        """Closes every socket and port."""
        await self.socket.close()
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()

    async def _listen(self, app: web.Application, port: int) -> str:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    # --- where it is -------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """`http://127.0.0.1:port`, no slash at the end."""
        return self.core.url

    @property
    def api_url(self) -> str:
        """For `base_url` and SLACK_API_URL; ends with a slash."""
        return f"{self.core.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.core.bot_token

    @property
    def app_token(self) -> str:
        return self.core.app_token

    # --- what happened -----------------------------------------------------------------------------------

    @property
    def workspace(self) -> Workspace:
        return self.core.workspace

    @property
    def scopes(self) -> set[str]:
        """Remove one to make its methods answer missing_scope and its events stay away."""
        return self.core.scopes

    @property
    def calls(self) -> list[Call]:
        """Every request of the app: Web API methods, `download`, `upload`, `response_url`."""
        return self.core.calls

    @property
    def unexpected_calls(self) -> list[str]:
        """Methods this Slack does not have; a test asserts that there are none."""
        return self.core.unexpected_calls

    @property
    def deliveries(self) -> list[Delivery]:
        """Every envelope made, redeliveries included."""
        return self.socket.deliveries

    @property
    def ack_seconds(self) -> list[float]:
        """From sending to ack, of every acked envelope in order."""
        return [d.ack_seconds for d in self.deliveries if d.ack_seconds is not None]

    def calls_to(self, *methods: str) -> list[Call]:
        return [call for call in self.calls if call.method in methods]

    def refused_calls(self) -> list[Call]:
        """Calls answered with `ok: false`."""
        return [call for call in self.calls if call.error]

    def messages(self, channel: str) -> list[Json]:
        """All of a channel, oldest first, replies included."""
        return list(self.workspace.channel(channel).messages.values())

    def thread(self, channel: str, ts: str) -> list[Json]:
        """The root and its replies, oldest first."""
        return self.workspace.channel(channel).thread(ts)

    def replies(self, channel: str, ts: str) -> list[Json]:
        """The bot's replies in a thread, oldest first."""
        return [m for m in self.thread(channel, ts) if m.get("bot_id") == BOT and m["ts"] != ts]

    def bot_messages(self, channel: str | None = None) -> list[Json]:
        """What the bot posted, in one channel or in all."""
        channels = [self.workspace.channel(channel)] if channel else self.workspace.channels.values()
        return [m for c in channels for m in c.messages.values() if m.get("bot_id") == BOT]

    @property
    def ephemerals(self) -> list[Json]:
        """chat.postEphemeral: `{channel, user, text, ts, blocks?}`."""
        return self.core.ephemerals

    # --- what goes wrong ---------------------------------------------------------------------------------

    def fail(
        self,
        method: str,
        fault: Fault,
        *,
        times: int = 1,
        after: int = 0,
        retry_after_s: int = 1,
        delay_s: float = 1.0,
        error: str = "internal_error",
    ) -> Plan:
        """The next `times` calls of a method go wrong, the first `after` ones excepted.

        `method` may be `download`, `upload`, `response_url`, or `*` for every one. Plans for one method
        are used up in the order they were made.
        """
        plan = Plan(method, fault, times, after, retry_after_s, delay_s, error)
        self.core.faults.plans.append(plan)
        return plan

    def forget(self) -> None:
        """Empties the records of calls and deliveries; the workspace stays."""
        self.calls.clear()
        self.unexpected_calls.clear()
        self.socket.forget()

    def heal(self) -> None:
        """Forgets every scripted fault."""
        self.core.faults.plans.clear()

    async def emit(self, event: Json) -> str:
        """Sends any event; returns its event_id."""
        return await self.core.emit(event)

    async def redeliver(self, event_id: str, *, attempt: int = 1, reason: str = "timeout") -> Delivery:
        """Sends an event again, whether it was acked or not: same event_id, new envelope."""
        return await self.core.redeliver(event_id, attempt=attempt, reason=reason)

    async def disconnect(self, reason: str = "refresh_requested", *, close_after_s: float = 1.0) -> None:
        """Asks every socket to go, as Slack does every few hours, and closes it a little later."""
        await self.socket.disconnect(reason, close_after_s=close_after_s)

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Inside, nobody listens at Slack's address; people may go on sharing."""
        await self.stop()
        yield
        await self.start()

    def cut_sockets(self) -> int:
        """Tears every socket without a goodbye; returns how many there were."""
        return self.socket.cut()

    async def wait_connected(self, count: int = 1, timeout_s: float = 5.0) -> None:
        await self.wait_for(
            lambda: self.socket.open_connections >= count, timeout_s, what=f"{count} socket(s) open"
        )

    async def wait_quiet(self, seconds: float = 0.2, timeout_s: float = 10.0) -> None:
        """Until no envelope waits for an ack or a retry, and nothing was called for so long."""

        def quiet() -> bool:
            last = self.calls[-1].at if self.calls else 0.0
            return not self.socket.unsettled and time.time() - last >= seconds

        await self.wait_for(quiet, timeout_s, what="quiet")
