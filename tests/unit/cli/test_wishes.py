import pytest

from smallprint.cli.wishes import prompt_versions
from smallprint.errors import ConfigurationError, UnknownAgent


@pytest.mark.parametrize("given", ["document_analysis=v2", "Analyst=V2", "document-analysis = 2"])
def test_a_prompt_version_is_understood_in_any_spelling(given):
    assert prompt_versions([given]) == {"document_analysis": 2}


def test_an_agent_that_does_not_exist_is_answered_with_those_there_are():
    with pytest.raises(UnknownAgent, match=r"findings_review \(reviewer\)"):
        prompt_versions(["lawyer=v2"])


@pytest.mark.parametrize("given", ["document_analysis", "=v2", "analyst=latest", "analyst="])
def test_a_prompt_without_a_version_is_refused_with_an_example(given):
    with pytest.raises(ConfigurationError, match="--prompt document_analysis=v2"):
        prompt_versions([given])
