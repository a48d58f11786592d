"""Questions in Slack, joined with what they need."""

from __future__ import annotations

from collections.abc import Callable

from smallprint.bootstrap.handing_over import hand_over_of
from smallprint.bootstrap.product import Product
from smallprint.bootstrap.slack_side import SlackSide
from smallprint.config import Settings
from smallprint.jobs.questions import QuestionWorkflow
from smallprint.jobs.steps import Steps
from smallprint.jobs.stops import Stops
from smallprint.services.database.questions import QuestionStore
from smallprint.services.database.stops import StopStore
from smallprint.services.database.threads import ThreadStore
from smallprint.slack.answers import Status, ThreadAnswers
from smallprint.slack.thread_files import ThreadFiles


def questions_of(
    settings: Settings, product: Product, slack: SlackSide, status: Status, stops: Stops
) -> Callable[[Steps], QuestionWorkflow]:
    """What makes the workflow of questions, once it is known how its steps are taken."""
    database, bot_user = product.database, slack.identity.bot_user

    def workflow(steps: Steps) -> QuestionWorkflow:
        return QuestionWorkflow(
            steps=steps,
            files=slack.sources,
            reader=product.reader,
            answerer=product.answering,
            threads=ThreadStore(database),
            thread_files=ThreadFiles(slack.clients, bot_user=bot_user),
            questions=QuestionStore(database),
            hand_over=hand_over_of(database),
            askers=slack.permissions,
            delivery=ThreadAnswers(
                slack.clients,
                slack.posts,
                slack.destinations,
                bot_user=bot_user,
                status=status,
                stop_of=StopStore(database).stop_of,
            ),
            concurrency=settings.max_concurrent_jobs,
            stops=stops,
        )

    return workflow
