"""One envelope of Socket Mode, as it went out and came back."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field

from tests.fakes.slack.workspace import Json


@dataclass(eq=False)
class Delivery:
    """One envelope, from its making to its ack. All times are seconds since the epoch."""

    envelope_id: str
    kind: str
    """events_api, slash_commands or interactive."""
    payload: Json
    attempt: int = 0
    """`retry_attempt`: 0 the first time."""
    reason: str = ""
    queued_at: float = field(default_factory=time.time)
    sent_at: float | None = None
    acked_at: float | None = None
    answer: Json | None = None
    """The payload of the ack, if it had one."""
    connection: int | None = None
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def event_id(self) -> str:
        return str(self.payload.get("event_id", ""))

    @property
    def ack_seconds(self) -> float | None:
        """From sending to ack; None while there is none."""
        return None if self.acked_at is None or self.sent_at is None else self.acked_at - self.sent_at

    def to_text(self) -> str:
        envelope: Json = {
            "envelope_id": self.envelope_id,
            "payload": self.payload,
            "type": self.kind,
            "accepts_response_payload": self.kind != "events_api",
        }
        if self.kind == "events_api":
            envelope |= {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return json.dumps(envelope, separators=(",", ":"))

    def summary(self) -> Json:
        """For the control API: everything but the payload's content."""
        event = self.payload.get("event", {})
        return {
            "envelope_id": self.envelope_id,
            "kind": self.kind,
            "event_id": self.event_id,
            "event_type": event.get("type"),
            "subtype": event.get("subtype"),
            "attempt": self.attempt,
            "reason": self.reason,
            "queued_at": self.queued_at,
            "sent_at": self.sent_at,
            "acked_at": self.acked_at,
            "ack_seconds": self.ack_seconds,
            "connection": self.connection,
        }
