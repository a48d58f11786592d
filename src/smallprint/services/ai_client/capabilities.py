"""What the endpoint at the other end understands of the Messages API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Capabilities:
    """All of it, as Claude does; `COMPATIBLE` is what every server that speaks the Messages API can do."""

    document_delivery: str = "tool_result"
    """How a document travels: one of `DELIVERIES` in wire.py."""
    native_schema: bool = True
    """The form of the answer can be enforced; otherwise it is asked for in the task and checked afterwards."""
    effort: bool = True
    caching: bool = True
    """A prefix that was sent with `cache_control` is cheaper the next time."""
    sees: bool = True
    """The models can look at pictures."""


CLAUDE = Capabilities()
COMPATIBLE = Capabilities("text", native_schema=False, effort=False, caching=False, sees=False)

ENDPOINTS: Mapping[str, Capabilities] = {"claude": CLAUDE, "compatible": COMPATIBLE}


def capabilities_of(
    endpoint: str, *, document_delivery: str | None = None, sees: bool | None = None
) -> Capabilities:
    """Of one of `ENDPOINTS`; the other two override what it says, None leaves it."""
    known = ENDPOINTS[endpoint]
    return replace(
        known,
        document_delivery=document_delivery or known.document_delivery,
        sees=known.sees if sees is None else sees,
    )
