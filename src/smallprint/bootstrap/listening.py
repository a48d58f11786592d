"""What Slack can ask of the product: every listener and every keeper of the inbox, joined with what they need."""

from __future__ import annotations

from smallprint.bootstrap.channels import Channels, channel_listeners
from smallprint.bootstrap.forgetting import Oblivion
from smallprint.bootstrap.product import Product
from smallprint.bootstrap.results import result_listeners
from smallprint.bootstrap.slack_side import SlackSide
from smallprint.bootstrap.spending import budget_limits
from smallprint.bootstrap.working import Work
from smallprint.config import Settings
from smallprint.services.database.activity import ActivityStore
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.statistics import PromptStatistics
from smallprint.services.database.stops import StopStore
from smallprint.services.database.usage import UsageStore
from smallprint.slack.app import Listener
from smallprint.slack.ask_dialog import AskDialog
from smallprint.slack.asking import Asking
from smallprint.slack.home_contents import Problems
from smallprint.slack.inbox import Accept, Inbox, SharedFiles
from smallprint.slack.listeners.accounts import account_listeners
from smallprint.slack.listeners.analyse import AnalyseListener
from smallprint.slack.listeners.events import EventListeners
from smallprint.slack.listeners.prompts import prompt_listeners
from smallprint.slack.listeners.shortcuts import ShortcutListener
from smallprint.slack.listeners.stop import StopListener
from smallprint.slack.questions import Questions
from smallprint.slack.stops import SessionStops

FORGET = "forget"
"""The verb of `/smallprint` that slack/forget_command.py answers."""


def inbox_of(product: Product, slack: SlackSide, work: Work, oblivion: Oblivion) -> Inbox:
    """Everything that an event can ask for, written down before it is acked."""
    bot, accept = slack.identity.bot_user, work.jobs.accept
    return Inbox(
        SharedFiles(accept, bot_user=bot),
        Questions(accept, bot_user=bot),
        SessionStops(work.stopping, StopStore(product.database), work.status.jobs_in),
        oblivion.keeper,
    )


def slack_listeners(
    settings: Settings,
    product: Product,
    slack: SlackSide,
    work: Work,
    channels: Channels,
    oblivion: Oblivion,
    problems: Problems,
) -> list[Listener]:
    """One for everything the manifest lets a person do. `problems`: what is not well, for the admins' App Home."""
    database, accept = product.database, work.jobs.accept
    clients, permissions, modals = slack.clients, slack.permissions, slack.modals
    asking = _asking(slack, channels, accept)
    verbs = {FORGET: oblivion.command.answer}
    return [
        EventListeners(),
        AnalyseListener(asking, AskDialog(asking), modals),
        ShortcutListener(asking, slack.sources, JobStore(database), accept),
        StopListener(work.stopping),
        *result_listeners(product, slack, asking, accept),
        *channel_listeners(channels, database, clients, permissions, modals, accept, slack.identity, verbs),
        *prompt_listeners(
            clients, product.prompts, PromptStatistics(database), slack.announcements, permissions, modals
        ),
        *account_listeners(
            clients,
            UsageStore(database),
            ActivityStore(database),
            budget_limits(settings, database),
            product.prompts,
            permissions,
            modals,
            problems,
            slack.announcements,
        ),
    ]


def _asking(slack: SlackSide, channels: Channels, accept: Accept) -> Asking:
    """What a command, a shortcut and a form have in common."""
    return Asking(
        slack.clients,
        slack.files,
        slack.sources,
        slack.permissions,
        channels.admission,
        slack.posts,
        slack.destinations,
        accept,
    )
