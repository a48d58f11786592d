from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from smallprint.errors import DatabaseUnavailable
from smallprint.jobs.changes import ASKED, VERSIONS
from smallprint.jobs.intake import IntakeStopped
from smallprint.jobs.versions import VersionsSequel, asked_comparison
from smallprint.models.domain import Brief, Job, JobKind
from smallprint.services.database.versions import AnalysedDocument
from tests.fakes.job_store import a_job
from tests.fakes.reports import low_report

START = datetime(2026, 11, 26, 9, tzinfo=UTC)


def document(number: int, name: str = "", *, message_ts: str = "", ordinal: int = 0) -> AnalysedDocument:
    """Shared as many minutes after the start as its number says."""
    return AnalysedDocument(
        job_id=a_job(number).id,
        file_id=f"F{number}",
        name=name or f"paper {'abcdefgh'[number] * 9}.pdf",
        sha256=f"{number:064x}",
        risk_level="low",
        shared_at=START + timedelta(minutes=0 if message_ts else number),
        ordinal=ordinal,
        message_ts=message_ts or f"{number}",
    )


class Desk:
    """A thread with documents, and the jobs that were handed in."""

    def __init__(self, *documents: AnalysedDocument) -> None:
        self.documents = list(documents)
        self.jobs: list[Job] = []

    async def of_thread(self, job: Job) -> list[AnalysedDocument]:
        return self.documents

    async def accept(self, jobs: Sequence[Job]) -> None:
        self.jobs += jobs

    async def ended(self, job: Job) -> list[Job]:
        await VersionsSequel(self, self.accept).after(job, low_report())
        return self.jobs


async def test_a_second_document_in_a_thread_is_compared_with_the_first():
    (job,) = await Desk(document(1), document(2)).ended(a_job(2))

    assert (job.kind, job.trigger, job.file_id) == (JobKind.CHANGES, VERSIONS, "F2")
    assert job.brief.compare_with == a_job(1).id
    assert (job.team, job.channel, job.thread_ts) == ("T1", "C1", a_job(2).thread_ts)


async def test_a_document_that_is_alone_is_compared_with_nothing():
    assert await Desk(document(1)).ended(a_job(1)) == []


async def test_a_document_with_a_name_like_it_goes_before_the_nearest():
    desk = Desk(document(1, "MSA_v1.docx"), document(2, "Price list.pdf"), document(3, "msa v2 (signed).pdf"))
    (job,) = await desk.ended(a_job(3))
    assert job.brief.compare_with == a_job(1).id


async def test_of_several_versions_the_last_one_before_it_counts():
    desk = Desk(*(document(number, f"MSA v{number}.docx") for number in (1, 2, 3)))
    (job,) = await desk.ended(a_job(3))
    assert job.brief.compare_with == a_job(2).id


async def test_an_old_version_that_ends_last_is_still_the_old_one():
    (job,) = await Desk(document(1), document(2)).ended(a_job(1))
    assert (job.file_id, job.brief.compare_with) == ("F2", a_job(1).id)


async def test_each_pair_is_compared_once_however_often_its_documents_are_analysed():
    desk = Desk(document(1), document(2))
    again = replace(a_job(2), id=f"{a_job(2).id}-again", trigger="again")
    first = replace(a_job(1), thread_ts=a_job(2).thread_ts)
    for job in (a_job(2), a_job(2), again, first):
        await desk.ended(job)
    assert len({job.id for job in desk.jobs}) == 1


async def test_files_of_one_message_are_compared_only_if_their_names_say_so():
    strangers = [
        document(1, "Contract.pdf", message_ts="m"),
        document(2, "Prices.pdf", message_ts="m", ordinal=1),
    ]
    versions = [
        document(1, "Contract v1.pdf", message_ts="m"),
        document(2, "Contract v2.pdf", message_ts="m", ordinal=1),
    ]
    assert await Desk(*strangers).ended(a_job(2)) == []
    (job,) = await Desk(*versions).ended(a_job(1))
    assert (job.file_id, job.brief.compare_with) == ("F2", a_job(1).id)


@pytest.mark.parametrize(
    "job", [a_job(2, thread=""), replace(a_job(2), brief=Brief(private=True))], ids=["command", "private"]
)
async def test_what_has_no_thread_of_its_own_is_not_compared_by_itself(job):
    assert await Desk(document(1), document(2)).ended(job) == []


async def test_a_process_that_stops_leaves_the_comparison_to_the_next():
    async def refuse(_: Sequence[Job]) -> None:
        raise IntakeStopped

    with pytest.raises(DatabaseUnavailable) as caught:
        await VersionsSequel(Desk(document(1), document(2)), refuse).after(a_job(2), low_report())
    assert caught.value.retryable


async def test_the_asker_s_wishes_hold_for_the_comparison():
    wishes = Brief(side="the tenant", language="German", again=True, cost_accepted=True, prompts={"x": 2})
    (job,) = await Desk(document(1), document(2)).ended(replace(a_job(2), brief=wishes))
    assert job.brief == Brief(side="the tenant", language="German", compare_with=a_job(1).id)


def test_what_somebody_asked_for_is_one_job_for_each_pair():
    job = a_job(2)
    first = asked_comparison(job, document(1), document(2), user="U7", thread_ts="1.0")
    again = asked_comparison(job, document(1), document(2), user="U8", thread_ts="1.0")
    other = asked_comparison(job, document(1), document(3), user="U7", thread_ts="1.0")
    assert first.id == again.id != other.id
    assert (first.user, first.trigger, first.thread_ts) == ("U7", ASKED, job.thread_ts)


def test_a_command_s_comparison_is_answered_where_it_was_asked():
    asked = asked_comparison(a_job(2, thread=""), document(1), document(2), user="U7", thread_ts="1.0")
    assert asked.thread_ts == "1.0"
