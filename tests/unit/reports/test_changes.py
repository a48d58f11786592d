from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from smallprint.models.domain import (
    ChangeKind,
    Direction,
    DocumentChanges,
    PassageChanges,
    Piece,
    PieceKind,
    RiskLevel,
    RiskMove,
)
from smallprint.reports import changes as words
from smallprint.reports.changes_json import changes_json
from smallprint.reports.changes_markdown import changes_markdown
from smallprint.reports.changes_terminal import print_changes
from tests.fakes.versions import a_change, an_explanation, computed_changes, some_changes

EVIL = "<!channel> *bold* `code` [link](https://evil.example) \u202eevil\x1b[31m ~~x~~"


def on_a_terminal(changes: DocumentChanges, *, colours: bool = False) -> str:
    out = StringIO()
    print_changes(changes, Console(file=out, width=100, force_terminal=colours))
    return out.getvalue()


def test_the_headline_counts_real_changes_apart_and_says_whether_the_risk_moved():
    changes = some_changes(
        a_change(1),
        a_change(2, ChangeKind.ADDED),
        a_change(3, ChangeKind.REMOVED),
        a_change(4, ChangeKind.REWORDED),
        a_change(5, ChangeKind.REWORDED),
        a_change(6, ChangeKind.MOVED),
    )
    assert words.headline(changes) == "3 real changes, 2 reworded, 1 moved; risk medium → high"


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        (some_changes(risk=None), "1 real change"),
        (some_changes(risk=RiskMove(RiskLevel.LOW, RiskLevel.LOW)), "1 real change; risk low, as before"),
        (
            some_changes(a_change(kind=ChangeKind.REWORDED), risk=None),
            "No real changes, 1 reworded",
        ),
        (some_changes(risk=None, found=PassageChanges(1.0, 4, ())), "No real changes"),
    ],
)
def test_the_headline_of_little(changes, headline):
    assert words.headline(changes) == headline


def test_what_a_reader_must_know_first_is_said_in_sentences():
    same_text = some_changes(found=PassageChanges(1.0, 4, ()))
    identical = replace(same_text, after=same_text.before)
    scans = some_changes(found=PassageChanges(0.0, 0, ()))
    strangers = some_changes(found=PassageChanges(0.31, 0, (a_change(),)))
    assert words.notes(same_text) == (words.NO_CHANGES,)
    assert words.notes(identical) == (words.IDENTICAL,)
    assert words.notes(scans) == (words.NO_TEXT,)
    assert words.notes(strangers) == (words.HARDLY_ALIKE.format(share="31%"),)
    assert words.notes(some_changes()) == ()
    assert words.notes(some_changes(offline=True, risk=None)) == (words.OFFLINE, words.NO_RISK)


def test_the_gravest_changes_come_first_then_real_ones_in_the_order_of_the_document():
    changes = some_changes(
        a_change(1, ChangeKind.REWORDED),
        a_change(2),
        a_change(3),
        a_change(4),
        explanations=(
            an_explanation("C4", severity=RiskLevel.CRITICAL),
            an_explanation("C3", severity=RiskLevel.CRITICAL, direction=Direction.NEUTRAL),
        ),
    )
    assert [change.id for change in words.in_order_of_weight(changes)] == ["C4", "C2", "C3", "C1"]


def test_a_place_is_named_once_where_it_is_called_the_same():
    change = a_change()
    assert words.where(change) == "p. 1 → p. 2"
    assert words.where(replace(change, before=change.after)) == "p. 2"
    assert words.where(a_change(kind=ChangeKind.ADDED)) == "p. 2"


def test_kept_words_far_from_what_changed_are_left_out():
    before, after = "first words " + "x " * 500, " y" * 500 + " last words"
    change = a_change(
        pieces=(
            Piece(PieceKind.KEPT, before),
            Piece(PieceKind.GONE, "30"),
            Piece(PieceKind.KEPT, after),
        )
    )
    shown = "".join(piece.text for piece in words.shown_pieces(change))
    assert len(shown) < 300
    assert " … " in shown
    assert "x 30 y" in shown


def test_what_came_stands_apart_from_what_went_also_where_a_copy_loses_the_styles():
    gone, come = Piece(PieceKind.GONE, "12"), Piece(PieceKind.COME, "24")
    shown = words.shown_pieces(a_change(pieces=(gone, come, Piece(PieceKind.KEPT, " months"))))
    assert "".join(piece.text for piece in shown) == "12 24 months"
    spaced = words.shown_pieces(a_change(pieces=(replace(gone, text="12 "), come)))
    assert "".join(piece.text for piece in spaced) == "12 24"


def test_every_form_says_what_changed_and_what_it_means():
    changes = some_changes()
    for shown in (on_a_terminal(changes), changes_markdown(changes)):
        assert "1 real change; risk medium → high" in shown
        assert "You have 90 days instead of 30." in shown
        assert "Worse (high)" in shown
        assert "🟠 High: Long notice" in shown
        assert "Judged for: the Customer" in shown
        assert "prompt v1" in shown


def test_what_went_and_what_came_is_marked_with_and_without_colours():
    assert "within [-30-] {+90+} days" in on_a_terminal(some_changes())
    assert "[-" not in on_a_terminal(some_changes(), colours=True)
    assert "within ~~30~~ **90** days" in changes_markdown(some_changes())


def test_the_words_of_a_document_steer_neither_markdown_nor_a_terminal():
    change = a_change(pieces=(Piece(PieceKind.GONE, EVIL), Piece(PieceKind.KEPT, EVIL)))
    changes = some_changes(change, explanations=(an_explanation(meaning=EVIL),), summary=EVIL)
    changes = replace(changes, before=replace(changes.before, name=EVIL))
    markdown, terminal = changes_markdown(changes), on_a_terminal(changes)
    assert "<!channel>" not in markdown
    assert "[link]" not in markdown.replace("\\[", "").replace("\\]", "")
    for shown in (markdown, terminal):
        assert "\u202e" not in shown
        assert "\x1b" not in shown


def test_json_holds_all_of_it_under_a_named_form():
    value = json.loads(changes_json(computed_changes()))
    assert (value["schema"], value["offline"]) == ("smallprint.changes/1", True)
    assert [change["kind"] for change in value["found"]["changes"]] == ["added", "changed", "reworded"]
    assert "spans" not in value["found"]
