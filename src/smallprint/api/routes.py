"""HTTP as a whole: which routes there are."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from smallprint import __version__


def build_api(*routes: APIRouter) -> FastAPI:
    """The given routes and nothing else: no documentation pages, no schema."""
    api = FastAPI(title="Smallprint", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    for group in routes:
        api.include_router(group)
    return api
