"""What the Messages API says when it says no → our errors.

Only types, codes and numbers are looked at and logged: the vendor's sentences can repeat parts of a request.
"""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import anthropic

from smallprint.errors import (
    ContextExceeded,
    ModelAuthentication,
    ModelError,
    ModelOverloaded,
    ModelRequestRejected,
    ModelUnreachable,
    SpendLimitReached,
)

# Codes of 429 and 403 that no waiting cures (platform.claude.com: Rate limits). `ramp_limit_exceeded` is not
# one of them: it caps how fast usage grows and says in `retry-after` when to come back.
SPEND_LIMIT_CODES = frozenset(
    {
        "enforced_spend_limit_reached",
        "contract_spend_limit_reached",
        "linked_organization_spend_limit_reached",
        "linked_organization_billing_unavailable",
    }
)
# Both arrive as a plain 400 invalid_request_error; only the sentence tells them apart.
TOO_LONG_PHRASES = ("prompt is too long", "exceed context", "context window", "input is too long")
NO_CREDIT_PHRASES = ("credit balance is too low",)

OVERLOADED_STATUS = 529

_BY_TYPE: Mapping[str, type[ModelError]] = {
    "authentication_error": ModelAuthentication,
    "permission_error": ModelAuthentication,
    "billing_error": SpendLimitReached,
    "rate_limit_error": ModelOverloaded,
    "overloaded_error": ModelOverloaded,
    "timeout_error": ModelUnreachable,
    "api_error": ModelUnreachable,
}
_BY_STATUS: Mapping[int, type[ModelError]] = {
    HTTPStatus.UNAUTHORIZED: ModelAuthentication,
    HTTPStatus.FORBIDDEN: ModelAuthentication,
    HTTPStatus.PAYMENT_REQUIRED: SpendLimitReached,
    HTTPStatus.TOO_MANY_REQUESTS: ModelOverloaded,
    HTTPStatus.REQUEST_TIMEOUT: ModelUnreachable,
    HTTPStatus.CONFLICT: ModelUnreachable,
    OVERLOADED_STATUS: ModelOverloaded,
}


@dataclass(frozen=True, slots=True)
class ApiFault:
    """An error response, or an `error` event inside a stream (then the status is 200)."""

    status: int
    kind: str = ""
    """`error.type` of the body."""
    code: str = ""
    message: str = ""
    retry_after_s: float | None = None
    request_id: str | None = None

    @classmethod
    def read(cls, status: int, body: object, headers: Mapping[str, str]) -> ApiFault:
        """`body` is the decoded JSON, or anything else when it was none."""
        error = _mapping(_mapping(body).get("error"))
        return cls(
            status,
            kind=str(error.get("type") or ""),
            code=str(_mapping(error.get("details")).get("error_code") or ""),
            message=str(error.get("message") or "").lower(),
            retry_after_s=_retry_after_s(headers),
            request_id=headers.get("request-id"),
        )

    @property
    def is_spend_limit(self) -> bool:
        """True when an admin must act: trying again cannot help."""
        return self.error_class is SpendLimitReached

    @property
    def error_class(self) -> type[ModelError]:
        """Which of our errors this is."""
        if self.code in SPEND_LIMIT_CODES or self._says(NO_CREDIT_PHRASES):
            return SpendLimitReached
        if self._says(TOO_LONG_PHRASES):
            return ContextExceeded
        return _BY_TYPE.get(self.kind) or _BY_STATUS.get(self.status) or self._by_range()

    def as_error(self) -> ModelError:
        """An instance of `error_class`, with the wait that was asked for."""
        return self.error_class(retry_after_s=self.retry_after_s)

    def _says(self, phrases: tuple[str, ...]) -> bool:
        asked = self.status == HTTPStatus.BAD_REQUEST or self.kind == "invalid_request_error"
        return asked and any(phrase in self.message for phrase in phrases)

    def _by_range(self) -> type[ModelError]:
        refused = self.status < HTTPStatus.INTERNAL_SERVER_ERROR
        return ModelRequestRejected if refused else ModelUnreachable


def as_model_error(error: Exception) -> ModelError:
    """Our error for what the SDK or its HTTP library raised while a call ran."""
    if isinstance(error, ModelError):
        return error
    if isinstance(error, anthropic.APIStatusError):
        return ApiFault.read(error.status_code, error.body, error.response.headers).as_error()
    return ModelUnreachable()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, read as the SDK reads them: milliseconds, seconds or a date; None when unreadable."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after", "")
    seconds = _number(value)
    if seconds is not None:
        return seconds
    date = email.utils.parsedate_tz(value)
    return None if date is None else max(0.0, email.utils.mktime_tz(date) - time.time())


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None
