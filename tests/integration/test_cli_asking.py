"""`smallprint ask` on the command line."""

from __future__ import annotations

import asyncio
import json

from tests.fakes.claude import FakeClaude
from tests.integration.program import AGREEMENT, POLICY, run

NOTICE = "How many days of written notice of non-renewal?"


def test_without_an_ai_the_passage_that_matches_best_is_quoted(tmp_path) -> None:
    done = run(tmp_path, "ask", "--offline", str(AGREEMENT), NOTICE)
    out = " ".join(done.stdout.split())
    assert done.returncode == 0, done.stderr
    assert "one hundred and eighty (180) days" in out
    assert "✓ verified" in out
    assert "not an AI" in out


def test_what_is_not_there_is_not_in_the_document(tmp_path) -> None:
    done = run(tmp_path, "ask", "--offline", "--json", str(AGREEMENT), str(POLICY), "Who wrote Hamlet?")
    told = json.loads(done.stdout)
    assert (told["schema"], told["found"], told["points"]) == ("smallprint.answer/1", False, [])
    assert told["documents"] == [AGREEMENT.name, POLICY.name]


async def test_an_ai_answers_with_words_that_were_looked_up(tmp_path) -> None:
    async with FakeClaude() as claude:
        done = await asyncio.to_thread(
            run,
            tmp_path,
            "ask",
            str(AGREEMENT),
            NOTICE,
            ANTHROPIC_API_KEY="sk-ant-test",
            ANTHROPIC_BASE_URL=claude.url,
            NO_PROXY="127.0.0.1",
        )
        (bill,) = claude.billed
    assert done.returncode == 0, done.stderr
    assert (bill.form, bill.model) == ("FollowUpAnswer", "claude-sonnet-5-5")
    out = " ".join(done.stdout.split())
    assert "✓ verified" in out
    assert "(prompt follow_up v1)" in out


def test_a_file_that_is_not_there_is_said(tmp_path) -> None:
    done = run(tmp_path, "ask", "--offline", "nothing.pdf", NOTICE)
    assert (done.returncode, "no file of this name" in done.stderr) == (1, True)
    done = run(tmp_path, "ask", "--offline", str(AGREEMENT), " ")
    assert (done.returncode, "What do you want to know" in done.stderr) == (2, True)
