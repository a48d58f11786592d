"""What a person sees in a thread."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.slack import FakeSlack, Interaction, Share

WAIT_S = 30.0
INTERNALS = ("Traceback", "anthropic", "httpx", "sqlalchemy", "dbos", "sk-test-key", "xoxb")


def shown(message: dict[str, Any]) -> str:
    """Every text of a message, blocks included, as one string."""
    return "\n".join([message.get("text", ""), *_texts(message.get("blocks", []))])


def said(interaction: Interaction) -> str:
    """Every text shown to the person who typed a command."""
    return "\n".join(shown(message) for message in interaction.said)


def nothing_internal(text: str) -> bool:
    """No library, no secret and no traceback shows."""
    return not any(word.lower() in text.lower() for word in INTERNALS)


def finished(message: dict[str, Any]) -> bool:
    """A result or a failure, no longer a step."""
    return not any(
        word in message.get("text", "").lower()
        for word in ("waiting", "reading", "analysing", "reviewing", "in line")
    )


async def outcome(
    slack: FakeSlack, share: Share, *, count: int = 1, timeout_s: float = WAIT_S
) -> list[dict[str, Any]]:
    """The bot's finished messages in the share's thread, once there are that many."""

    def done() -> list[dict[str, Any]] | None:
        replies = [reply for reply in slack.replies(share.channel, share.thread_ts) if not reply.get("files")]
        ended = [reply for reply in replies if finished(reply)]
        return ended if len(ended) >= count else None

    found: list[dict[str, Any]] = await slack.wait_for(
        done, timeout_s, what=f"{count} outcome(s) in the thread"
    )
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
