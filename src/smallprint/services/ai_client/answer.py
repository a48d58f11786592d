"""A Message of the SDK → text, usage and, when it is no answer, the error it amounts to."""

from __future__ import annotations

from typing import TypeGuard

from anthropic.types import Message
from anthropic.types import Usage as WireUsage

from smallprint.errors import (
    AnswerTruncated,
    ContextExceeded,
    InvalidAnswer,
    ModelError,
    ModelRefused,
    ModelUnreachable,
)
from smallprint.models.domain import Usage

MAX_CHARACTERS_PER_TOKEN = 16
"""No document has more on average: English has four to five."""

_FINISHED = frozenset({"end_turn", "stop_sequence"})
_BY_STOP_REASON: dict[str | None, type[ModelError]] = {
    "refusal": ModelRefused,
    "max_tokens": AnswerTruncated,
    "model_context_window_exceeded": ContextExceeded,
    None: ModelUnreachable,  # a stream that simply ended: the SDK raises nothing
}


def is_message(reply: object) -> TypeGuard[Message]:
    """False for what is no answer of the Messages API, for example the page of a proxy sent with status 200."""
    # the SDK does not validate: JSON of any kind becomes a Message, whatever it lacks being None
    return (
        isinstance(reply, Message) and isinstance(reply.usage, WireUsage) and isinstance(reply.content, list)
    )


def text_of(message: Message) -> str:
    """The text blocks, joined; thinking blocks may stand before and between them."""
    return "".join(block.text for block in message.content if block.type == "text")


def error_class_of(message: Message, characters: int) -> type[ModelError] | None:
    """None when the message is a finished answer, with text, to a document of so many characters that was read whole."""
    reason = message.stop_reason
    if reason not in _FINISHED:
        return _BY_STOP_REASON.get(reason, InvalidAnswer)
    if not text_of(message).strip():
        return InvalidAnswer
    return ContextExceeded if _was_cut(usage_of(message), characters) else None


def _was_cut(usage: Usage, characters: int) -> bool:
    """Local servers cut what exceeds their window, or drop what they don't know, and say nothing: the bill shows it."""
    read = (
        usage.input_tokens
        + usage.cache_read_tokens
        + usage.cache_write_5m_tokens
        + usage.cache_write_1h_tokens
    )
    return 0 < read < characters / MAX_CHARACTERS_PER_TOKEN


def usage_of(message: Message) -> Usage:
    """Tokens in the parts that are priced differently."""
    usage = message.usage
    written_1h = (usage.cache_creation.ephemeral_1h_input_tokens or 0) if usage.cache_creation else 0
    details = usage.output_tokens_details
    return Usage(
        input_tokens=usage.input_tokens or 0,
        cache_read_tokens=usage.cache_read_input_tokens or 0,
        # the sum is the authority: in a stream the last event corrects it, but not its breakdown
        cache_write_5m_tokens=max(0, (usage.cache_creation_input_tokens or 0) - written_1h),
        cache_write_1h_tokens=written_1h,
        output_tokens=usage.output_tokens or 0,
        thinking_tokens=(details.thinking_tokens or 0) if details else 0,
    )
