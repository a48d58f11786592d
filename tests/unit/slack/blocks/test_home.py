"""The App Home, with nothing, with one analysis and with very many."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smallprint.models.activity import Activity
from smallprint.models.domain import BudgetScope, RiskLevel
from smallprint.models.usage import Spending
from smallprint.slack.blocks.home import (
    ALL_WELL,
    NO_BUDGET,
    NONE_YET,
    WORKSPACE,
    Home,
    WorkspaceHome,
    home_view,
    unreadable_home,
)
from smallprint.slack.blocks.limits import validate_view
from smallprint.slack.blocks.message import Block
from tests.fakes import activity, listed_prompts
from tests.fakes.activity import NOW, recent
from tests.fakes.slack import block_rules
from tests.integration.slack.prompting import words


def assert_valid(view: Block) -> None:
    assert view["type"] == "home"
    assert validate_view(view) == []
    assert block_rules.problems(view["blocks"], "home") == []


def links(view: Block) -> dict[str, str]:
    """Text → address."""
    return {
        element["text"]: element["url"]
        for block in view["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        for item in part["elements"]
        for element in item.get("elements", ())
        if element["type"] == "link"
    }


def test_whoever_has_nothing_yet_is_told_how_to_begin() -> None:
    view = home_view(Home(NOW))
    told = words(view)
    assert NONE_YET in told
    assert "Share a document" in told
    assert WORKSPACE not in told
    assert_valid(view)


def test_a_member_sees_documents_with_level_age_place_and_link_and_the_month() -> None:
    view = home_view(activity.members_home())
    told = words(view)
    assert "🔴 Critical" in told
    assert "5 hours ago in <C0CONTRACT>" in told
    assert "⚪ No result: password-protected" in told
    assert "⏳ Being analysed" in told
    assert "D0ANN" not in told
    assert "$4.87  21 documents · 64 calls" in told
    assert "limit $5.00 · $1.62 spent · $3.38 left" in told
    assert links(view)["master-services-agreement.pdf"].startswith(
        "https://acme.slack.com/archives/C0CONTRACT/"
    )
    for others in (WORKSPACE, "$181.40", "$250.00"):
        assert others not in told
    assert_valid(view)


def test_an_admin_sees_how_the_workspace_stands() -> None:
    view = home_view(activity.admins_home())
    told = words(view)
    for expected in (
        "$181.40 of $250.00, $65.40 left  ████████░░ 72 %",
        "1,220 analysed: 🔴 9 critical, 🟠 121 high, 🟡 388 medium, 🟢 702 low; 3 running",
        "22: password-protected (14), a scan without text (6)",
        "document_analysis v2 (v3 tried on 10 %)",
        ALL_WELL,
    ):
        assert expected in told
    assert_valid(view)


def test_an_admin_of_an_empty_workspace_sees_that_it_is_empty() -> None:
    budget = activity.budget(BudgetScope.WORKSPACE_MONTH, None)
    view = home_view(Home(NOW, budgets=[budget], workspace=WorkspaceHome()))
    assert f"$0.00. {NO_BUDGET}" in words(view)
    assert "0 analysed" in words(view)
    assert_valid(view)


def test_a_sum_that_is_not_the_whole_truth_says_so() -> None:
    budget = replace(activity.budget(BudgetScope.WORKSPACE_MONTH, 250, 3), unpriced_calls=1)
    assert "≥ $3.00 of $250.00" in words(home_view(Home(NOW, budgets=[budget], workspace=WorkspaceHome())))


def test_what_is_not_well_is_named() -> None:
    workspace = WorkspaceHome(problems={"queue": "the oldest unfinished job came in 40 minutes ago"})
    told = words(home_view(Home(NOW, workspace=workspace)))
    assert "⚠️ queue: the oldest unfinished job came in 40 minutes ago" in told


@pytest.mark.parametrize("count", [0, 1, 10_000])
def test_however_many_were_analysed_the_view_is_valid(count: int) -> None:
    documents = [recent(n % 90, f"<!channel> {n} " + "x" * 300 + ".pdf") for n in range(min(count, 10))]
    levels = dict.fromkeys(RiskLevel, count)
    failures = {f"code_{n}": 10_000 - n for n in range(min(count, 500))}
    agents = listed_prompts.two_agents() * 20
    problems = {f"part {n}": "why " * 200 for n in range(min(count, 50))}
    workspace = WorkspaceHome(Activity(levels, failures), agents, problems)
    home = Home(NOW, documents, {}, Spending(count, count, count), activity.some_budgets(), workspace)
    assert_valid(home_view(home))


def test_names_of_documents_can_neither_mention_nor_link() -> None:
    document = recent(1, "<!channel> <https://evil.example|here>.pdf")
    view = home_view(Home(NOW, [document], {"doc-1": "https://acme.slack.com/archives/C0CONTRACT/p1"}))
    assert links(view) == {
        "<!channel> <https://evil.example|here>.pdf": "https://acme.slack.com/archives/C0CONTRACT/p1"
    }
    assert "mrkdwn" not in json.dumps(view)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_any_name_outcome_and_channel_make_a_valid_view(name: str, outcome: str, channel: str) -> None:
    documents = [replace(recent(1, name, outcome), channel=channel)]
    assert_valid(home_view(Home(NOW, documents, activity.links_of(tuple(documents)))))


def test_an_error_of_ours_is_said_in_place_of_the_home() -> None:
    view = unreadable_home("I can't reach my database right now. Please try again in a minute.")
    assert "I can't reach my database right now" in words(view)
    assert_valid(view)
