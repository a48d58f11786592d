"""The entry point of `serve`: settings → bootstrap → Slack and HTTP until stopped."""

from __future__ import annotations

import asyncio
import gc
import os
import signal

import structlog

from smallprint.bootstrap.service import serve
from smallprint.config import Settings

log = structlog.get_logger()

# After the paid calls had their time, the rest must not take longer: jobs are on disk and go on at the next start.
LAST_SECONDS = 4.0


async def run(settings: Settings, *, offline: bool = False) -> None:
    """Serve until SIGTERM or SIGINT, then stop within `shutdown_seconds` and a little more."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def begin_to_stop() -> None:
        if not stop.is_set():
            log.info("stopping", shutdown_seconds=settings.shutdown_seconds)
            stop.set()
            loop.call_later(settings.shutdown_seconds + LAST_SECONDS, _leave)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, begin_to_stop)
    async with serve(settings, offline=offline):
        # A full collection walks everything that was imported and costs 150 ms, paid by the events of one burst.
        gc.collect()
        gc.freeze()
        await stop.wait()
    log.info("stopped")


def _leave() -> None:
    log.warning("did not stop in time; unfinished jobs go on at the next start")
    os._exit(0)
