"""What people may write for an agent, a version, a channel or a share, and what it means. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from smallprint.errors import PromptError, UnknownAgent
from smallprint.models.domain import Agent

UNKNOWN_AGENT = 'I don\'t know an agent "{agent}". The agents are {agents}.'
WRONG_CHANNEL = '"{channel}" is not the id of a channel. It looks like C0123ABCD.'
WRONG_SHARE = '"{percent}" is not a share of the documents: give a whole number from 1 to 99, in per cent.'

LONGEST_NUMBER = 9
"""Digits: what a 32-bit column holds."""
LONGEST_SHOWN = 40
"""Characters of a wrong word that an answer repeats."""
ALIASES = {
    "analyst": Agent.ANALYST.value,
    "reviewer": Agent.REVIEWER.value,
    "triage": Agent.TRIAGE.value,
    "repair": Agent.REPAIR.value,
    "reducer": Agent.REDUCER.value,
    "adjudicator": Agent.ADJUDICATOR.value,
    "changes": Agent.CHANGES.value,
    "questions": Agent.FOLLOW_UP.value,
}
_CHANNEL = re.compile(r"[CDG][A-Z0-9]+")


def agent_of(name: str, known: Collection[str]) -> str:
    """ "Document Analysis", "document-analysis" and "analyst" are all document_analysis. Raises UnknownAgent."""
    wanted = "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
    agent = ALIASES.get(wanted, wanted)
    if agent not in known:
        raise UnknownAgent(UNKNOWN_AGENT.format(agent=_shown(name), agents=with_aliases(known)))
    return agent


def number_of(version: int | str) -> int | None:
    """2 of 2, "2", "v2" and "V2"; None for anything else."""
    text = str(version).strip().casefold().removeprefix("v")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def channel_of(name: str) -> str:
    """ "C0123ABCD" of "#c0123abcd". Raises PromptError for what cannot be an id: names are known to Slack alone."""
    channel = name.strip().removeprefix("#").upper()
    if not _CHANNEL.fullmatch(channel):
        raise PromptError(WRONG_CHANNEL.format(channel=_shown(name)))
    return channel


def percent_of(share: int | str) -> int:
    """10 of 10, "10" and "10 %". Raises PromptError outside of 1 to 99."""
    text = str(share).strip().removesuffix("%").strip()
    percent = int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
    if not 0 < percent < 100:  # noqa: PLR2004 - per cent
        raise PromptError(WRONG_SHARE.format(percent=_shown(str(share))))
    return percent


def with_aliases(agents: Iterable[str]) -> str:
    """ "document_analysis (analyst), findings_review (reviewer)" """
    short = {agent: alias for alias, agent in ALIASES.items()}
    return ", ".join(f"{agent} ({short[agent]})" if agent in short else agent for agent in agents)


def _shown(word: str) -> str:
    return word if len(word) <= LONGEST_SHOWN else f"{word[:LONGEST_SHOWN]}…"
