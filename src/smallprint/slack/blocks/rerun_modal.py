"""The modal that asks under which prompt versions a document is to be analysed once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smallprint.models.domain import Report
from smallprint.prompts.listing import ListedAgent, ListedVersion
from smallprint.reports import wording
from smallprint.slack.blocks.activation import agent_name
from smallprint.slack.blocks.elements import bold, context, option, rich_text, section, words
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.modal import Modal, choice
from smallprint.slack.blocks.result_menu import menu_option
from smallprint.slack.blocks.text import plain, shorten, shorten_name

WITH = "with"
"""Verb of the entry in a result's menu."""
MORE_ACTION = "more_about_report"
"""Of a menu that results of earlier releases have."""
CALLBACK = "run_with_prompts"

OTHER_VERSION = "Run with another version"
TITLE = "Run it once more"
RUN = "Run"
WHAT = "The document is analysed once more, with the versions you choose here, and I compare the two reports."
COSTS = "It costs as much as an analysis does. The answer comes in the report's thread."
USED = ", as before"
LIVE = ", live"

_NAME, _TEXT = 100, 70
_AGENTS, _VERSIONS = 10, 100


def other_version_option(report: Report) -> Block | None:
    """The entry; None where no prompt was used."""
    return None if report.offline else menu_option(WITH, OTHER_VERSION, report.analysis_id)


def choosable(agents: Sequence[ListedAgent]) -> dict[str, tuple[ListedVersion, ...]]:
    """Agents that have more than one version to choose from."""
    usable = {
        agent.agent: tuple(version for version in agent.versions if version.usable)[:_VERSIONS]
        for agent in agents
    }
    return {agent: versions for agent, versions in list(usable.items())[:_AGENTS] if len(versions) > 1}


def used_versions(report: Report) -> dict[str, int]:
    """Agent → the version that the report was made with."""
    return {run.agent: run.prompt_version for run in report.agents if run.prompt_version is not None}


def rerun_modal(report: Report, agents: Sequence[ListedAgent], carried: str) -> Modal:
    name = shorten_name(plain(wording.document_name(report)), _NAME)
    used = used_versions(report)
    return Modal(
        title=TITLE,
        blocks=[
            rich_text(section(bold(name), words(f"\n{WHAT}"))),
            *(_menu(agent, versions, used) for agent, versions in choosable(agents).items()),
            context(COSTS),
        ],
        callback_id=CALLBACK,
        submit=RUN,
        carried=carried,
    )


def _menu(agent: str, versions: Sequence[ListedVersion], used: Mapping[str, int]) -> Block:
    """What the report used is chosen; for an agent that did not take part, what is live."""
    options = {version.version: _option(version, used.get(agent)) for version in versions}
    live = next((version.version for version in versions if version.live), versions[0].version)
    chosen = options.get(used.get(agent, live)) or options.get(live) or next(iter(options.values()))
    return choice(agent, agent_name(agent), list(options.values()), chosen)


def _option(version: ListedVersion, used: int | None) -> Block:
    mark = USED if version.version == used else LIVE if version.live else ""
    note = plain(version.note)
    label = f"v{version.version}{mark}{': ' if note else ''}{note}"
    return option(shorten(label, _TEXT), str(version.version))
