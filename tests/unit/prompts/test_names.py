import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.errors import PromptError, UnknownAgent
from smallprint.models.domain import Agent
from smallprint.prompts.names import ALIASES, agent_of, channel_of, number_of, percent_of, with_aliases

KNOWN = [agent.value for agent in Agent]


@pytest.mark.parametrize("agent", KNOWN)
def test_every_agent_has_a_short_name_and_is_known_in_any_case(agent):
    (short,) = [alias for alias, name in ALIASES.items() if name == agent]
    for name in (
        agent,
        agent.upper(),
        agent.replace("_", "-"),
        agent.title().replace("_", " "),
        f" {short} ",
    ):
        assert agent_of(name, KNOWN) == agent


def test_an_unknown_agent_is_answered_with_all_of_them_and_not_at_length():
    with pytest.raises(UnknownAgent) as unknown:
        agent_of("x" * 5_000, KNOWN)
    assert with_aliases(KNOWN) in unknown.value.user_message
    assert "document_triage (triage), evidence_repair (repair)" in unknown.value.user_message
    assert len(unknown.value.user_message) < 400


@pytest.mark.parametrize("name", ["C0123ABCD", "#c0123abcd", " c0123ABCD "])
def test_a_channels_id_is_known_in_any_case(name):
    assert channel_of(name) == "C0123ABCD"


@pytest.mark.parametrize("name", ["", "#legal-team", "<#C1|legal>", "U0123ABCD", "C", "C1; DROP"])
def test_what_is_no_channels_id_is_refused(name):
    with pytest.raises(PromptError, match="looks like C0123ABCD"):
        channel_of(name)


@pytest.mark.parametrize("share", [10, "10", "10%", " 10 % "])
def test_a_share_is_known_in_any_spelling(share):
    assert percent_of(share) == 10


@pytest.mark.parametrize("share", [0, 100, -5, "half", "", "1.5", "10%%", "²", "9" * 40])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(PromptError, match="from 1 to 99"):
        percent_of(share)


@given(st.text(max_size=30))
def test_whatever_is_written_for_a_version_is_a_number_or_nothing(text):
    number = number_of(text)
    assert number is None or 0 <= number < 10**9
