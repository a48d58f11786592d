"""What Slack can ask of the product: every listener, joined with what it needs."""

from __future__ import annotations

from smallprint.bootstrap.product import Product
from smallprint.bootstrap.spending import budget_limits
from smallprint.config import Settings
from smallprint.services.database.activity import ActivityStore
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.statistics import PromptStatistics
from smallprint.services.database.usage import UsageStore
from smallprint.slack.announcements import Announcements
from smallprint.slack.app import Identity, Listener
from smallprint.slack.ask_dialog import AskDialog
from smallprint.slack.asking import Asking
from smallprint.slack.budget_notices import AdminBudgetNotices
from smallprint.slack.client import SlackClients
from smallprint.slack.destinations import Destinations
from smallprint.slack.files import SlackFiles
from smallprint.slack.home_contents import Problems
from smallprint.slack.inbox import Accept
from smallprint.slack.listeners.accounts import account_listeners
from smallprint.slack.listeners.actions import ActionListeners
from smallprint.slack.listeners.analyse import AnalyseListener
from smallprint.slack.listeners.events import EventListeners
from smallprint.slack.listeners.other_version import OtherVersionListener
from smallprint.slack.listeners.prompts import prompt_listeners
from smallprint.slack.listeners.repeat import RepeatListener
from smallprint.slack.listeners.share import ShareListener
from smallprint.slack.listeners.shortcuts import ShortcutListener
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.sources import Sources


def permissions_of(settings: Settings, clients: SlackClients, identity: Identity) -> Permissions:
    return Permissions(
        clients,
        team=identity.team,
        admin_users=settings.admin_users,
        admin_group=settings.admin_group or "",
        admins_from_slack=settings.admins_from_slack,
    )


def announcements_of(settings: Settings, posts: Posts, permissions: Permissions) -> Announcements:
    """Close it with `finish`: what was announced last is still on its way."""
    return Announcements(posts, settings.admin_channel or "", permissions.name_of)


def budget_notices_of(settings: Settings, posts: Posts) -> AdminBudgetNotices | None:
    """For the housekeeping; None without an ADMIN_CHANNEL."""
    return AdminBudgetNotices(posts, settings.admin_channel) if settings.admin_channel else None


def slack_listeners(
    settings: Settings,
    product: Product,
    clients: SlackClients,
    files: SlackFiles,
    sources: Sources,
    permissions: Permissions,
    announcements: Announcements,
    posts: Posts,
    accept: Accept,
    problems: Problems,
) -> list[Listener]:
    """One for everything the manifest lets a person do. `problems`: what is not well, for the admins' App Home."""
    database, prompts, modals = product.database, product.prompts, Modals(clients)
    jobs, statistics, usages = JobStore(database), PromptStatistics(database), UsageStore(database)
    asking = Asking(clients, files, sources, permissions, posts, Destinations(clients, posts), accept)
    activities, limits = ActivityStore(database), budget_limits(settings, database)
    return [
        EventListeners(),
        AnalyseListener(asking, AskDialog(asking), modals),
        ShortcutListener(asking, sources, jobs, permissions, accept),
        ShareListener(jobs, product.analyses, asking, posts),
        ActionListeners(product.analyses),
        RepeatListener(clients, jobs, permissions, accept),
        OtherVersionListener(prompts, product.analyses, jobs, permissions, modals, accept),
        *prompt_listeners(clients, prompts, statistics, announcements, permissions, modals),
        *account_listeners(clients, usages, activities, limits, prompts, permissions, modals, problems),
    ]
