"""What the vendor says of a model: whether it can be used, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import anthropic

from smallprint.services.ai_client.faults import as_model_error

UNKNOWN = "unknown"
PATIENCE_S = 15.0


@dataclass(frozen=True, slots=True)
class ModelState:
    """One model's place in its life."""

    name: str
    lifecycle: str
    """ "active", "deprecated" (works, and will end), "retired" (every request fails), or "unknown" to the vendor."""
    retires_at: datetime | None = None


async def model_state(client: anthropic.AsyncAnthropic, name: str) -> ModelState:
    """Ask Anthropic's own API; the clouds have no such list. Costs nothing.

    Raises:
        ModelError: the key is not accepted, or nobody answers.
    """
    patient = client.with_options(max_retries=1, timeout=PATIENCE_S)
    try:
        found = await patient.models.retrieve(name)
    except anthropic.NotFoundError:
        return ModelState(name, UNKNOWN)
    except anthropic.AnthropicError as error:
        raise as_model_error(error) from error
    return ModelState(name, found.lifecycle or "active", found.retires_at)
