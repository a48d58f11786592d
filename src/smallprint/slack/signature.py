"""Is a request Slack's? docs.slack.dev/authentication/verifying-requests-from-slack

slack_sdk's verifier raises on timestamps and signatures that are no such thing, which Bolt answers with 500; this
one looks at bytes, and what it can't read isn't Slack's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

TIMESTAMP_HEADER = "x-slack-request-timestamp"
SIGNATURE_HEADER = "x-slack-signature"
TOLERANCE_S = 300
"""Slack's own advice: older requests may be somebody's recording."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Claim:
    """What the headers of a request say: well-formed, and not yet believed."""

    timestamp: str
    signature: str


class SigningSecret:
    """The secret that Slack and this app share."""

    def __init__(self, secret: str, *, now: Callable[[], float] = time.time) -> None:
        self._key = secret.encode()
        self._now = now

    def claim(self, headers: Mapping[str, str]) -> Claim | None:
        """What can be said before the body is read; None for odd, missing and stale headers (names in lower case)."""
        timestamp, signature = headers.get(TIMESTAMP_HEADER, ""), headers.get(SIGNATURE_HEADER, "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return None
        fresh = abs(self._now() - int(timestamp)) <= TOLERANCE_S
        return Claim(timestamp, signature) if fresh else None

    def proves(self, claim: Claim, body: bytes) -> bool:
        """Takes equally long for every wrong signature."""
        return hmac.compare_digest(self.sign(claim.timestamp, body), claim.signature)

    def sign(self, timestamp: str, body: bytes) -> str:
        return (
            "v0=" + hmac.new(self._key, b"v0:%b:%b" % (timestamp.encode(), body), hashlib.sha256).hexdigest()
        )
