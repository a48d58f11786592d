"""What people type after `/prompt-version`, understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.slack.prompt_command import MOST_REASON, PromptCommand, parse_prompt_command, spoken

CASES = {
    "": PromptCommand("help"),
    "frobnicate analyst": PromptCommand("help"),
    "LIST": PromptCommand("list"),
    "list Analyst": PromptCommand("list", "Analyst"),
    "show analyst V2": PromptCommand("show", "analyst", ("V2",)),
    "show 2 analyst": PromptCommand("show", "analyst", ("2",)),
    "diff analyst v1 v2": PromptCommand("diff", "analyst", ("v1", "v2")),
    "set analyst v3": PromptCommand("set", "analyst", ("v3",)),
    "set analyst v3 misses renewals": PromptCommand("set", "analyst", ("v3",), reason="misses renewals"),
    "set analyst v3 #legal misses": PromptCommand("set", "analyst", ("v3",), "#legal", reason="misses"),
    "set analyst v3 <#C1A|legal> it": PromptCommand("set", "analyst", ("v3",), "<#C1A|legal>", reason="it"),
    "set analyst v3 as in #legal": PromptCommand("set", "analyst", ("v3",), reason="as in #legal"),
    "set analyst v3 --override now": PromptCommand("set", "analyst", ("v3",), reason="now", override=True),
    "set analyst v3 now —OVERRIDE": PromptCommand("set", "analyst", ("v3",), reason="now", override=True),
    "rollback": PromptCommand("rollback"),
    "rollback analyst": PromptCommand("rollback", "analyst"),
    "rollback analyst v2": PromptCommand("rollback", "analyst", ("v2",)),
    "rollback analyst v2 too eager": PromptCommand("rollback", "analyst", ("v2",), reason="too eager"),
    "rollback analyst 2 of 3 were wrong": PromptCommand("rollback", "analyst", reason="2 of 3 were wrong"),
    "canary analyst v3 10": PromptCommand("canary", "analyst", ("v3",), percent=10),
    "canary analyst v3 10% to see": PromptCommand("canary", "analyst", ("v3",), percent=10, reason="to see"),
    "canary analyst v3 10 % to see": PromptCommand("canary", "analyst", ("v3",), percent=10, reason="to see"),
    "canary analyst v3 many": PromptCommand("canary", "analyst", ("v3",)),
    "promote analyst better": PromptCommand("promote", "analyst", reason="better"),
    "abort analyst": PromptCommand("abort", "analyst"),
    "pin analyst v1 <#C1A>": PromptCommand("pin", "analyst", ("v1",), "<#C1A>"),
    "pin analyst v1 legal they asked": PromptCommand("pin", "analyst", ("v1",), "legal", reason="they asked"),
    "unpin analyst #legal done": PromptCommand("unpin", "analyst", channel="#legal", reason="done"),
    "history": PromptCommand("history"),
    "stats analyst v1 v2 7D": PromptCommand("stats", "analyst", ("v1", "v2"), period="7d"),
    "stats analyst all": PromptCommand("stats", "analyst", period="all"),
}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_it_is_understood(text: str, expected: PromptCommand):
    assert parse_prompt_command(text) == expected


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("<@U0BOB00001|bob> said so", "@bob said so"),
        ("<@U0BOB00001> said so", "U0BOB00001 said so"),
        ("see <#C1|legal> and <!channel>", "see #legal and @channel"),
        ("see <https://example.com/a?b=1&amp;c=2|here>", "see https://example.com/a?b=1&c=2"),
        ("a &lt;b&gt; c", "a <b> c"),
        ("\u202etxt.exe\u202c", "txt.exe"),
    ],
)
def test_a_reason_reads_as_it_was_meant(typed: str, said: str):
    assert spoken(typed) == said


@given(
    st.text(max_size=300)
    | st.sampled_from([*CASES]).flatmap(lambda text: st.text().map(lambda more: text + more))
)
def test_whatever_is_typed_is_understood_somehow_and_kept_short(text: str):
    command = parse_prompt_command(text)
    assert command.verb
    assert len(command.reason) <= MOST_REASON
    assert "\n" not in command.reason
