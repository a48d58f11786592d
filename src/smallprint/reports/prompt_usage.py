"""What came with a version of a prompt: its cost beside the others', and the analyses that worked with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from smallprint.models.usage import Grouping, PromptUse, Spending, UsageLine, VersionSpending
from smallprint.reports.usage import day_name, line_name, money, money_per_document

VERSIONS_TITLE = "Usage of {agent} by version, since ever"
USES_TITLE = "The newest analyses with {agent} v{version}"
NO_CALLS = "The AI was never asked with it."
VERSION_HEADINGS = ("version", "first asked", "last asked", "documents", "calls", "cost", "a document")
USE_HEADINGS = ("last asked, UTC", "analysis", "channel", "user", "risk")
NO_VERSION = "none"
NO_RISK = "no result"

_WORDS = (2, 3)


@dataclass(frozen=True, slots=True)
class PromptQuestion:
    """What somebody wants to know of an agent's prompt; of all its versions where none is named."""

    agent: str
    version: str = ""


def read_prompt_question(words: Sequence[str]) -> PromptQuestion | None:
    """ "by prompt analyst", "prompt analyst v3"; None when it is something else."""
    said = [word for word in words if word.casefold() != "by"]
    if len(said) not in _WORDS or said[0].casefold() != Grouping.PROMPT:
        return None
    return PromptQuestion(*said[1:])


def version_rows(versions: Iterable[VersionSpending]) -> tuple[tuple[str, ...], ...]:
    """Cells under `VERSION_HEADINGS`."""
    return tuple(map(_version_row, versions))


def use_rows(uses: Iterable[PromptUse]) -> tuple[tuple[str, ...], ...]:
    """Cells under `USE_HEADINGS`; channels and users are ids."""
    return tuple(map(_use_row, uses))


def _version_row(version: VersionSpending) -> tuple[str, ...]:
    spending = version.spending
    return (
        NO_VERSION if version.version is None else f"v{version.version}",
        f"{day_name(version.first_day)} {version.first_day.year}",
        f"{day_name(version.last_day)} {version.last_day.year}",
        f"{spending.documents:,}",
        f"{spending.calls:,}",
        money(spending),
        money_per_document(spending),
    )


def _use_row(use: PromptUse) -> tuple[str, ...]:
    return (
        use.at[:16].replace("T", " "),
        use.analysis_id,
        _id(use.channel, Grouping.CHANNEL),
        _id(use.user, Grouping.USER),
        use.risk_level or NO_RISK,
    )


def _id(name: str | None, grouping: Grouping) -> str:
    return line_name(UsageLine(name, Spending()), grouping)
