"""The options by which a person says what an analysis should look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from smallprint.errors import ConfigurationError
from smallprint.models.domain import Agent, Brief, Profile
from smallprint.prompts.names import agent_of, number_of
from smallprint.reports.text import plain, shorten

MOST = 120
"""Characters of a party, a focus or a language."""
WRONG_PROMPT = (
    "--prompt wants an agent and a version, for example --prompt document_analysis=v2; not {given!r}."
)

ProfileOption = Annotated[
    Profile | None,
    typer.Option("--profile", help="How much it may cost and take; default: ANALYSIS_PROFILE."),
]
SideOption = Annotated[
    str, typer.Option("--for", help="For whose side: the tenant, the customer …", metavar="PARTY")
]
FocusOption = Annotated[str, typer.Option("--focus", help="What to look at above all.", metavar="WORDS")]
LanguageOption = Annotated[
    str,
    typer.Option("--language", help="The language to answer in; default: the document's.", metavar="NAME"),
]
PromptOption = Annotated[
    list[str] | None,
    typer.Option("--prompt", help="Another prompt version than the live one.", metavar="AGENT=VERSION"),
]
AgainOption = Annotated[
    bool, typer.Option("--again", help="Analyse anew even if an earlier report would do.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Don't ask before a costly analysis.")]


def brief_of(
    *,
    profile: Profile | None = None,
    side: str = "",
    focus: str = "",
    language: str = "",
    prompts: Sequence[str] = (),
    again: bool = False,
    cost_accepted: bool = False,
) -> Brief:
    """Raises ConfigurationError for a --prompt that names no version."""
    return Brief(
        profile=profile,
        side=_clean(side),
        focus=_clean(focus),
        language=_clean(language),
        prompts=prompt_versions(prompts),
        again=again,
        cost_accepted=cost_accepted,
    )


def prompt_versions(given: Sequence[str]) -> Mapping[str, int]:
    """ "document_analysis=v2" or "analyst=2" → {"document_analysis": 2}. Raises ConfigurationError, UnknownAgent."""
    return dict(_prompt_version(each) for each in given)


def _prompt_version(given: str) -> tuple[str, int]:
    agent, sign, version = given.partition("=")
    number = number_of(version)
    if not sign or not agent.strip() or number is None:
        raise ConfigurationError(WRONG_PROMPT.format(given=given))
    return agent_of(agent, [known.value for known in Agent]), number


def _clean(words: str) -> str:
    return shorten(plain(words), MOST)
