"""What can go wrong on request: scripted faults per method, and Slack's real rate limits."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    RATE_LIMITED = "rate_limited"
    """429 with Retry-After; nothing is done."""
    SERVER_ERROR = "server_error"
    """500 with an HTML body; nothing is done."""
    UNAVAILABLE = "unavailable"
    """503; nothing is done."""
    DROPPED = "dropped"
    """The connection is cut before anything is done."""
    LOST_ANSWER = "lost_answer"
    """It is done, then the connection is cut: the caller cannot know."""
    LOST_ANSWER_500 = "lost_answer_500"
    """It is done, then 500 is answered."""
    SLOW = "slow"
    """It is done, the answer comes `delay_s` later."""
    STALLED = "stalled"
    """Nothing for `delay_s`, then it is done and answered, unless the caller has hung up."""
    ERROR = "error"
    """`{"ok": false, "error": error}`; nothing is done."""
    GARBAGE = "garbage"
    """200 with a body that is not JSON; nothing is done."""


@dataclass
class Plan:
    """One scripted fault: skips the first `after` calls, then holds for `times` calls."""

    method: str
    fault: Fault
    times: int
    after: int
    retry_after_s: int
    delay_s: float
    error: str


@dataclass
class FaultPlan:
    plans: list[Plan] = field(default_factory=list)

    def take(self, method: str) -> Plan | None:
        """The fault for this call, used up by one; `*` stands for every method."""
        for plan in self.plans:
            if plan.method not in (method, "*"):
                continue
            if plan.after > 0:
                plan.after -= 1
                continue
            plan.times -= 1
            if plan.times <= 0:
                self.plans.remove(plan)
            return plan
        return None


@dataclass
class RateLimits:
    """One chat.postMessage per second and channel, 50 chat.update per minute (docs.slack.dev/apis/web-api/rate-limits)."""

    _free_at: dict[str, float] = field(default_factory=dict)
    _updates: list[float] = field(default_factory=list)

    def retry_after_s(self, method: str, channel: str) -> int | None:
        """Whole seconds to wait, or None when the call may go on now."""
        now = time.monotonic()
        if method == "chat.postMessage":
            free_at = self._free_at.get(channel, 0.0)
            if now < free_at:
                return math.ceil(free_at - now)
            self._free_at[channel] = now + 1.0
        elif method == "chat.update":
            self._updates = [at for at in self._updates if at > now - 60]
            if len(self._updates) >= 50:
                return math.ceil(self._updates[0] + 60 - now)
            self._updates.append(now)
        return None
