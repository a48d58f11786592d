"""What changed from one prompt version to another: settings and text, the changed places only. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff

from smallprint.models.domain import Prompt

NO_DIFFERENCE = "There is no difference in text and settings."
CONTEXT = 2
"""Unchanged lines round a changed place."""
CONFIGURED = "the configured model"


@dataclass(frozen=True, slots=True)
class PromptDiff:
    """Lines as in a unified diff ("-was", "+is", " same", "@@ …"), without the names of files."""

    one: Prompt
    other: Prompt
    settings: tuple[str, ...]
    body: tuple[str, ...]

    @property
    def same(self) -> bool:
        return not self.settings and not self.body

    @property
    def lines(self) -> tuple[str, ...]:
        """Settings first; one sentence where nothing differs."""
        return (*self.settings, *self.body) or (NO_DIFFERENCE,)


def diff_prompts(one: Prompt, other: Prompt) -> PromptDiff:
    """From `one` to `other`."""
    pairs = zip(settings_of(one), settings_of(other), strict=True)
    return PromptDiff(
        one=one,
        other=other,
        settings=tuple(line for was, now in pairs if was != now for line in (f"-{was}", f"+{now}")),
        body=_changed(one.body.splitlines(), other.body.splitlines()),
    )


def settings_of(prompt: Prompt) -> tuple[str, ...]:
    """All that the hash of a version covers beside its text, one a line."""
    return (
        f"contract: {prompt.contract}",
        f"model: {prompt.model or CONFIGURED}",
        f"effort: {prompt.effort}",
        f"max_tokens: {prompt.max_tokens}",
        f"variables: {', '.join(sorted(prompt.variables)) or 'none'}",
    )


def _changed(was: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    lines = unified_diff(was, now, n=CONTEXT, lineterm="")
    return tuple(lines)[2:]  # after the names of two files
