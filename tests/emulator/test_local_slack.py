"""The product in somebody else's Slack, by socket and by signed HTTP: what a person does gets its visible answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smallprint.slack.blocks.channel_words import SAVED
from smallprint.slack.blocks.prompt_answers import REFUSED
from smallprint.slack.forgetting import FORGOTTEN
from tests.emulator.local_slack import ADA, ANN, BOT_USER, CONTRACTS, Json, LocalSlack

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGREEMENT = (Path(__file__).parents[2] / "examples/services-agreement.pdf").read_bytes()
TERMS = b"""Terms of service

1. Either party may end this agreement with a written notice of thirty days to the other party.

2. The total liability of the supplier is limited to the fees that were paid in the year before the claim.

3. The customer pays every invoice within fourteen days of its receipt by bank transfer.
"""
MENTION = f"<@{BOT_USER}> please have a look"


def words(value: Any) -> str:
    """Every text in a message or a view."""
    if isinstance(value, dict):
        texts = (
            inner if key == "text" and isinstance(inner, str) else words(inner)
            for key, inner in value.items()
        )
        return "\n".join(filter(None, texts))
    return "\n".join(filter(None, map(words, value))) if isinstance(value, list) else ""


def presses(message: Json) -> Iterator[tuple[str, Json]]:
    """What can be pressed in a message: its label, and the action that Slack sends."""
    for block in message["blocks"]:
        for element in (*block.get("elements", ()), block.get("accessory", {})):
            pressed = {
                "type": element.get("type"),
                "action_id": element.get("action_id"),
                "block_id": block.get("block_id"),
            }
            match element.get("type"):
                case "button":
                    yield element["text"]["text"], pressed | {"value": element["value"]}
                case "overflow":
                    for option in element["options"]:
                        yield option["text"]["text"], pressed | {"selected_option": option}
                case "feedback_buttons":
                    for side in ("positive_button", "negative_button"):
                        yield element[side]["text"]["text"], pressed | {"value": element[side]["value"]}


async def result(slack: LocalSlack, ts: str) -> Json:
    """The finished message in the thread."""

    async def finished() -> Json | None:
        return next((each for each in await slack.thread(ts) if "risk:" in each["text"]), None)

    found: Json = await slack.wait_for(finished, "result in the thread")
    return found


async def answered(slack: LocalSlack, before: list[Json]) -> str:
    """What the bot said since."""
    known = {each["ts"] for each in before}

    async def new() -> str:
        return words(
            [each for each in await slack.messages() if each["ts"] not in known and each["user"] == BOT_USER]
        )

    found: str = await slack.wait_for(new, "answer")
    return found


async def commanded(slack: LocalSlack, command: str, text: str, user: str = ANN) -> str:
    before = await slack.messages()
    await slack.command(command, text, user=user)
    return await answered(slack, before)


async def test_a_shared_document_is_answered_once_in_its_thread(slack: LocalSlack) -> None:
    ts = await slack.share("services-agreement.pdf", AGREEMENT, text=MENTION)
    answer = await result(slack, ts)
    assert "services-agreement.pdf" in words(answer)
    assert "p. " in words(answer)
    texts = [each for each in await slack.thread(ts) if not each.get("files")]
    assert [each["ts"] for each in texts] == [answer["ts"]]


async def test_a_document_that_cannot_be_read_gets_its_sentence(slack: LocalSlack) -> None:
    ts = await slack.share("broken.pdf", b"%PDF-1.7 nonsense")

    async def refusal() -> str:
        return next((words(each) for each in await slack.thread(ts) if "damaged" in words(each)), "")

    assert "export it again" in await slack.wait_for(refusal, "refusal")


async def test_what_was_read_is_shown_to_who_asks_and_to_nobody_else(slack: LocalSlack) -> None:
    answer = await result(slack, await slack.share("services-agreement.pdf", AGREEMENT))
    before = await slack.messages()
    await slack.press(answer, dict(presses(answer))["What was read"])
    assert "all 3" in await answered(slack, before)
    assert (await slack.messages())[-1]["ephemeral_to"] == ANN


async def test_whatever_is_pressed_under_a_result_something_happens(slack: LocalSlack) -> None:
    answer = await result(slack, await slack.share("services-agreement.pdf", AGREEMENT))
    for label, action in presses(answer):
        before = await slack.shown()
        await slack.press(answer, action, user=ADA)

        async def changed(before: str = before) -> bool:
            return await slack.shown() != before

        await slack.wait_for(changed, f"answer to {label}")
        await slack.close_modal()


async def test_a_deleted_message_takes_its_result_with_it(slack: LocalSlack) -> None:
    ts = await slack.share("services-agreement.pdf", AGREEMENT)
    await result(slack, ts)
    await slack.delete_message(ts)

    async def forgotten() -> bool:
        return FORGOTTEN in words(await slack.thread(ts))

    await slack.wait_for(forgotten, "sentence in the result's place")
    assert "Northwind" not in words(await slack.thread(ts))


async def test_a_question_in_the_thread_is_answered_from_the_document(slack: LocalSlack) -> None:
    ts = await slack.share("services-agreement.pdf", AGREEMENT)
    await result(slack, ts)
    asked = await slack.say(f"<@{BOT_USER}> How long is the notice period?", thread_ts=ts)

    async def answer() -> str:
        return next(
            (
                words(each)
                for each in await slack.thread(ts)
                if each["ts"] > asked and "verified" in words(each)
            ),
            "",
        )

    assert "p. " in await slack.wait_for(answer, "answer")


async def test_a_second_version_in_the_thread_is_compared_with_the_first(slack: LocalSlack) -> None:
    ts = await slack.share("terms v1.txt", TERMS)
    await result(slack, ts)
    await slack.share("terms v2.txt", TERMS.replace(b"thirty", b"ninety"), thread_ts=ts)

    async def changes() -> str:
        return next((words(each) for each in await slack.thread(ts) if "What changed" in words(each)), "")

    assert "ninety" in await slack.wait_for(changes, "comparison")


async def test_what_somebody_wants_forgotten_is_forgotten(slack: LocalSlack) -> None:
    ts = await slack.share("services-agreement.pdf", AGREEMENT)
    await result(slack, ts)
    link = f"https://acme.slack.com/archives/{CONTRACTS}/p{ts.replace('.', '')}"
    assert "Done within a minute" in await commanded(slack, "/smallprint", f"forget {link}")

    async def forgotten() -> bool:
        return FORGOTTEN in words(await slack.thread(ts))

    await slack.wait_for(forgotten, "sentence in the result's place")


async def test_how_it_works_in_a_channel_is_set_in_a_form(slack: LocalSlack) -> None:
    await slack.command("/smallprint", "settings", user=ADA)
    form = await slack.wait_for(slack.modal, "form")
    assert form["callback_id"] == "channel_settings"
    await slack.submit({"language": {"language": {"type": "plain_text_input", "value": "German"}}}, user=ADA)

    async def saved() -> bool:
        return SAVED in words(await slack.modal())

    await slack.wait_for(saved, "settings that were saved")
    await slack.close_modal()


async def test_commands_are_answered(slack: LocalSlack) -> None:
    assert "answer in its thread" in await commanded(slack, "/analyse", "help")
    assert "what it cost" in await commanded(slack, "/usage", "help")
    assert REFUSED in await commanded(slack, "/prompt-version", "list", ANN)
    assert "document_analysis" in await commanded(slack, "/prompt-version", "list", ADA)


async def test_a_modal_is_opened_filled_in_and_sent(slack: LocalSlack) -> None:
    await slack.command("/prompt-version", "set analyst v3", user=ADA)
    modal = await slack.wait_for(slack.modal, "modal")
    values = {
        block["block_id"]: {
            block["element"]["action_id"]: {"type": "plain_text_input", "value": "worse on leases"}
        }
        for block in modal["blocks"]
        if block["type"] == "input"
    }
    await slack.submit(values, user=ADA)

    async def done() -> bool:
        return "✓ document_analysis" in words(await slack.modal())

    await slack.wait_for(done, "change")
    await slack.close_modal()
    assert "worse on leases" in await commanded(slack, "/prompt-version", "history analyst", ADA)


async def test_the_home_is_there_when_somebody_opens_it(slack: LocalSlack) -> None:
    await slack.open_home()
    home = await slack.wait_for(slack.home, "home")
    assert "Your documents" in words(home)


async def test_every_call_was_one_that_slack_knows(slack: LocalSlack) -> None:
    """The last of the module: what the emulator refused meanwhile."""
    assert await slack.refusals() == []
