from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from smallprint.prompts.diff import NO_DIFFERENCE, diff_prompts
from tests.fakes.prompt_files import prompt

LINES = [f"Line {number}." for number in range(1, 31)]
bodies = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=12).map("\n".join)


def body(*lines: str):
    return prompt(1, body="\n".join(lines) + "\n")


def test_only_the_changed_places_are_shown_with_two_lines_round_them():
    changed = [*LINES[:9], "Another line 10.", *LINES[10:]]
    diff = diff_prompts(body(*LINES), body(*changed))
    assert diff.lines == (
        "@@ -8,5 +8,5 @@",
        " Line 8.",
        " Line 9.",
        "-Line 10.",
        "+Another line 10.",
        " Line 11.",
        " Line 12.",
    )


def test_settings_come_first_and_only_those_that_differ():
    other = replace(prompt(1), effort="low", model="claude-opus-5-5", contract="analysis/2", variables=())
    diff = diff_prompts(prompt(1), other)
    assert diff.body == ()
    assert diff.lines == (
        "-contract: analysis/1",
        "+contract: analysis/2",
        "-model: the configured model",
        "+model: claude-opus-5-5",
        "-effort: high",
        "+effort: low",
        "-variables: document_kind",
        "+variables: none",
    )


def test_where_nothing_differs_a_sentence_says_so():
    diff = diff_prompts(prompt(1), replace(prompt(2), body=prompt(1).body))
    assert diff.same
    assert diff.lines == (NO_DIFFERENCE,)


@given(bodies, bodies)
def test_a_diff_tells_exactly_what_went_and_what_came(one, other):
    diff = diff_prompts(prompt(1, body=one), prompt(2, body=other))
    assert diff.same == (one.splitlines() == other.splitlines())
    gone = [line[1:] for line in diff.body if line.startswith("-")]
    came = [line[1:] for line in diff.body if line.startswith("+")]
    assert len(one.splitlines()) - len(gone) == len(other.splitlines()) - len(came)
    assert set(gone) <= set(one.splitlines())
    assert set(came) <= set(other.splitlines())
