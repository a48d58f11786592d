"""A small HTTP API under /_control, so that another process can drive the fake and read what happened."""

from __future__ import annotations

import base64
import dataclasses
from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes.slack.faults import Fault, RateLimits
from tests.fakes.slack.files import Upload
from tests.fakes.slack.people import Share
from tests.fakes.slack.workspace import Json

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack


class Control:
    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def add_routes(self, app: web.Application) -> None:
        posts = {
            "share": self.share,
            "say": self.say,
            "slash_command": self.slash_command,
            "emit": self.emit,
            "redeliver": self.redeliver,
            "delete_file": self.delete_file,
            "fail": self.fail,
            "heal": self.heal,
            "disconnect": self.disconnect,
            "cut": self.cut,
            "configure": self.configure,
            "forget": self.forget,
        }
        gets = {
            "state": self.state,
            "calls": self.calls,
            "deliveries": self.deliveries,
            "thread": self.thread,
            "messages": self.messages,
        }
        app.router.add_routes([web.post(f"/_control/{name}", handle) for name, handle in posts.items()])
        app.router.add_routes([web.get(f"/_control/{name}", handle) for name, handle in gets.items()])

    async def share(self, request: web.Request) -> web.Response:
        """`{shares: [{channel, user, files: [{name, text | base64, …Upload}], …}]}` or one such share."""
        body = await request.json()
        shares = body.get("shares", [body])
        done = [await self._share(dict(share)) for share in shares]
        return web.json_response({"shares": [dataclasses.asdict(share) for share in done]})

    async def say(self, request: web.Request) -> web.Response:
        share = await self._slack.say(**await request.json())
        return web.json_response(dataclasses.asdict(share))

    async def slash_command(self, request: web.Request) -> web.Response:
        result = await self._slack.slash_command(**await request.json())
        answer = {"acked": result.acked, "ack": result.ack, "answers": result.answers}
        return web.json_response(answer | {"ack_seconds": result.delivery.ack_seconds})

    async def emit(self, request: web.Request) -> web.Response:
        return web.json_response({"event_id": await self._slack.emit(await request.json())})

    async def redeliver(self, request: web.Request) -> web.Response:
        delivery = await self._slack.redeliver(**await request.json())
        return web.json_response(delivery.summary())

    async def delete_file(self, request: web.Request) -> web.Response:
        body = await request.json()
        return web.json_response({"event_id": await self._slack.delete_file(body["file_id"])})

    async def fail(self, request: web.Request) -> web.Response:
        body = await request.json()
        self._slack.fail(body.pop("method"), Fault(body.pop("fault")), **body)
        return web.json_response({})

    async def heal(self, request: web.Request) -> web.Response:
        self._slack.heal()
        return web.json_response({})

    async def disconnect(self, request: web.Request) -> web.Response:
        await self._slack.disconnect(**await request.json())
        return web.json_response({})

    async def cut(self, request: web.Request) -> web.Response:
        return web.json_response({"sockets": self._slack.cut_sockets()})

    async def configure(self, request: web.Request) -> web.Response:
        """Any of ack_timeout_s, redelivery_delays_s, echo_bot_messages, rate_limits, scopes."""
        body, slack = await request.json(), self._slack
        slack.socket.ack_timeout_s = body.get("ack_timeout_s", slack.socket.ack_timeout_s)
        if "redelivery_delays_s" in body:
            slack.socket.redelivery_delays_s = tuple(body["redelivery_delays_s"])
        slack.core.echo_bot_messages = body.get("echo_bot_messages", slack.core.echo_bot_messages)
        if "rate_limits" in body:
            slack.core.rate_limits = RateLimits() if body["rate_limits"] else None
        if "scopes" in body:
            slack.core.scopes = set(body["scopes"])
        return web.json_response({})

    async def forget(self, request: web.Request) -> web.Response:
        """Empties the records (calls, acked deliveries), not the workspace."""
        self._slack.forget()
        return web.json_response({})

    async def state(self, request: web.Request) -> web.Response:
        """Counts; cheap enough to poll."""
        slack = self._slack
        by_method: dict[str, int] = {}
        for call in slack.calls:
            by_method[call.method] = by_method.get(call.method, 0) + 1
        return web.json_response(
            {
                "api_url": slack.api_url,
                "connections": slack.socket.open_connections,
                "connections_made": slack.socket.connections_made,
                "calls": by_method,
                "refused": len(slack.refused_calls()),
                "unexpected_calls": slack.unexpected_calls,
                "deliveries": len(slack.deliveries),
                "unacked": sum(1 for d in slack.deliveries if d.acked_at is None),
                "ack_seconds": slack.ack_seconds,
                "bot_messages": len(slack.bot_messages()),
                "statuses": len(slack.core.statuses),
            }
        )

    async def calls(self, request: web.Request) -> web.Response:
        """`?method=…` for one method, `&since=N` to skip the first N."""
        method = request.query.get("method")
        calls = self._slack.calls_to(method) if method else self._slack.calls
        since = int(request.query.get("since", "0"))
        return web.json_response({"calls": [call.to_json() for call in calls[since:]]})

    async def deliveries(self, request: web.Request) -> web.Response:
        return web.json_response({"deliveries": [d.summary() for d in self._slack.deliveries]})

    async def thread(self, request: web.Request) -> web.Response:
        """`?channel=…&ts=…`."""
        messages = self._slack.thread(request.query["channel"], request.query["ts"])
        return web.json_response({"messages": messages})

    async def messages(self, request: web.Request) -> web.Response:
        """`?channel=…`."""
        return web.json_response({"messages": self._slack.messages(request.query["channel"])})

    async def _share(self, share: Json) -> Share:
        files = [_upload(file) for file in share.pop("files", [])]
        if not files:
            keys = ("name", "content", "base64")
            files = [_upload({key: share.pop(key) for key in keys if key in share})]
        return await self._slack.share(files=files, **share)


def _upload(file: Json) -> Upload:
    """`content` is text, `base64` is bytes; the rest are fields of Upload."""
    data = base64.b64decode(file["base64"]) if "base64" in file else str(file.get("content", "")).encode()
    more = {key: value for key, value in file.items() if key not in ("content", "base64")}
    return Upload(content=data, **more)
