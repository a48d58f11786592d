"""Settings → the jobs of all kinds, and who may stop them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from smallprint.bootstrap.changes import changes_workflow_of
from smallprint.bootstrap.channels import Channels
from smallprint.bootstrap.handing_over import hand_over_of
from smallprint.bootstrap.product import Product
from smallprint.bootstrap.questions import questions_of
from smallprint.bootstrap.slack_side import SlackSide
from smallprint.bootstrap.watching import Watching
from smallprint.config import Settings
from smallprint.jobs.queue import DocumentJobs
from smallprint.jobs.steps import Steps
from smallprint.jobs.stops import NOBODY, Stops
from smallprint.jobs.versions import VersionsSequel
from smallprint.jobs.workflow import DocumentTools
from smallprint.jobs.workflows import Workflow
from smallprint.models.domain import Job, JobKind, StopAnswer
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.queue_positions import QueuePositions
from smallprint.services.database.stops import StopStore
from smallprint.services.database.versions import VersionStore
from smallprint.slack.changes import ThreadChanges
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.nudges import Nudges
from smallprint.slack.status import ThreadStatus
from smallprint.slack.stopping import Stopping


@dataclass(frozen=True, slots=True)
class Work:
    """The jobs, and what goes on beside them."""

    jobs: DocumentJobs
    stops: Stops
    stopping: Stopping
    """For people: who may stop what."""
    status: ThreadStatus

    async def stop_for_good(self, job: Job) -> None:
        """Stop a job whose document is to be forgotten, so that nothing of it is shown; one that has ended stays as it is."""
        if await self.stops.stop(job.id, NOBODY) is StopAnswer.STOPPED:
            await self.jobs.end_stopped(job)


def work_of(
    settings: Settings, product: Product, slack: SlackSide, channels: Channels, watching: Watching
) -> Work:
    """Not started yet."""
    database = product.database
    stop_store, positions = StopStore(database), QueuePositions(database)
    stops, status = Stops(stop_store), ThreadStatus(slack.clients, slack.destinations)
    nudges = Nudges(slack.posts, slack.destinations, positions.came_at)
    jobs = DocumentJobs(
        engine_url=engine_url(settings.database_url),
        store=JobStore(database),
        documents=DocumentTools(
            files=slack.sources,
            reader=product.reader,
            analyser=product.orchestrator,
            reports=product.analyses,
            delivery=ThreadDelivery(
                slack.clients,
                slack.posts,
                slack.destinations,
                name_of=slack.sources.name_of,
                status=status,
                nudges=nudges,
                ahead_of=positions.ahead_of,
                stop_of=stop_store.stop_of,
            ),
            concurrency=settings.max_concurrent_jobs,
            stops=stops,
            positions=positions,
            finisher=product.finisher,
            sequels=(channels.alerts, VersionsSequel(VersionStore(database), hand_over_of(database)), nudges),
        ),
        retry_interval_s=settings.job_retry_seconds,
        watch=watching,
        gate=channels.gate,
        others=_Others(settings, product, slack, stops, status).made,
    )
    stopping = Stopping(stops, JobStore(database), slack.permissions, jobs.end_stopped)
    return Work(jobs, stops, stopping, status)


def engine_url(database_url: str) -> str:
    """Where the job engine keeps its state: a file beside ours on SQLite, the same server on Postgres."""
    if not database_url.startswith("sqlite"):
        return database_url
    path = PurePath(database_url.partition("///")[2])
    return f"sqlite:///{path.with_name(f'{path.stem}-jobs{path.suffix}')}"


@dataclass(frozen=True, slots=True)
class _Others:
    """The workflows beside documents: they are made when it is known how steps are taken."""

    settings: Settings
    product: Product
    slack: SlackSide
    stops: Stops
    status: ThreadStatus

    def made(self, steps: Steps) -> Mapping[JobKind, Workflow]:
        slack = self.slack
        changes = ThreadChanges(slack.clients, slack.posts, slack.destinations)
        return {
            JobKind.QUESTION: questions_of(self.settings, self.product, slack, self.status, self.stops)(
                steps
            ),
            JobKind.CHANGES: changes_workflow_of(
                self.settings, self.product, slack.sources, changes, self.stops
            )(steps),
        }
