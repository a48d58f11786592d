"""Asking the API over HTTP, as an operator's tools do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from fastapi import APIRouter

from smallprint.api.routes import build_api
from smallprint.api.server import serving


@asynccontextmanager
async def served(*routes: APIRouter) -> AsyncIterator[aiohttp.ClientSession]:
    """A session whose addresses begin with the served API."""
    async with (
        serving(build_api(*routes), "127.0.0.1", 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        yield session
