from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from smallprint.agents.changes import ChangesExplainer
from smallprint.agents.comparer import DocumentComparer
from smallprint.agents.profiles import Models, staffings
from smallprint.errors import FileGone, ModelOverloaded, SlackRefused, SlackUnavailable, Stopped
from smallprint.jobs.changes import ASKED, VERSIONS, ChangesWorkflow
from smallprint.jobs.steps import DELIVERY_TRIES, Steps
from smallprint.jobs.stops import Stops, Unstoppable
from smallprint.jobs.workflows import Workflows
from smallprint.models.domain import (
    Brief,
    Document,
    DocumentChanges,
    Job,
    JobKind,
    Profile,
    Report,
    SharedFile,
)
from smallprint.services.database.jobs import Arrival, JobState
from smallprint.services.database.versions import AnalysedDocument
from tests.fakes.answers import an_explained_change, an_explanation_of_changes
from tests.fakes.job_store import NOW, InMemoryJobStore, a_job
from tests.fakes.language_model import ScriptedModel
from tests.fakes.passages import document_of
from tests.fakes.prompts import PromptShelf
from tests.fakes.reports import low_report, medium_report
from tests.fakes.versions import NEW, OLD

T = TypeVar("T")

OLDER, NEWER = a_job(1), a_job(2)
ANSWER = an_explanation_of_changes(an_explained_change("C2"))


class Shelf:
    """Files by id; `troubles` are raised by `fetch`, one a call."""

    def __init__(self) -> None:
        self.texts = {"F1": OLD, "F2": NEW}
        self.troubles: list[Exception] = []
        self.fetched: list[str] = []

    async def fetch(self, job: Job) -> SharedFile:
        if self.troubles:
            raise self.troubles.pop(0)
        self.fetched.append(job.file_id)
        return SharedFile(f"{job.file_id}.pdf", "\n".join(self.texts[job.file_id]).encode())

    async def thread_of(self, job: Job) -> str | None:
        return job.thread_ts

    async def read(self, name: str, content: bytes) -> Document:
        return document_of(*content.decode().split("\n"), name=name)


class Archive:
    """Reports, and what was kept of comparisons."""

    def __init__(self) -> None:
        self.reports: dict[str, Report] = {OLDER.id: low_report(), NEWER.id: medium_report()}
        self.kept: dict[str, DocumentChanges] = {}

    async def report(self, analysis_id: str) -> Report | None:
        return self.reports.get(analysis_id)

    async def of_file(self, job: Job) -> AnalysedDocument | None:
        return AnalysedDocument(
            NEWER.id, job.file_id, "v2", "s", "low", datetime(2026, 1, 1, tzinfo=UTC), 0, ""
        )

    async def changes(self, job_id: str) -> DocumentChanges | None:
        return self.kept.get(job_id)

    async def keep(self, job: Job, changes: DocumentChanges) -> None:
        self.kept.setdefault(job.id, changes)


class Thread:
    """What a thread would show; `troubles` are raised by deliver and fail, one a call."""

    def __init__(self) -> None:
        self.troubles: list[Exception] = []
        self.announced: list[str] = []
        self.shown: list[DocumentChanges] = []
        self.sentences: list[str] = []

    async def announce(self, job: Job) -> None:
        if job.id not in self.announced:
            self.announced.append(job.id)

    async def deliver(self, job: Job, changes: DocumentChanges) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.shown.append(changes)

    async def fail(self, job: Job, sentence: str) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sentences.append(sentence)

    @property
    def silent(self) -> bool:
        return not (self.announced or self.shown or self.sentences)


class StoppedBy(Unstoppable):
    """Somebody stopped every job."""

    async def stopped_by(self, job_ids: Sequence[str]) -> Mapping[str, str]:
        return dict.fromkeys(job_ids, "U1")


class Killed(BaseException):
    """The process is gone."""


class Workshop:
    """A workflow with its surroundings, and an engine's memory of steps."""

    def __init__(self, trigger: str = ASKED) -> None:
        brief = Brief(side="the tenant", compare_with=OLDER.id)
        self.job = replace(NEWER, id="chg-1", trigger=trigger, brief=brief, kind=JobKind.CHANGES)
        self.store, self.shelf, self.archive, self.thread = InMemoryJobStore(), Shelf(), Archive(), Thread()
        self.model = ScriptedModel(ANSWER)
        self.remembered: dict[str, object] = {}
        self.stops = Stops(Unstoppable())
        self.killed_after: str = ""
        self.killed_within: str = ""

    async def run(self) -> str:
        """As the engine does at each start of a process."""
        jobs = [Arrival(job, JobState.QUEUED, NOW) for job in (OLDER, NEWER, self.job)]
        await self.store.add(jobs)
        steps = Steps(self.store, retry_interval_s=0)
        workflow = ChangesWorkflow(
            steps=steps,
            rows=self.store,
            files=self.shelf,
            reader=self.shelf,
            comparer=DocumentComparer(
                prompts=PromptShelf(),
                staffings=staffings(Models("a", "r", "j")),
                profile=Profile.BALANCED,
                price=lambda *_: (1_000, "a table"),
                explainer=ChangesExplainer(self.model),
            ),
            versions=self.archive,
            reports=self.archive,
            kept=self.archive,
            delivery=self.thread,
            concurrency=2,
            stops=self.stops,
        )
        self.workflows = Workflows(self.store, {JobKind.CHANGES: workflow})
        return await self.workflows.run(self.job.id, self.step)

    async def step(self, name: str, action: Callable[[], Awaitable[T]], /) -> T:
        if name not in self.remembered:
            result = await action()
            if name == self.killed_within:
                self.killed_within = ""
                raise Killed  # done, but not written down
            self.remembered[name] = result
            if name == self.killed_after:
                self.killed_after = ""
                raise Killed
        return self.remembered[name]  # type: ignore[return-value]

    @property
    def row(self) -> tuple[JobState, str]:
        row = self.store.rows[self.job.id]
        return row.state, row.outcome


@pytest.fixture
def shop() -> Workshop:
    return Workshop()


@pytest.fixture
def silent() -> Workshop:
    return Workshop(VERSIONS)


async def test_what_was_asked_for_is_announced_compared_and_shown(shop) -> None:
    assert await shop.run() == "changes"
    assert shop.row == (JobState.DONE, "changes")
    assert shop.thread.announced == ["chg-1"]
    (changes,) = shop.thread.shown
    assert changes.explanation("C2") is not None
    assert (changes.side, changes.risk.before, changes.risk.after) == ("the tenant", "low", "high")


async def test_a_new_version_shows_itself_only_when_the_changes_are_known(silent) -> None:
    assert await silent.run() == "changes"
    assert silent.thread.announced == []
    assert len(silent.thread.shown) == 1


async def test_documents_that_are_no_versions_of_each_other_leave_no_trace_and_cost_nothing(silent) -> None:
    silent.shelf.texts["F2"] = ("Völlig anders ist dieses Schriftstück über Bienen.",)
    assert await silent.run() == "unrelated"
    assert silent.row == (JobState.DONE, "unrelated")
    assert silent.thread.silent
    assert silent.model.requests == []


async def test_the_same_file_once_more_is_no_new_version(silent) -> None:
    silent.shelf.texts["F2"] = OLD
    assert await silent.run() == "same_file"
    assert silent.thread.silent


async def test_a_silent_job_fails_in_silence(silent) -> None:
    silent.shelf.troubles = [FileGone()]
    assert await silent.run() == "file_gone"
    assert silent.row == (JobState.FAILED, "file_gone")
    assert silent.thread.silent


async def test_who_asked_hears_which_document_cannot_be_read(shop) -> None:
    shop.shelf.troubles = [FileGone()]
    assert await shop.run() == "file_gone"
    (sentence,) = shop.thread.sentences
    assert sentence == f"The older document: {FileGone.sentence}"


async def test_an_older_document_that_nobody_knows_any_more_is_said(shop) -> None:
    shop.job = replace(shop.job, brief=Brief(compare_with="doc-gone"))
    assert await shop.run() == "report_gone"
    assert len(shop.thread.sentences) == 1


async def test_a_comparison_that_was_stopped_costs_nothing_and_is_told_to_who_asked(shop, silent) -> None:
    for each in (shop, silent):
        each.stops = Stops(StoppedBy())
        assert await each.run() == Stopped.code
        assert each.model.requests == []
    assert shop.thread.sentences == [Stopped.sentence]
    assert silent.thread.silent


async def test_strangers_are_shown_to_who_asked_for_them(shop) -> None:
    shop.shelf.texts["F2"] = ("Völlig anders ist dieses Schriftstück über Bienen.",)
    assert await shop.run() == "changes"
    assert shop.thread.shown[0].found.similarity < 0.5
    assert shop.model.requests == []


async def test_the_engine_is_told_counts_and_codes_only(shop) -> None:
    await shop.run()
    assert list(shop.remembered) == ["announce", "look", "explain", "deliver"]
    assert "Liability" not in str(shop.remembered)
    assert "tenant" not in str(shop.remembered)


async def test_a_model_that_is_busy_is_asked_again(shop) -> None:
    shop.model = ScriptedModel(ModelOverloaded(), ANSWER)
    assert await shop.run() == "changes"
    assert shop.thread.shown[0].explanations


@pytest.mark.parametrize("trigger", [ASKED, VERSIONS])
@pytest.mark.parametrize("moment", ["killed_after", "killed_within"])
@pytest.mark.parametrize("name", ["announce", "look", "explain", "deliver"])
async def test_a_process_that_dies_at_any_step_is_followed_by_one_that_goes_on(trigger, moment, name) -> None:
    shop = Workshop(trigger)
    setattr(shop, moment, name)
    try:
        await shop.run()
    except Killed:
        assert await shop.run() == "changes"

    assert shop.row == (JobState.DONE, "changes")
    assert len(shop.model.requests) == 1
    assert len(shop.thread.announced) == (trigger == ASKED)
    assert len({changes.created_at for changes in shop.thread.shown}) == 1, "the same result each time"
    assert shop.thread.sentences == []


@pytest.mark.parametrize("moment", ["killed_after", "killed_within"])
@pytest.mark.parametrize("name", ["look", "leave"])
async def test_a_process_that_dies_over_strangers_leaves_no_trace_either(moment, name) -> None:
    shop = Workshop(VERSIONS)
    shop.shelf.texts["F2"] = ("Völlig anders ist dieses Schriftstück über Bienen.",)
    setattr(shop, moment, name)
    with pytest.raises(Killed):
        await shop.run()
    assert await shop.run() == "unrelated"
    assert shop.row == (JobState.DONE, "unrelated")
    assert shop.thread.silent


async def test_changes_that_slack_could_not_take_are_shown_later(shop) -> None:
    shop.thread.troubles = [SlackUnavailable()] * DELIVERY_TRIES
    await shop.run()
    assert shop.row == (JobState.UNDELIVERED, "changes")

    assert await shop.workflows.show(shop.job, "changes") == (JobState.DONE, "changes")
    assert len(shop.thread.shown) == 1


async def test_an_end_without_changes_is_shown_as_its_sentence_unless_nobody_asked(shop, silent) -> None:
    for each in (shop, silent):
        each.shelf.troubles = [FileGone()]
        await each.run()
        each.thread.sentences.clear()
        assert await each.workflows.show(each.job, "file_gone") == (JobState.FAILED, "file_gone")
    assert shop.thread.sentences == [FileGone.sentence]
    assert silent.thread.silent


async def test_a_thread_that_is_gone_ends_the_job(shop) -> None:
    shop.thread.troubles = [SlackRefused("channel_not_found"), SlackRefused("channel_not_found")]
    await shop.run()
    assert shop.row[0] is JobState.FAILED
