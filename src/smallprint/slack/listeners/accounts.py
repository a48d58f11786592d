"""All listeners that have to do with usage and budgets, joined: `/usage` and the App Home."""

from __future__ import annotations

from collections.abc import Sequence

from smallprint.prompts.versions import PromptVersions
from smallprint.slack.announcements import Announcements
from smallprint.slack.app import Listener
from smallprint.slack.client import SlackClients
from smallprint.slack.home_contents import Activities, HomeContents, Problems
from smallprint.slack.listeners.home import HomeListener
from smallprint.slack.listeners.usage import UsageListener
from smallprint.slack.modals import Modals
from smallprint.slack.permalinks import Permalinks
from smallprint.slack.permissions import Permissions
from smallprint.slack.usage_answers import Limits, UsageAnswers, Usages
from smallprint.slack.usage_charts import UsageCharts
from smallprint.slack.usage_names import UsageNames


def account_listeners(
    clients: SlackClients,
    usages: Usages,
    activities: Activities,
    limits: Limits,
    prompts: PromptVersions,
    permissions: Permissions,
    modals: Modals,
    problems: Problems,
    announcements: Announcements | None = None,
) -> Sequence[Listener]:
    """The command with its button, and the home with its buttons."""
    answers = UsageAnswers(usages, limits, UsageNames(clients, permissions), permissions, announcements)
    contents = HomeContents(usages, activities, limits, prompts, permissions, Permalinks(clients), problems)
    return (
        UsageListener(answers, UsageCharts(clients)),
        HomeListener(clients, contents, answers, prompts, permissions, modals),
    )
