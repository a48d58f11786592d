"""What an event asks us to forget, and that it is on disk before Slack gets its ack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from smallprint.errors import DatabaseUnavailable
from smallprint.models.domain import Erasure, ErasureKind
from smallprint.slack.erasures import Erasures, erasure_in

BOT = "UBOT"
SHARED = {"user": "UANN", "ts": "1.1", "files": [{"id": "F1"}]}


def body(kind: str, **fields: Any) -> dict[str, Any]:
    event = {"type": kind, **fields}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}


def named(kind: str, **fields: Any) -> tuple[str, str, str] | None:
    wish = erasure_in(body(kind, **fields), bot_user=BOT)
    return None if wish is None else (wish.kind.value, wish.channel, wish.reference)


def test_a_deleted_file_is_forgotten_wherever_it_was_shared() -> None:
    assert named("file_deleted", file_id="F1", channel_ids=["C1"]) == ("file", "", "F1")


def test_a_deleted_message_takes_its_files_analyses_along() -> None:
    gone = {"subtype": "message_deleted", "channel": "C1", "deleted_ts": "1.1", "previous_message": SHARED}
    assert named("message", **gone) == ("message", "C1", "1.1")


def test_a_deleted_message_with_replies_becomes_a_tombstone_and_counts_as_deleted() -> None:
    tombstone = {"subtype": "tombstone", "ts": "1.1"}
    changed = {"subtype": "message_changed", "channel": "C1", "message": tombstone}
    assert named("message", **changed, previous_message=SHARED) == ("message", "C1", "1.1")


@pytest.mark.parametrize(
    "fields",
    [
        {"subtype": "message_deleted", "previous_message": {"user": "UANN", "ts": "1.1", "text": "hi"}},
        {"subtype": "message_deleted", "previous_message": {**SHARED, "user": BOT}},
        {"subtype": "message_deleted", "previous_message": {**SHARED, "bot_id": "B1"}},
        {"subtype": "message_deleted"},
        {"subtype": "message_changed", "message": {"ts": "1.1"}, "previous_message": SHARED},
        {"subtype": "file_share", **SHARED},
    ],
    ids=["no files", "our own", "another bot's", "nothing known", "edited", "shared"],
)
def test_other_messages_ask_for_nothing(fields: dict[str, Any]) -> None:
    assert named("message", channel="C1", **fields) is None


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (f"<@{BOT}> what does it say of Ann?", {}),
        ("read <https://example.com/contract.pdf>", {}),
        ("how much notice?", {"channel_type": "im"}),
    ],
    ids=["a question", "a link", "said to us directly"],
)
def test_so_does_a_message_that_asked_us_something(text: str, more: dict[str, str]) -> None:
    before = {"user": "UANN", "ts": "1.1", "text": text}
    gone = {"subtype": "message_deleted", "channel": "C1", "deleted_ts": "1.1", "previous_message": before}
    assert named("message", **gone, **more) == ("message", "C1", "1.1")


@pytest.mark.parametrize("kind", ["channel_left", "group_left"])
def test_a_channel_that_we_have_left_is_forgotten(kind: str) -> None:
    assert named(kind, channel="C1") == ("channel", "C1", "")


def test_a_workspace_that_takes_the_app_away_is_forgotten() -> None:
    assert named("app_uninstalled") == ("workspace", "", "")
    assert named("tokens_revoked", tokens={"oauth": [], "bot": ["UBOT"]}) == ("workspace", "", "")


def test_a_persons_revoked_token_is_not_ours() -> None:
    assert named("tokens_revoked", tokens={"oauth": ["UANN"]}) is None


def test_the_same_event_delivered_twice_is_one_wish() -> None:
    wishes = [erasure_in(body("app_uninstalled"), bot_user=BOT) for _ in range(2)]
    assert wishes[0] == wishes[1] == Erasure("event/Ev1", ErasureKind.WORKSPACE, "T1")


async def test_the_wish_is_kept_and_the_eraser_told() -> None:
    kept: list[Erasure] = []
    told: list[str] = []

    async def add(wishes: Sequence[Erasure]) -> None:
        kept.extend(wishes)

    keeper = Erasures(add, bot_user=BOT, noticed=lambda: told.append("noticed"))
    assert await keeper.keep(body("file_deleted", file_id="F1"))
    assert not await keeper.keep(body("app_mention", channel="C1"))
    assert [wish.reference for wish in kept] == ["F1"]
    assert told == ["noticed"]


async def test_what_could_not_be_written_down_is_not_acked() -> None:
    async def add(_: Sequence[Erasure]) -> None:
        raise DatabaseUnavailable

    keeper = Erasures(add, bot_user=BOT, noticed=lambda: None)
    with pytest.raises(DatabaseUnavailable):
        await keeper.keep(body("file_deleted", file_id="F1"))
