"""What is forgotten when Slack or somebody says so, joined."""

from __future__ import annotations

from dataclasses import dataclass

from smallprint.bootstrap.slack_side import SlackSide
from smallprint.bootstrap.working import Work
from smallprint.jobs.erasing import Eraser
from smallprint.services.database.connection import Database
from smallprint.services.database.erasures import ErasureStore
from smallprint.slack.erasures import Erasures
from smallprint.slack.forget_command import ForgetCommand
from smallprint.slack.forgetting import Forgetting


@dataclass(frozen=True, slots=True)
class Oblivion:
    """Start and stop the eraser."""

    eraser: Eraser
    keeper: Erasures
    """For the inbox."""
    command: ForgetCommand
    """`/smallprint forget`."""


def oblivion_of(database: Database, slack: SlackSide, work: Work) -> Oblivion:
    store = ErasureStore(database)
    forgetting = Forgetting(slack.clients, store, slack.destinations)
    eraser = Eraser(store, stop_job=work.stop_for_good, delivery=forgetting)
    return Oblivion(
        eraser=eraser,
        keeper=Erasures(store.add, bot_user=slack.identity.bot_user, noticed=eraser.notice),
        command=ForgetCommand(store, store.add, slack.permissions, noticed=eraser.notice),
    )
