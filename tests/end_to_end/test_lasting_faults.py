"""When Claude stays unable, the thread says so in one honest sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from smallprint import errors
from tests.end_to_end.served import Served
from tests.end_to_end.thread import nothing_internal, outcome, shown
from tests.fakes.claude import FakeClaude, Outcome, outcomes
from tests.fakes.slack import FakeSlack

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = b"Lease\n\nThe tenant shall pay a penalty of 5,000 euros for each day of delay.\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def impatient_bot(
    module_slack: FakeSlack, module_claude: FakeClaude, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """It gives up as soon as it may."""
    async with Served(
        module_slack,
        module_claude,
        tmp_path_factory.mktemp("served"),
        JOB_RETRY_SECONDS="0.05",
        MAX_RETRIES="0",
    ) as bot:
        yield bot


LASTING: dict[str, tuple[Outcome, type[errors.SmallprintError]]] = {
    "overloaded": (outcomes.overloaded(0.01), errors.ModelOverloaded),
    "refusing": (outcomes.refusal(), errors.ModelRefused),
    "truncating": (outcomes.truncation(), errors.AnswerTruncated),
    "garbage": (outcomes.garbage(), errors.InvalidAnswer),
    "wrong key": (outcomes.wrong_key(), errors.ModelAuthentication),
    "no money": (outcomes.spend_limit(), errors.SpendLimitReached),
    "context": (outcomes.context_exceeded(), errors.ContextExceeded),
}


@pytest.mark.parametrize("name", LASTING)
async def test_a_lasting_fault_of_claude_ends_in_its_sentence(
    impatient_bot: Served, slack: FakeSlack, claude: FakeClaude, name: str
) -> None:
    answer, error = LASTING[name]
    claude.always(answer)
    share = await slack.share("contracts", "ann", "lease.txt", TEXT)
    (failure,) = await outcome(slack, share)
    text = shown(failure)
    assert error.sentence in text
    assert nothing_internal(text)
