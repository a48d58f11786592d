"""Serving the API in the product's own event loop, without uvicorn taking over signals."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import structlog
import uvicorn
from fastapi import FastAPI

from smallprint.errors import ConfigurationError

log = structlog.get_logger()

IN_USE = "API_HOST {host}, API_PORT {port}: cannot listen there ({reason}). Choose another port, or stop what uses it."


@contextlib.asynccontextmanager
async def serving(api: FastAPI, host: str, port: int) -> AsyncIterator[int]:
    """Serve while the context lasts; gives the port (useful with port 0).

    Raises:
        ConfigurationError: the address cannot be listened on.
    """
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except OSError as error:
        raise ConfigurationError(IN_USE.format(host=host, port=port, reason=error.strerror)) from error
    server = _Server(
        uvicorn.Config(api, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    bound = listener.getsockname()[1]
    log.info("listening", host=host, port=bound)
    try:
        yield bound
    finally:
        server.should_exit = True
        await task
        listener.close()


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to main.py: it has paid calls to wait for."""
        yield
