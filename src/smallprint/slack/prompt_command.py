"""The words after `/prompt-version`, understood: `set analyst v3 #contracts misses renewals --override`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from smallprint.models.statistics import Period
from smallprint.slack.blocks.text import plain, shorten

HELP = "help"
MOST_REASON = 1_000
"""Characters of a reason that are kept."""

_VERSION = re.compile(r"v?\d{1,9}", re.IGNORECASE)
_NUMBER = re.compile(r"v\d{1,9}", re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,3})\s*%?")
_CHANNEL = re.compile(r"<#[A-Z0-9]+(?:\|[^>]*)?>|#\S+", re.IGNORECASE)
_OVERRIDE = re.compile(r"(?:--|—|–)override", re.IGNORECASE)
"""Phones make a dash of two hyphens."""
_MENTION = re.compile(r"<([@#!])([^|>]*)(?:\|([^>]*))?>")
_LINK = re.compile(r"<([^|>]*)(?:\|[^>]*)?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


@dataclass(frozen=True, slots=True)
class PromptCommand:
    """What was typed, sorted into its parts. Each is empty when it was not given; nothing is checked against data."""

    verb: str = ""
    """Lower case; "help" for what is no verb."""
    agent: str = ""
    versions: tuple[str, ...] = ()
    channel: str = ""
    """As typed: `<#C0123|contracts>`, `#contracts`, or a name where a channel must follow."""
    percent: int | None = None
    period: str = ""
    reason: str = ""
    override: bool = False

    @property
    def version(self) -> str:
        return self.versions[0] if self.versions else ""


def parse_prompt_command(text: str) -> PromptCommand:
    """Forgiving about case, a missing `v`, a `%`, and where `--override` stands."""
    words = text.split()
    override = any(_OVERRIDE.fullmatch(word) for word in words)
    rest = [word for word in words if not _OVERRIDE.fullmatch(word)]
    verb = rest.pop(0).casefold() if rest else HELP
    if verb not in _PARSERS:
        return PromptCommand(HELP)
    return replace(_PARSERS[verb](rest), verb=verb, override=override)


def spoken(text: str) -> str:
    """A reason as people read it: mentions by their names, links by their addresses; one line, not too long."""
    named = _LINK.sub(lambda link: link[1], _MENTION.sub(_as_words, text))
    for entity, character in _ENTITIES:
        named = named.replace(entity, character)
    return shorten(plain(named), MOST_REASON)


def _as_words(mention: re.Match[str]) -> str:
    sign, target, label = mention[1], mention[2], mention[3]
    if label:
        return label if label.startswith(("@", "#")) else f"{'#' if sign == '#' else '@'}{label}"
    return target if sign in "@#" else f"@{target.partition('^')[0]}"


def _question(words: list[str]) -> PromptCommand:
    """list, show, diff, history: an agent and versions, in any order."""
    versions = tuple(word for word in words if _VERSION.fullmatch(word))
    agent = next((word for word in words if not _VERSION.fullmatch(word)), "")
    return PromptCommand(agent=agent, versions=versions)


def _stats(words: list[str]) -> PromptCommand:
    period = next(filter(Period.is_one, words), "")
    asked = _question([word for word in words if word != period])
    return replace(asked, period=period.casefold())


def _set(words: list[str]) -> PromptCommand:
    agent, version, *rest = _padded(words, 2)
    channel = rest.pop(0) if rest and _CHANNEL.fullmatch(rest[0]) else ""
    return PromptCommand(agent=agent, versions=_given(version), channel=channel, reason=_reason(rest))


def _rollback(words: list[str]) -> PromptCommand:
    """`rollback analyst v2 too eager`: a version only if it looks like one, the rest is the reason."""
    agent, *rest = _padded(words, 1)
    version = rest.pop(0) if rest and _NUMBER.fullmatch(rest[0]) else ""
    return PromptCommand(agent=agent, versions=_given(version), reason=_reason(rest))


def _canary(words: list[str]) -> PromptCommand:
    agent, version, share, *rest = _padded(words, 3)
    percent = _PERCENT.fullmatch(share)
    why = _reason(rest[1:] if rest[:1] == ["%"] else rest)
    return PromptCommand(
        agent=agent, versions=_given(version), percent=int(percent[1]) if percent else None, reason=why
    )


def _agent_only(words: list[str]) -> PromptCommand:
    """promote, abort: an agent and a reason."""
    agent, *rest = _padded(words, 1)
    return PromptCommand(agent=agent, reason=_reason(rest))


def _pin(words: list[str]) -> PromptCommand:
    agent, version, channel, *rest = _padded(words, 3)
    return PromptCommand(agent=agent, versions=_given(version), channel=channel, reason=_reason(rest))


def _unpin(words: list[str]) -> PromptCommand:
    agent, channel, *rest = _padded(words, 2)
    return PromptCommand(agent=agent, channel=channel, reason=_reason(rest))


def _help(_: list[str]) -> PromptCommand:
    return PromptCommand(HELP)


def _padded(words: list[str], count: int) -> list[str]:
    """At least so many words, the missing ones empty."""
    return words + [""] * (count - len(words))


def _given(version: str) -> tuple[str, ...]:
    return (version,) if version else ()


def _reason(words: list[str]) -> str:
    return spoken(" ".join(words))


_PARSERS: Mapping[str, Callable[[list[str]], PromptCommand]] = {
    "list": _question,
    "show": _question,
    "diff": _question,
    "set": _set,
    "rollback": _rollback,
    "canary": _canary,
    "promote": _agent_only,
    "abort": _agent_only,
    "pin": _pin,
    "unpin": _unpin,
    "history": _question,
    "stats": _stats,
    HELP: _help,
}
