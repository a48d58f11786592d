"""The product's own port, as a load balancer or a Prometheus server sees it."""

from __future__ import annotations

import aiohttp

from tests.end_to_end.served import Served


async def get(bot: Served, path: str, *, token: str = "") -> tuple[int, str]:
    port = next(line["port"] for line in bot.log_lines() if line.get("event") == "listening")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return answer.status, await answer.text()
