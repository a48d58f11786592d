"""What `/smallprint` alone answers: everything that Smallprint does when asked."""

from __future__ import annotations

from collections.abc import Sequence

from smallprint.slack.blocks.elements import bold, bullets, code, context, rich_text, section, words
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten

TITLE = "Smallprint reads the small print of documents, and answers in their thread."
DOING = (
    ("Share a document", ", and I read it; where I ask first, press the button"),
    ("Mention me", " in the thread of a document with a question about it, or beside a file to have it read"),
    ("Write to me directly", ": what you share there only you and I see"),
)
COMMANDS = (
    ("/analyse", "read a file that is in Slack, a link or some text, with wishes of yours"),
    ("/smallprint settings", "how I work in this channel"),
    ("/smallprint forget <link>", "erase what I keep of a document"),
    ("/usage", "what the analyses cost, and the budgets"),
    ("/prompt-version", "which prompts are live, for admins"),
)
UNKNOWN = "I don't know “{verb}”. "
TIP = "My Home tab shows your last documents. The analysis is made by an AI: check it before you rely on it."

_VERB = 60


def product_help(unknown: str = "") -> Message:
    """`unknown`: a verb that somebody typed and that there is none of."""
    verb = shorten(plain(unknown), _VERB)
    title = f"{UNKNOWN.format(verb=verb)}{TITLE}" if verb else TITLE
    return Message(
        escape_mrkdwn(title),
        [
            rich_text(section(words(title)), bullets(_doing()), bullets(_commands())),
            context(TIP),
        ],
    )


def _doing() -> Sequence[dict[str, object]]:
    return [section(bold(what), words(then)) for what, then in DOING]


def _commands() -> Sequence[dict[str, object]]:
    return [section(code(command), words(f"  {what}")) for command, what in COMMANDS]
