"""One request to a language model and its answer, independent of the vendor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from smallprint.models.domain import Picture, Usage


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """What an agent asks. The document travels as data, never inside `system` or `task`."""

    analysis_id: str
    agent: str
    purpose: str
    """"main", "part 2 of 5", "repair", …: with analysis_id and agent the idempotency key of a paid answer."""
    model: str
    effort: str
    max_tokens: int
    system: str
    task: str
    """The versioned prompt, rendered; stands after the document."""
    document_name: str
    document_text: str
    """Numbered passages: "[P12 p.3] …"."""
    output_schema: Mapping[str, Any]
    """JSON Schema that the answer must satisfy."""
    prompt_version: int | None = None
    stream: bool = False
    faulty_answer: str | None = None
    """On a repair: the answer that did not validate …"""
    fault: str | None = None
    """… and what was wrong with it."""
    attachment: str | None = None
    """Further data for the task, as JSON (the findings to review): holds document text, so it is delivered as data like the document."""
    pictures: tuple[Picture, ...] = field(default=(), repr=False)
    """What of the document can only be looked at; delivered as data beside its text."""
    cache: bool = False
    """The same document goes to the same model in the same form again soon: keep the prefix, where the vendor can."""
    hears: Callable[[str], None] | None = field(default=None, repr=False, compare=False)
    """With `stream`: told the answer's text so far while it comes. It begins anew when another call takes over, and
    an answer that was paid for earlier is not told at all. It must be quick and must not raise."""

    @property
    def key(self) -> str:
        """The same for every try of the same call: a paid answer is found under it and not paid again."""
        return f"{self.analysis_id}/{self.agent}/{self.purpose}"


@dataclass(frozen=True, slots=True)
class Completion:
    """The model's answer: text that is complete (stop_reason end_turn), not yet validated."""

    text: str
    model: str
    usage: Usage
    cost_nano_usd: int | None
    seconds: float
    replayed: bool = False
    """True when it was paid for earlier and came from our own records."""
    instead_of: str = ""
    """The model that was asked, when another one answered."""
