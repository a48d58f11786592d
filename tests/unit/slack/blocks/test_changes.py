from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from smallprint.models.domain import (
    ChangeKind,
    DocumentChanges,
    FindingMove,
    PassageChanges,
    Piece,
    PieceKind,
    RiskLevel,
    RiskMove,
)
from smallprint.slack.blocks.changes import changes_message, comparing_message
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.message import Message
from tests.fakes.versions import a_change, an_explanation, computed_changes, some_changes

HOSTILE = (
    "<!channel> *bold* `code` ~strike~",
    "",
    "   ",
    "\u202e\u2066\u200b",
    "حقوق الطرفين في هذه الاتفاقية " * 40,
    "本契約" * 2_000,
    "x" * 10_000,
    "👩‍⚖️" * 900,
    "&lt;" * 500,
)


def shown(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


def words_of(message: Message) -> list[dict[str, Any]]:
    """Every text element of rich text, wherever it stands."""
    found: list[dict[str, Any]] = []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("type") == "text":
                found.append(value)
            for each in value.values():
                collect(each)
        elif isinstance(value, list):
            for each in value:
                collect(each)

    collect(message.blocks)
    return found


def full_of(text: str) -> DocumentChanges:
    """Every text in it that comes from outside."""
    pieces = (Piece(PieceKind.KEPT, text), Piece(PieceKind.GONE, text), Piece(PieceKind.COME, text))
    change = a_change(pieces=pieces)
    place = replace(change.after, locator=text, text=text) if change.after else None
    moved = FindingMove(text, text, None, RiskLevel.HIGH)
    made = some_changes(
        *(replace(change, id=f"C{n}", before=place, after=place) for n in range(1, 30)),
        a_change(30, ChangeKind.MOVED, pieces=pieces[:1], moved=True),
        summary=text,
        side=text,
        note=text,
        explanations=tuple(an_explanation(f"C{n}", meaning=text) for n in range(1, 30)),
        risk=RiskMove(RiskLevel.LOW, RiskLevel.CRITICAL, (moved,) * 30, (moved,) * 30, (moved,) * 30),
    )
    return replace(made, before=replace(made.before, name=text), after=replace(made.after, name=text))


def test_the_headline_says_how_much_changed_and_whether_the_risk_moved():
    message = changes_message(some_changes())
    assert message.blocks[0]["text"]["text"] == "1 real change; risk medium → high"
    assert message.text.startswith("1 real change; risk medium → high. What changed: contract v1.pdf")


def test_words_that_went_are_struck_through_and_words_that_came_are_bold():
    elements = words_of(changes_message(some_changes()))
    styles = {element["text"]: element.get("style") for element in elements}
    assert styles["30"] == {"strike": True}
    assert styles["90"] == {"bold": True}
    assert styles["within "] is None


def test_each_change_says_where_it_stands_and_what_it_means():
    told = shown(changes_message(some_changes()))
    assert "✏️ Changed" in told
    assert "p. 1 → p. 2" in told
    assert "You have 90 days instead of 30." in told
    assert "🟠 Worse (high): " in told


def test_findings_that_are_new_are_listed():
    assert "🟠 High: Long notice" in shown(changes_message(some_changes()))


def test_what_fits_needs_no_file():
    message = changes_message(some_changes())
    assert not message.overflow
    assert validate_blocks(message.blocks) == []


def test_changes_that_have_no_room_are_counted_and_stand_in_the_file():
    many = [a_change(number) for number in range(1, 101)]
    message = changes_message(some_changes(*many, explanations=()))
    assert message.overflow
    assert "more in the file below." in shown(message)
    assert validate_blocks(message.blocks) == []


def test_a_comparison_without_ai_says_so():
    message = changes_message(computed_changes())
    assert "nobody has judged yet" in shown(message)
    assert validate_blocks(message.blocks) == []


def test_nothing_changed_is_an_answer():
    message = changes_message(some_changes(found=PassageChanges(1.0, 7, ()), explanations=()))
    assert "7 passages are unchanged." in shown(message)
    assert validate_blocks(message.blocks) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_a_limit_or_says_anything_to_slack(text):
    message = changes_message(full_of(text))
    assert validate_blocks(message.blocks) == []
    assert len(message.text) <= 4_000
    assert "<!channel>" not in message.text
    for element in words_of(message):
        assert "\u202e" not in element["text"]


def test_while_it_is_compared_that_is_said():
    message = comparing_message()
    assert "Comparing" in message.text
    assert validate_blocks(message.blocks) == []
