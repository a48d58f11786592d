"""The App Home: a person's documents and usage; for admins how the workspace stands. Pure.

https://docs.slack.dev/surfaces/app-home
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from smallprint.models.activity import Activity, RecentAnalysis
from smallprint.models.domain import Budget, BudgetScope
from smallprint.models.usage import Spending
from smallprint.prompts.ages import ago
from smallprint.prompts.listing import ListedAgent
from smallprint.reports import wording
from smallprint.reports.budgets import usd
from smallprint.reports.usage import money
from smallprint.reports.wording import counted
from smallprint.slack.blocks.activation import agent_name
from smallprint.slack.blocks.budget import figures, gauge
from smallprint.slack.blocks.elements import (
    actions,
    bold,
    bullets,
    button,
    channel,
    context,
    divider,
    header,
    link,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.progress import HELP_SHARE
from smallprint.slack.blocks.summary import NO_RESULT, reason
from smallprint.slack.blocks.text import plain, shorten, shorten_name

SHOW_ACTION = "home_show"
"""Followed by a number: a view needs different ids. The value is what would be typed after /usage, or PROMPTS."""
PROMPTS = "prompts"

DOCUMENTS = "Your documents"
NONE_YET = "You haven't shared a document with me yet."
MY_USAGE = "Your usage this month"
NOTHING_SPENT = "Nothing yet."
WORKSPACE = "The workspace this month"
TODAY = "Today"
NO_BUDGET = "There is no limit for the month."
UNNAMED = "a document"
RUNNING = "⏳ Being analysed"
SPENT = "Spent  "
ANALYSED = "Documents  "
FAILED = "Without a result  "
LIVE = "Live prompts  "
CANARY = " (v{version} tried on {percent} %)"
HEALTH = "Health  "
ALL_WELL = "✅ everything answers"
MINE = (("By day", "30d by day"), ("By agent", "30d by agent"), ("Budgets", "budget"), ("Help", "help"))
EVERYBODYS = (
    ("By channel", "30d by channel"),
    ("By user", "30d by user"),
    ("By model", "30d by model"),
    ("By prompt", "30d by prompt"),
    ("Prompt versions", PROMPTS),
)
AS_OF = "As of {at:%H:%M} UTC. Come back to this tab for newer figures."
UNREADABLE = "⚠️ I can't show this page right now"

_NAME, _PROBLEM = 80, 200
_FAILURES, _AGENTS, _PROBLEMS = 4, 12, 5


@dataclass(frozen=True, slots=True)
class WorkspaceHome:
    """What admins see beside their own."""

    activity: Activity = field(default_factory=Activity)
    agents: Sequence[ListedAgent] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    """What is not well, by name, in words for an operator."""


@dataclass(frozen=True, slots=True)
class Home:
    """What one person sees."""

    at: datetime
    recent: Sequence[RecentAnalysis] = ()
    """Newest first."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Job's id → address of its answer in Slack; those that are known."""
    spending: Spending = field(default_factory=Spending)
    """Of this person, this month."""
    budgets: Sequence[Budget] = ()
    """Those that apply to this person; the workspace's month is shown to admins only."""
    workspace: WorkspaceHome | None = None
    """None for who is no admin."""


def home_view(home: Home) -> Block:
    """For `views.publish`."""
    blocks = [*_documents(home), *_usage(home)]
    if home.workspace is not None:
        blocks += [divider(), *_workspace(home.workspace, home.budgets)]
    return _view([*blocks, context(AS_OF.format(at=home.at))])


def unreadable_home(sentence: str) -> Block:
    """When an error of ours keeps us from showing it; the sentence is a user's."""
    return _view([rich_text(section(bold(UNREADABLE), words(f"\n{shorten(plain(sentence), _PROBLEM)}")))])


def _view(blocks: list[Block]) -> Block:
    return {"type": "home", "blocks": blocks}


def _documents(home: Home) -> Iterator[Block]:
    yield header(DOCUMENTS)
    if home.recent:
        yield rich_text(bullets(_recent(each, home) for each in home.recent))
    else:
        yield rich_text(section(bold(NONE_YET), words(f" {HELP_SHARE}")))


def _recent(each: RecentAnalysis, home: Home) -> Block:
    name = shorten_name(plain(each.document_name), _NAME) or UNNAMED
    address = home.links.get(each.job_id, "")
    return section(
        words(f"{_outcome(each)}  "),
        link(address, name) if address else bold(name),
        words(f"  {ago(each.at, home.at)} "),
        # Slack shows no name for a direct message
        *([] if each.channel.startswith("D") else [words("in "), channel(each.channel)]),
    )


def _outcome(each: RecentAnalysis) -> str:
    if each.level is not None:
        return f"{wording.EMOJI[each.level]} {wording.level_name(each.level)}"
    return f"{NO_RESULT} No result: {reason(each.outcome)}" if each.outcome else RUNNING


def _usage(home: Home) -> Iterator[Block]:
    yield header(MY_USAGE)
    rows = [section(*_spent(home.spending))]
    today = _of(home.budgets, BudgetScope.USER_DAY)
    if today is not None and today.limit.nano_usd is not None:
        rows.append(section(words(f"{TODAY}: {gauge(today)}  {figures(today)}")))
    yield rich_text(*rows)
    yield _buttons(MINE, "home_mine")


def _spent(spending: Spending) -> tuple[Block, ...]:
    if not spending.calls:
        return (words(NOTHING_SPENT),)
    counts = f"{counted(spending.documents, 'document')} · {counted(spending.calls, 'call')}"
    return bold(money(spending)), words(f"  {counts}")


def _workspace(workspace: WorkspaceHome, budgets: Sequence[Budget]) -> Iterator[Block]:
    yield header(WORKSPACE)
    yield rich_text(
        bullets(
            section(*line)
            for line in (
                (bold(SPENT), words(_against_budget(budgets))),
                (bold(ANALYSED), words(_levels(workspace.activity))),
                (bold(FAILED), words(_failures(workspace.activity))),
                (bold(LIVE), words(_live(workspace.agents))),
                (bold(HEALTH), words(_health(workspace.problems))),
            )
        )
    )
    yield _buttons(EVERYBODYS, "home_everybodys")


def _against_budget(budgets: Sequence[Budget]) -> str:
    """$181.40 of $250.00, $68.60 left ███████░░░ 72 %"""
    month = _of(budgets, BudgetScope.WORKSPACE_MONTH)
    if month is None:
        return NOTHING_SPENT
    spent = f"{'≥ ' if month.unpriced_calls else ''}{usd(month.spent_nano_usd)}"
    limit, left = month.limit.nano_usd, month.left_nano_usd
    if limit is None or left is None:
        return f"{spent}. {NO_BUDGET}"
    return f"{spent} of {usd(limit)}, {usd(left)} left  {gauge(month)}"


def _levels(activity: Activity) -> str:
    """21 analysed: 🔴 1 critical, 🟢 20 low; 2 running"""
    told = [
        f"{wording.EMOJI[level]} {count:,} {wording.level_name(level).casefold()}"
        for level, count in activity.levels.items()
    ]
    analysed = f"{activity.analysed:,} analysed" + (f": {', '.join(told)}" if told else "")
    return analysed + (f"; {activity.running:,} running" if activity.running else "")


def _failures(activity: Activity) -> str:
    if not activity.failures:
        return "none"
    most = [f"{reason(code)} ({count:,})" for code, count in list(activity.failures.items())[:_FAILURES]]
    more = ", …" if len(activity.failures) > _FAILURES else ""
    return f"{activity.failed:,}: {', '.join(most)}{more}"


def _live(agents: Sequence[ListedAgent]) -> str:
    told = [_agent(agent) for agent in agents[:_AGENTS] if agent.live is not None]
    return ", ".join(told) or "none"


def _agent(agent: ListedAgent) -> str:
    tried = agent.canary
    canary = CANARY.format(version=tried.to_version, percent=tried.percent) if tried else ""
    return f"{agent_name(agent.agent)} v{agent.live}{canary}"


def _health(problems: Mapping[str, str]) -> str:
    if not problems:
        return ALL_WELL
    told = [f"{name}: {shorten(plain(why), _PROBLEM)}" for name, why in problems.items()]
    return f"⚠️ {'; '.join(told[:_PROBLEMS])}"


def _of(budgets: Sequence[Budget], scope: BudgetScope) -> Budget | None:
    return next((budget for budget in budgets if budget.place.scope is scope), None)


def _buttons(labels: Sequence[tuple[str, str]], block_id: str) -> Block:
    return actions(
        *(button(f"{SHOW_ACTION}_{place}", label, value) for place, (label, value) in enumerate(labels)),
        block_id=block_id,
    )
