"""Two processes of the product, as on two machines, that share one Postgres."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from smallprint.prompts.templates import PromptTemplates
from smallprint.slack.blocks.stop import STOP_ACTION
from smallprint.slack.forgetting import FORGOTTEN
from tests.end_to_end.served import AT_ONCE, CALLS, Served
from tests.end_to_end.talking import analysed, answer, asks, press, replies_since, says
from tests.end_to_end.thread import finished, outcome, said, shown
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.slack import FakeSlack, Share
from tests.integration.databases import POSTGRES_URL, fresh_url

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not POSTGRES_URL, reason="TEST_POSTGRES_URL is not set"),
]

FILES = 30
LEASE = "Lease number {n}\n\nThe tenant shall pay a penalty of {n},000 euros for each day of delay.\n"
AGENT = "document_analysis"
SECONDS = 30.0


class Pair:
    """Both processes, and what they keep together."""

    def __init__(self, url: str, first: Served, second: Served) -> None:
        self.url = url
        self.both = (first, second)

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def workers(self, shares: list[Share], *, ended: bool = False) -> set[int]:
        """Which of the two worked on these files, or brought some of them to their end: 0, 1, or both."""
        rows = self.query(
            "SELECT DISTINCT executor_id FROM dbos.workflow_status JOIN jobs ON jobs.id = workflow_uuid"
            " WHERE thread_ts = ANY(%s) AND (status = 'SUCCESS' OR NOT %s)",
            [share.ts for share in shares],
            ended,
        )
        pids = [int(executor.split("-")[-2]) for (executor,) in rows if executor]
        return {place for place, bot in enumerate(self.both) if bot.pid in pids}

    def vacuumed(self) -> bool:
        """Postgres has thrown away the dead rows of what people wrote and were told."""
        (count,) = self.query(
            "SELECT count(last_vacuum) FROM pg_stat_user_tables WHERE schemaname = 'public'"
        )
        return bool(count[0])

    def tables_with(self, word: str) -> list[str]:
        """Every table in which the word stands, the job engine's own included."""
        tables = self.query(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ('public', 'dbos')"
        )
        with psycopg.connect(self.url) as connection:
            return [
                table
                for schema, table in tables
                if connection.execute(
                    sql.SQL("SELECT 1 FROM {} AS each WHERE each::text LIKE %s LIMIT 1").format(
                        sql.Identifier(schema, table)
                    ),
                    [f"%{word}%"],
                ).fetchone()
            ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def module_pair(
    module_slack: FakeSlack, module_claude: FakeClaude, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Pair]:
    folders = [tmp_path_factory.mktemp(name) for name in ("first", "second")]
    async with fresh_url("postgresql", folders[0]) as url:
        first, second = [
            Served(module_slack, module_claude, each, DATABASE_URL=url, MAX_CONCURRENT_JOBS="2")
            for each in folders
        ]
        async with first, second:
            yield Pair(url, first, second)


@pytest_asyncio.fixture(loop_scope="module")
async def pair(module_pair: Pair, slack: FakeSlack, claude: FakeClaude) -> Pair:
    return module_pair


async def test_one_of_two_processes_is_killed_and_thirty_files_have_thirty_results_none_twice(
    slack: FakeSlack, claude: FakeClaude, tmp_path_factory: pytest.TempPathFactory
) -> None:
    claude.latency_s = 0.4
    folders = [tmp_path_factory.mktemp(name) for name in ("dies", "lives")]
    async with fresh_url("postgresql", folders[0]) as url:
        dies, lives = [
            Served(slack, claude, each, DATABASE_URL=url, MAX_CONCURRENT_JOBS="4") for each in folders
        ]
        async with dies, lives:
            shares = [
                await slack.share("contracts", "ann", f"lease-{n}.txt", LEASE.format(n=n))
                for n in range(1, FILES + 1)
            ]
            pair = Pair(url, dies, lives)
            await slack.wait_for(
                lambda: pair.workers(shares, ended=True) == {0, 1}, 60, what="results of both"
            )
            await dies.kill()
            await slack.wait_for(lambda: _results(slack, shares) == FILES, 90, what="all results")
            await slack.wait_quiet(1.0, timeout_s=20)
            assert [len(slack.replies(share.channel, share.ts)) for share in shares] == [1] * FILES
            assert pair.query(
                "SELECT state, count(*) FROM jobs WHERE state <> 'superseded' GROUP BY state"
            ) == [("done", FILES)]
            assert pair.query("SELECT count(*) FROM answers") == [(FILES * CALLS,)]
            # in flight when the process died: only those may be made again
            assert sum(claude.deliveries().values()) - FILES * CALLS <= 4 * AT_ONCE


async def test_a_question_is_answered_once_whichever_process_read_the_document(
    pair: Pair, slack: FakeSlack, claude: FakeClaude
) -> None:
    share = await analysed(slack, "contracts", "ann", LEASE.format(n=1))
    for place in (0, 1):
        slack.socket.turn_to(place)
        asked = await asks(slack, share, "bob", f"What must the tenant pay, for the time number {place}?")
        assert "verified" in await answer(slack, asked)
        await slack.wait_quiet(0.3)
        assert len(replies_since(slack, asked)) == 1


async def test_a_prompt_that_is_set_and_rolled_back_in_one_process_holds_in_both(
    pair: Pair, slack: FakeSlack, claude: FakeClaude
) -> None:
    claude.latency_s = 0.2
    latest = PromptTemplates().latest(AGENT).version
    for number, (place, words, version) in enumerate(
        [(0, f"set {AGENT} v1 too eager", 1), (1, f"rollback {AGENT} was not", latest)]
    ):
        slack.socket.turn_to(place)
        changed = await slack.slash_command("ann", "contracts", "/prompt-version", words, answers=1)
        assert f"v{version}" in said(changed)
        shares = [
            await slack.share("contracts", "ann", "lease.txt", LEASE.format(n=100 + 10 * number + each))
            for each in range(8)
        ]
        for share in shares:
            (result,) = await outcome(slack, share)
            assert f"v{version}" in shown(result)
        assert pair.workers(shares) == {0, 1}


async def test_a_stop_that_one_process_gets_ends_the_job_in_the_other(
    pair: Pair, slack: FakeSlack, claude: FakeClaude
) -> None:
    claude.always(outcomes.slow(60), match="AnalystAnswer")
    share = await slack.share("contracts", "bob", "lease.txt", LEASE.format(n=200))
    await slack.wait_for(lambda: "AnalystAnswer" in str(claude.received), 15, what="the analyst at work")
    placeholder = await says(slack, share, "Stop")
    job_id = re.findall(r"doc-[0-9a-f]{32}", str(placeholder["blocks"]))[0]
    (worker,) = pair.workers([share])
    slack.socket.turn_to(1 - worker)
    await press(slack, "bob", share, placeholder, STOP_ACTION, answers=1)
    await says(slack, share, "Stopped", timeout_s=10)
    stopping = [line for line in pair.both[1 - worker].log_lines() if line["event"] == "stop"]
    assert [line["job"] for line in stopping] == [job_id]
    await slack.wait_quiet(0.3)
    assert len(slack.replies(share.channel, share.ts)) == 1


async def test_what_is_deleted_is_gone_from_the_messages_and_from_every_table(
    pair: Pair, slack: FakeSlack
) -> None:
    secret = "zanzibarquince"
    text = f"Contract with {secret}\n\n{secret} shall pay a penalty of 5,000 euros for each day of delay.\n"
    share = await analysed(slack, "contracts", "ann", text, name=f"{secret}.txt")
    await answer(slack, await asks(slack, share, "bob", f"What must {secret} pay?"))
    assert {"analyses", "answers", "questions"} <= set(pair.tables_with(secret))
    await slack.delete_file(share.file_id)
    await says(slack, share, FORGOTTEN, timeout_s=SECONDS)
    await slack.wait_for(lambda: not pair.tables_with(secret), SECONDS, what="forgotten rows")
    await slack.wait_for(pair.vacuumed, SECONDS, what="no dead rows")
    replies = slack.replies(share.channel, share.ts)
    await slack.wait_for(lambda: secret not in str(replies), SECONDS, what="forgotten messages")


def _results(slack: FakeSlack, shares: list[Share]) -> int:
    return sum(any(map(finished, slack.replies(share.channel, share.ts))) for share in shares)
