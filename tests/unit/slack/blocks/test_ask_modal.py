"""The form behind `/analyse`."""

from __future__ import annotations

import pytest

from smallprint.prompts.checklists import checklists
from smallprint.slack.blocks.ask_modal import HERE, ONLY_ME, THEMES_OFFERED, Filled, ask_modal
from smallprint.slack.blocks.limits import validate_view
from smallprint.slack.carried import Carried


@pytest.mark.parametrize("present", [True, False])
def test_slack_accepts_the_form(*, present: bool) -> None:
    modal = ask_modal(str(Carried(channel="C1")), present=present)
    assert validate_view(modal.view()) == []
    assert len(modal.title) <= 24
    assert len(modal.submit) <= 24


def test_where_we_cannot_answer_only_a_private_answer_is_offered() -> None:
    def places(*, present: bool) -> list[str]:
        element = ask_modal("", present=present).view()["blocks"][-1]["element"]
        return [option["value"] for option in element["options"]]

    assert places(present=True) == [HERE, ONLY_ME]
    assert places(present=False) == [ONLY_ME]


def test_every_theme_that_can_be_ticked_stands_in_a_checklist() -> None:
    known = {name.partition(".")[0] for each in checklists(1).values() for name in each.categories}
    assert {theme.key for theme in THEMES_OFFERED} <= known


def test_a_form_that_says_nothing_is_read_as_empty() -> None:
    filled = Filled.of({"state": {"values": {"files": {"files": {}}, "source": {"source": {"value": None}}}}})
    assert (list(filled.files), filled.source, filled.private) == ([], "", False)
