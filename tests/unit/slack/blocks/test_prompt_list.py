from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from smallprint.slack.blocks.prompt_list import prompt_list
from smallprint.slack.carried import Carried
from tests.fakes.listed_prompts import activation, at, canary, pin, two_agents, version
from tests.unit.slack.blocks.prompt_words import ANY_WORDS, said, told

NOW = at(23)


def buttons(blocks) -> dict[str, str]:
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return {item["text"]["text"]: item["value"] for row in rows for item in row}


def test_the_list_shows_what_is_live_who_chose_it_and_what_waits():
    message = prompt_list(two_agents(), NOW)
    listed = told(message)
    assert message.text == "Prompt versions. Live: document_analysis v2, findings_review v1"
    assert listed.count('"LIVE"') == 2
    assert '{"type": "user", "user_id": "U02ANN7"}' in listed
    words = said(message.blocks)
    assert "v2 is live (1 day ago)" in words
    assert "The release has v3; live is v2 (rolled back by : misses renewal clauses in leases)" in words
    assert "It waits, because somebody chose this one by hand." in words
    assert "⛔ can't be used: it answers in the form analysis/2" in words
    assert "Canary: v3 on 10 % of the documents, by : is it better on leases?" in words
    assert "✅ evaluated: not worse" in words
    assert '{"type": "channel", "channel_id": "C0CONTRACT"}' in listed


def test_usable_versions_that_are_not_live_have_a_button_and_so_has_the_way_back():
    shown = buttons(prompt_list(two_agents(), NOW).blocks)
    assert list(shown) == ["Set v3 live…", "Set v1 live…", "Roll back…"]
    assert Carried.read(shown["Set v3 live…"]) == Carried("set", "document_analysis", 3, 41)
    assert Carried.read(shown["Roll back…"]) == Carried("rollback", "document_analysis", 0, 41)


def test_a_long_list_keeps_the_live_version_and_counts_the_others():
    agent = two_agents()[0]
    many = tuple(version(number, f"note {number} " * 10, live=number == 1) for number in range(90, 0, -1))
    listed = told(prompt_list([replace(agent, versions=many)], NOW))
    assert '"LIVE"' in listed
    assert "older" in listed


def test_an_empty_list_says_what_to_do():
    assert "Start Smallprint once" in told(prompt_list((), NOW))


@given(ANY_WORDS)
@settings(max_examples=20, deadline=None)
def test_six_agents_with_any_words_make_a_list_that_slack_accepts(words: str):
    row = activation(actor=words, reason=words)
    agents = [
        replace(
            two_agents()[0],
            agent=name,
            versions=tuple(
                replace(version(number, words, live=number == 1), author=words, why_not=words, usable=number != 4)
                for number in range(5, 0, -1)
            ),
            last=row,
            waiting=words,
            canary=replace(canary(), actor=words, reason=words),
            pins=tuple(pin(1, place) for place in ("C0CONTRACT", words, "G1", "C2", "C3", "C4")),
        )
        for name in ("findings_adjudication", "document_analysis", "findings_review", "document_triage", "evidence_repair", "findings_reduction")
    ]  # fmt: skip
    told(prompt_list(agents, NOW))
