"""What people do in a thread besides sharing: ask, press, fill in; and what they see of it."""

from __future__ import annotations

from typing import Any

from smallprint.slack.blocks.answer import LOOKING, WRITING
from smallprint.slack.blocks.limits import validate_blocks
from tests.end_to_end.thread import WAIT_S, outcome, shown
from tests.fakes.slack import FakeSlack, Interaction, Share
from tests.fakes.slack.workspace import BOT_USER, Json

MENTION = f"<@{BOT_USER}>"


async def analysed(
    slack: FakeSlack,
    channel: str,
    user: str,
    content: str | bytes,
    *,
    name: str = "agreement.txt",
    **how: Any,
) -> Share:
    """A document that stands in a thread with its result."""
    share = await slack.share(channel, user, name, content, **how)
    await outcome(slack, share)
    return share


async def asks(slack: FakeSlack, root: Share, user: str, question: str) -> Share:
    """Somebody mentions us in the thread."""
    text = f"{MENTION} {question}".strip()
    return await slack.say(root.channel, user, text, thread_ts=root.thread_ts, also_app_mention=True)


async def answer(slack: FakeSlack, asked: Share, *, timeout_s: float = WAIT_S) -> str:
    """Every word of the one message that answers a question, once it is whole."""

    def whole() -> list[Json]:
        return [each for each in replies_since(slack, asked) if _is_whole(each)]

    found = await slack.wait_for(whole, timeout_s, what="an answer")
    return shown(found[0])


def replies_since(slack: FakeSlack, asked: Share) -> list[Json]:
    """Ours in the thread, after that message."""
    return [each for each in slack.replies(asked.channel, asked.thread_ts) if each["ts"] > asked.ts]


async def says(slack: FakeSlack, share: Share, words: str, *, timeout_s: float = WAIT_S) -> Json:
    """Our message in the thread with those words."""

    def said() -> list[Json]:
        return [each for each in slack.replies(share.channel, share.thread_ts) if words in shown(each)]

    found: list[Json] = await slack.wait_for(said, timeout_s, what=words)
    return found[0]


def saying(slack: FakeSlack, share: Share, words: str) -> int:
    """How many of our messages in the thread have those words."""
    return sum(words in shown(each) for each in slack.replies(share.channel, share.thread_ts))


def button(message: Json, action: str) -> str:
    """The value of the button with this action. Raises ValueError when there is none."""
    rows = [block for block in message.get("blocks", []) if block["type"] == "actions"]
    (value,) = [item["value"] for row in rows for item in row["elements"] if item["action_id"] == action]
    return str(value)


async def press(
    slack: FakeSlack, user: str, share: Share, message: Json, action: str, *, answers: int = 0
) -> Interaction:
    """A person presses the message's button with this action."""
    value = button(message, action)
    return await slack.click(user, share.channel, str(message["ts"]), action, value=value, answers=answers)


async def choose(
    slack: FakeSlack, user: str, share: Share, message: Json, label: str, *, answers: int = 0
) -> Interaction:
    """A person chooses that entry of the result's ⋯ menu."""
    rows = [block for block in message["blocks"] if block["type"] == "actions"]
    (menu,) = [item for row in rows for item in row["elements"] if item["type"] == "overflow"]
    (value,) = [option["value"] for option in menu["options"] if option["text"]["text"] == label]
    return await slack.choose(
        user, share.channel, str(message["ts"]), menu["action_id"], value=value, answers=answers
    )


async def modal(slack: FakeSlack, callback: str, *, other_than: str = "") -> Json:
    """The modal that has opened, once it shows more than that it loads."""

    def opened() -> Json | None:
        views = [view for view in slack.core.views if view.get("callback_id") == callback]
        return views[-1] if views and views[-1]["id"] != other_than else None

    found: Json = await slack.wait_for(opened, 10, what=f"the modal {callback}")
    return found


def all_valid(slack: FakeSlack, share: Share) -> bool:
    """Every message of ours in the thread keeps Slack's limits."""
    replies = slack.replies(share.channel, share.thread_ts)
    return not any(validate_blocks(each["blocks"]) for each in replies if "blocks" in each)


def _is_whole(message: Json) -> bool:
    text = shown(message)
    return not message.get("files") and LOOKING not in text and WRITING not in text
