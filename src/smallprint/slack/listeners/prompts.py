"""All listeners that have to do with prompt versions, joined."""

from __future__ import annotations

from collections.abc import Sequence

from smallprint.prompts.versions import PromptVersions
from smallprint.slack.announcements import Announcements
from smallprint.slack.app import Listener
from smallprint.slack.channels import Channels
from smallprint.slack.client import SlackClients
from smallprint.slack.listeners.prompt_buttons import PromptButtons
from smallprint.slack.listeners.prompt_questions import PromptQuestions, Statistics
from smallprint.slack.listeners.prompt_version import PromptVersionListener
from smallprint.slack.listeners.views import PromptModalListener
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.prompt_desk import PromptDesk
from smallprint.slack.prompt_dialogs import PromptDialogs


def prompt_listeners(
    clients: SlackClients,
    prompts: PromptVersions,
    statistics: Statistics,
    announcements: Announcements,
    permissions: Permissions,
    modals: Modals,
) -> Sequence[Listener]:
    """The command, its buttons, and its modal."""
    questions = PromptQuestions(prompts, statistics)
    desk, dialogs = PromptDesk(prompts, announcements), PromptDialogs(prompts)
    channels = Channels(clients)
    return (
        PromptVersionListener(prompts, questions, desk, dialogs, channels, permissions, modals),
        PromptButtons(clients, questions, desk, dialogs, permissions, modals),
        PromptModalListener(desk, dialogs, permissions, modals),
    )
