"""What routes ask for before they answer."""

from __future__ import annotations

import secrets

from fastapi import HTTPException, Request, status

WANTED = "This wants the header Authorization: Bearer, with the token of METRICS_TOKEN."


class BearerToken:
    """Lets nobody past without the token; takes equally long for every wrong one."""

    def __init__(self, token: str) -> None:
        self._expected = token.encode()

    def __call__(self, request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        right = secrets.compare_digest(given.strip().encode("latin-1"), self._expected)
        if not right or scheme.lower() != "bearer":
            raise HTTPException(status.HTTP_401_UNAUTHORIZED, WANTED, {"WWW-Authenticate": "Bearer"})
