"""A question as a job: one outcome, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from smallprint.errors import (
    BudgetReached,
    FileGone,
    ModelOverloaded,
    ScannedDocument,
    SlackRefused,
    SlackUnavailable,
    Stopped,
)
from smallprint.jobs.about import ABOUT
from smallprint.jobs.questions import (
    ANSWERED,
    HANDED_OVER,
    HELP,
    MEMBERS_ONLY,
    NO_DOCUMENT,
    NOT_FOUND,
    WHAT_TO_ASK,
)
from smallprint.jobs.steps import DELIVERY_TRIES
from smallprint.jobs.stops import Stops
from smallprint.models.domain import Answer, StopAnswer
from smallprint.services.database.jobs import JobState
from smallprint.slack.listeners.home import SUGGESTIONS
from tests.fakes.asked import a_whole_answer
from tests.fakes.job_store import a_job
from tests.fakes.question_workshop import QUESTION, Killed, Workshop
from tests.fakes.questions import (
    Members,
    PaidAnswerer,
    a_question,
)

STEPS = ["understand", "announce", "answer", "deliver"]


async def test_a_question_about_the_threads_document_is_answered() -> None:
    shop = Workshop(a_job())
    assert await shop.run() == ANSWERED
    assert shop.shown == a_whole_answer()
    assert shop.row() == (JobState.DONE, ANSWERED)
    assert shop.delivery.live_points == list(a_whole_answer().points)


async def test_not_in_the_document_is_an_outcome_of_its_own() -> None:
    shop = Workshop(a_job())
    shop.answerer = PaidAnswerer(answer=a_whole_answer(found=False))
    assert await shop.run() == NOT_FOUND


async def test_the_engine_is_told_ids_and_codes_only() -> None:
    shop = Workshop(a_job())
    await shop.run()
    assert list(shop.remembered) == STEPS
    assert shop.remembered["understand"] == {"documents": [a_job().id], "left_out": False, "says": ""}
    assert "notice" not in str(shop.remembered)


@pytest.mark.parametrize("killed_after", STEPS)
async def test_a_crash_at_any_step_leaves_one_answer_that_was_paid_for_once(killed_after) -> None:
    shop = Workshop(a_job())
    shop.killed_after = killed_after
    with pytest.raises(Killed):
        await shop.run()
    assert await shop.run() == ANSWERED
    assert shop.delivery.shown == {QUESTION.id: a_whole_answer()}
    assert shop.delivery.announced == [QUESTION.id]
    assert shop.answerer.paid == {QUESTION.id: 1}


@pytest.mark.parametrize("killed_after", ["", "understand", "say"])
async def test_a_mention_that_asks_nothing_has_the_threads_files_analysed(killed_after) -> None:
    shop, bare = Workshop(files=(a_job(1), a_job(2))), a_question("")
    shop.killed_after = killed_after
    if killed_after:
        with pytest.raises(Killed):
            await shop.run(bare)
    assert await shop.run(bare) == HANDED_OVER
    assert shop.thread.handed_over == [a_job(1).id, a_job(2).id]
    assert shop.delivery.shown == {}
    assert shop.delivery.announced == []


async def test_a_question_about_a_file_that_nobody_read_yet_is_answered_and_the_file_analysed() -> None:
    shop = Workshop(files=(a_job(),))
    assert await shop.run() == ANSWERED
    assert shop.thread.handed_over == [a_job().id]
    assert shop.answerer.documents == [["F1.txt"]]


@pytest.mark.parametrize(
    ("job", "documents", "says"),
    [
        (a_question(""), (a_job(),), WHAT_TO_ASK),
        (a_question(""), (), NO_DOCUMENT),
        (QUESTION, (), NO_DOCUMENT),
    ],
)
async def test_what_can_not_be_answered_gets_a_kind_sentence(job, documents, says) -> None:
    shop = Workshop(*documents)
    assert await shop.run(job) == says
    assert shop.shown == HELP[says]
    assert shop.row(job) == (JobState.DONE, says)
    assert shop.answerer.paid == {}


async def test_guests_and_strangers_are_told_who_may_ask() -> None:
    shop = Workshop(a_job())
    shop.members = Members("U2")
    assert await shop.run() == "not_allowed"
    assert shop.shown == MEMBERS_ONLY
    assert shop.answerer.paid == {}


@pytest.mark.parametrize("where", [{"documents": (a_job(),)}, {"earlier": (a_job(),)}, {"files": (a_job(),)}])
async def test_nor_are_their_questions_answered_in_direct_messages(where) -> None:
    shop = Workshop(*where.pop("documents", ()), **where)
    shop.members = Members()
    assert await shop.run(replace(QUESTION, trigger="message")) == "not_allowed"
    assert shop.shown == MEMBERS_ONLY
    assert shop.answerer.paid == {}
    assert shop.thread.handed_over == []


async def test_but_their_thanks_are() -> None:
    shop, thanks = Workshop(a_job()), replace(a_question("Thanks!"), trigger="message")
    shop.members = Members()
    await shop.run(thanks)
    assert shop.row(thanks)[0] is JobState.DONE


async def test_a_direct_message_in_no_thread_means_the_document_before_it() -> None:
    shop = Workshop(earlier=(a_job(),))
    alone = replace(QUESTION, trigger="message", thread_ts=QUESTION.message_ts)
    assert await shop.run(alone) == ANSWERED
    further = replace(
        a_question("And for us?", ts="1700000010.000100"), trigger="message", thread_ts=alone.thread_ts
    )
    shop.remembered.clear()
    assert await shop.run(further) == ANSWERED
    assert await Workshop(earlier=(a_job(),)).run() == NO_DOCUMENT


async def test_a_bare_mention_means_the_files_that_are_no_documents_yet() -> None:
    shop, bare = Workshop(a_job(1), files=(a_job(1), a_job(2))), a_question("")
    assert await shop.run(bare) == HANDED_OVER
    assert shop.thread.handed_over == [a_job(2).id]


@pytest.mark.parametrize("said", ["Thanks!", "thank you :)", "OK.", "Vielen Dank!"])
async def test_thanks_cost_nothing_and_are_answered(said) -> None:
    shop = Workshop(a_job())
    assert await shop.run(a_question(said)) == "welcome"
    assert shop.answerer.paid == {}


@pytest.mark.parametrize(("_title", "message"), SUGGESTIONS)
async def test_what_slack_suggests_to_ask_us_about_ourselves_is_answered(_title, message) -> None:
    shop = Workshop(earlier=(a_job(),))
    alone = replace(a_question(message), trigger="message", thread_ts=QUESTION.message_ts)
    says = await shop.run(alone)
    assert shop.shown == ABOUT[says]
    assert shop.answerer.paid == {}


async def test_in_a_documents_thread_the_same_words_are_about_the_document() -> None:
    assert await Workshop(a_job()).run(a_question("What do you store of it?")) == ANSWERED


async def test_of_many_documents_the_latest_three_are_asked_about_and_that_is_said() -> None:
    shop = Workshop(*(a_job(number) for number in range(1, 6)))
    await shop.run()
    assert shop.answerer.documents == [["F3.txt", "F4.txt", "F5.txt"]]
    assert isinstance(shop.shown, Answer)
    assert "3 latest" in shop.shown.notes[-1]


async def test_a_document_that_can_not_be_read_is_named_beside_those_that_can() -> None:
    shop = Workshop(a_job(1), a_job(2))
    shop.files.troubles = [FileGone()]
    await shop.run()
    assert shop.answerer.documents == [["F2.txt"]]
    assert isinstance(shop.shown, Answer)
    assert FileGone.sentence in shop.shown.notes[0]


async def test_where_none_can_be_read_the_asker_learns_why() -> None:
    shop = Workshop(a_job())
    shop.reader.troubles = [ScannedDocument()]
    assert await shop.run() == "scanned"
    assert shop.shown == ScannedDocument.sentence


async def test_earlier_questions_of_the_thread_are_known_to_later_ones() -> None:
    shop = Workshop(a_job())
    await shop.run()
    shop.remembered.clear()
    await shop.run(a_question("And for us?", ts="1700000010.000100"))
    assert [len(question.earlier) for question in shop.answerer.questions] == [0, 1]


async def test_a_busy_ai_is_asked_again() -> None:
    shop = Workshop(a_job())
    shop.answerer.troubles = [ModelOverloaded(), ModelOverloaded()]
    assert await shop.run() == ANSWERED


async def test_a_budget_that_is_used_up_is_said() -> None:
    shop = Workshop(a_job())
    shop.answerer.troubles = [BudgetReached("The month's budget is used up.")]
    assert await shop.run() == "budget_reached"
    assert shop.shown == "The month's budget is used up."
    assert shop.row() == (JobState.FAILED, "budget_reached")


class Stopper:
    """A log of stops with one wish."""

    by = ""

    async def stop(self, job_id: str, user: str) -> StopAnswer:
        self.by = user
        return StopAnswer.STOPPED

    async def stopped_by(self, job_ids: Sequence[str]) -> Mapping[str, str]:
        return dict.fromkeys(job_ids, self.by) if self.by else {}


async def test_a_question_that_somebody_stops_ends_at_once_and_says_so() -> None:
    shop, stops = Workshop(a_job()), Stops(Stopper())
    shop.stops, shop.answerer.never_ends = stops, True
    running = asyncio.create_task(shop.run())
    while "announce" not in shop.remembered:  # noqa: ASYNC110 - the steps are no events
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    await stops.stop(QUESTION.id, "U1")
    assert await running == Stopped.code
    assert shop.shown == Stopped.sentence
    assert shop.answerer.settled == [QUESTION.id]


async def test_a_stop_that_comes_too_late_shows_the_answer() -> None:
    shop, stops = Workshop(a_job()), Stops(Stopper())
    shop.stops = stops
    shop.log.answers[QUESTION.id] = a_whole_answer()
    await stops.stop(QUESTION.id, "U1")
    assert await shop.run() == ANSWERED


async def test_an_answer_that_slack_never_took_is_shown_later() -> None:
    shop = Workshop(a_job())
    shop.delivery.troubles = [SlackUnavailable() for _ in range(DELIVERY_TRIES)]
    assert await shop.run() == ANSWERED
    assert shop.row() == (JobState.UNDELIVERED, ANSWERED)
    assert await shop.workflow().show(QUESTION, ANSWERED) == (JobState.DONE, ANSWERED)
    assert shop.shown == a_whole_answer()


async def test_a_thread_that_is_gone_ends_the_job_all_the_same() -> None:
    shop = Workshop(a_job())
    shop.delivery.troubles = [SlackRefused("channel_not_found"), SlackRefused("channel_not_found")]
    assert await shop.run() == "slack_refused"
    assert shop.row() == (JobState.FAILED, "slack_refused")


@pytest.mark.parametrize(
    ("outcome", "state", "shown"),
    [
        (HANDED_OVER, JobState.DONE, None),
        (WHAT_TO_ASK, JobState.DONE, HELP[WHAT_TO_ASK]),
        ("scanned", JobState.FAILED, ScannedDocument.sentence),
    ],
)
async def test_an_end_that_nobody_saw_is_shown_once_more(outcome, state, shown) -> None:
    shop = Workshop(a_job())
    assert await shop.workflow().show(QUESTION, outcome) == (state, outcome)
    assert shop.shown == shown
