"""What FakeClaude may do with a request other than answer it well."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

INVENTED_SENTENCE = "The supplier shall deliver seventeen purple elephants to the customer every Tuesday."


def _unchanged(answer: str) -> str:
    return answer


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scripted behaviour; the named constructors below are what tests use."""

    name: str = "answer"
    status: int = 200
    error_type: str = ""
    error_code: str = ""
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    stop_reason: str = "end_turn"
    rewrite: Callable[[str], str] = _unchanged
    """From the good answer to the one that is sent."""
    thinking: bool = False
    breaks: str = ""
    """"before", "after", "mid", "stall", "silent_end" or "error_event": where the connection fails."""
    latency_s: float | None = None


def answer() -> Outcome:
    return Outcome()


def slow(latency_s: float) -> Outcome:
    return Outcome("slow", latency_s=latency_s)


def says(text: str) -> Outcome:
    """Any text at all, complete by its own account."""
    return Outcome("says", rewrite=lambda _: text)


def garbage() -> Outcome:
    return says("I looked at the document and it seems fine to me! {not json")


def empty() -> Outcome:
    return says("")


def wrong_enum_case() -> Outcome:
    """The API does not promise the capitals of an enum."""
    return Outcome("wrong_enum_case", rewrite=_each_field({"severity": str.title, "verdict": str.upper}))


def invented_quotations() -> Outcome:
    return Outcome("invented_quotations", rewrite=_each_field({"quotation": lambda _: INVENTED_SENTENCE}))


def thinking_first() -> Outcome:
    return Outcome("thinking_first", thinking=True)


def refusal() -> Outcome:
    return Outcome("refusal", stop_reason="refusal", rewrite=lambda _: "")


def truncation() -> Outcome:
    return Outcome("truncation", stop_reason="max_tokens", rewrite=lambda text: text[: len(text) // 2])


def context_exceeded() -> Outcome:
    return Outcome(
        "context_exceeded", stop_reason="model_context_window_exceeded", rewrite=lambda text: text[:40]
    )


def overloaded(retry_after_s: float | None = None) -> Outcome:
    """Without `retry_after_s` the SDK waits 0.5 s, 1 s, 2 s …"""
    return Outcome(
        "overloaded", 529, "overloaded_error", message="Overloaded", headers=_retry_after(retry_after_s)
    )


def rate_limited(retry_after_s: float | None = None) -> Outcome:
    return Outcome(
        "rate_limited",
        429,
        "rate_limit_error",
        message="Too many requests",
        headers=_retry_after(retry_after_s),
    )


def ramp_limited(retry_after_s: float) -> Outcome:
    return Outcome(
        "ramp_limited",
        429,
        "rate_limit_error",
        "ramp_limit_exceeded",
        "Usage grows too fast",
        headers=_retry_after(retry_after_s),
    )


def spend_limit(code: str = "enforced_spend_limit_reached") -> Outcome:
    return Outcome("spend_limit", 429, "rate_limit_error", code, "Spend limit reached")


def payment_required() -> Outcome:
    return Outcome("payment_required", 402, "billing_error", message="Payment required")


def wrong_key() -> Outcome:
    return Outcome("wrong_key", 401, "authentication_error", message="invalid x-api-key")


def forbidden() -> Outcome:
    return Outcome("forbidden", 403, "permission_error", message="Your key may not use this model")


def prompt_too_long() -> Outcome:
    return Outcome(
        "prompt_too_long",
        400,
        "invalid_request_error",
        message="prompt is too long: 1203455 tokens > 1000000 maximum",
    )


def rejected(status: int = 400, error_type: str = "invalid_request_error") -> Outcome:
    return Outcome("rejected", status, error_type, message="secret words of the document")


def server_error(status: int = 500, retry_after_s: float | None = None) -> Outcome:
    return Outcome(
        "server_error",
        status,
        "api_error",
        message="Internal server error",
        headers=_retry_after(retry_after_s),
    )


def drop_before_answer() -> Outcome:
    """The request was read, the connection goes: nothing was billed, but the client cannot know."""
    return Outcome("drop_before_answer", breaks="before")


def drop_after_answer() -> Outcome:
    """The answer was made and billed; the connection goes before a byte of it arrives."""
    return Outcome("drop_after_answer", breaks="after")


def drop_mid_answer() -> Outcome:
    return Outcome("drop_mid_answer", breaks="mid")


def silent_end() -> Outcome:
    """A stream that ends politely without its last events."""
    return Outcome("silent_end", breaks="silent_end")


def stall() -> Outcome:
    """The answer begins and then nothing more comes."""
    return Outcome("stall", breaks="stall")


def error_event() -> Outcome:
    """An overload that is noticed when the stream runs already."""
    return Outcome("error_event", 200, "overloaded_error", message="Overloaded", breaks="error_event")


def named(name: str, **arguments: Any) -> Outcome:
    """An outcome by its constructor's name, for scripts that come over HTTP."""
    constructor = CONSTRUCTORS.get(name)
    if constructor is None:
        raise ValueError(f"no such outcome: {name}")
    return constructor(**arguments)


CONSTRUCTORS: dict[str, Callable[..., Outcome]] = {
    made.__name__: made
    for made in (
        answer,
        slow,
        says,
        garbage,
        empty,
        wrong_enum_case,
        invented_quotations,
        thinking_first,
        refusal,
        truncation,
        context_exceeded,
        overloaded,
        rate_limited,
        ramp_limited,
        spend_limit,
        payment_required,
        wrong_key,
        forbidden,
        prompt_too_long,
        rejected,
        server_error,
        drop_before_answer,
        drop_after_answer,
        drop_mid_answer,
        silent_end,
        stall,
        error_event,
    )
}


def _retry_after(seconds: float | None) -> dict[str, str]:
    return {} if seconds is None else {"retry-after": f"{seconds:g}"}


def _each_field(changes: dict[str, Callable[[str], str]]) -> Callable[[str], str]:
    def change(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: change(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [change(item, name) for item in value]
        return changes[name](value) if name in changes and isinstance(value, str) else value

    return lambda text: json.dumps(change(json.loads(text)), ensure_ascii=False)
