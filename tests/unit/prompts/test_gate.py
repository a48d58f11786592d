import pytest

from smallprint.errors import GateRefused
from smallprint.models.domain import Gate
from smallprint.models.evaluation import EvaluationVerdict
from smallprint.prompts.gate import EvaluationGate, GatePolicy
from tests.fakes.prompt_files import prompt
from tests.fakes.verdicts import FakeVerdicts

NOT_WORSE, WORSE, UNDECIDED = EvaluationVerdict


@pytest.fixture
def verdicts():
    return FakeVerdicts()


async def checked(policy: GatePolicy, verdicts: FakeVerdicts, *, override=False, reason="better") -> Gate:
    return await EvaluationGate(policy, verdicts).check(prompt(2), override=override, reason=reason)


@pytest.mark.parametrize("policy", [GatePolicy.WARN, GatePolicy.REQUIRE])
async def test_a_version_that_is_not_worse_passes(verdicts, policy):
    verdicts.judge(prompt(2), NOT_WORSE)
    assert await checked(policy, verdicts) is Gate.PASSED
    assert await checked(policy, verdicts, override=True) is Gate.PASSED


@pytest.mark.parametrize("verdict", [None, WORSE, UNDECIDED])
async def test_warned_is_written_down_where_no_evaluation_speaks_for_it(verdicts, verdict):
    if verdict:
        verdicts.judge(prompt(2), verdict)
    assert await checked(GatePolicy.WARN, verdicts) is Gate.WARNED


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (None, "no evaluation of exactly this version"),
        (WORSE, "evaluated 3 days ago on house: worse"),
        (UNDECIDED, "evaluated 3 days ago on house: too few documents to tell"),
    ],
)
async def test_a_required_gate_refuses_and_says_how_to_override_it(verdicts, verdict, told):
    if verdict:
        verdicts.judge(prompt(2), verdict)
    with pytest.raises(GateRefused, match="--override with a reason") as refused:
        await checked(GatePolicy.REQUIRE, verdicts)
    assert told in refused.value.user_message
    assert await checked(GatePolicy.REQUIRE, verdicts, override=True) is Gate.OVERRIDDEN


async def test_an_override_needs_a_reason(verdicts):
    with pytest.raises(GateRefused, match="say why"):
        await checked(GatePolicy.REQUIRE, verdicts, override=True, reason=" ")


async def test_the_evaluation_of_another_version_does_not_count(verdicts):
    verdicts.judge(prompt(1), NOT_WORSE)
    assert await checked(GatePolicy.WARN, verdicts) is Gate.WARNED


async def test_a_gate_that_is_off_asks_nobody(verdicts):
    assert await checked(GatePolicy.OFF, verdicts) is Gate.NONE
    assert verdicts.asked == 0


async def test_an_opinion_names_the_run_its_age_and_its_verdict(verdicts):
    verdicts.judge(prompt(2), NOT_WORSE, days_ago=1)
    opinion = await EvaluationGate(GatePolicy.OFF, verdicts).opinion(prompt(2))
    assert (opinion.verdict, opinion.run_id) == (NOT_WORSE, "5eed00")
    assert opinion.sentence == "evaluated 1 day ago on house: not worse"
    assert opinion.speaks_for_it
