"""What is posted to Slack: the blocks, and the text that notifications and screen readers use instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks within every limit of Slack, and their fallback."""

    text: str
    """Escaped, at most 4,000 characters."""
    blocks: list[Block]
    overflow: bool = False
    """True: not everything is shown, the complete text must be uploaded into the thread as well."""
    instead: Message | None = None
    """The same in kinds of blocks that Slack has had for years, should it refuse these."""
