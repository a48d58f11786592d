"""What to look for in each kind of document: data beside the prompts, `checklists/<number>.yaml`.

A released file never changes (`versions.lock` holds its hash too). A prompt version refers to one by the variable
${checklist_1}, so it always means the same list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from smallprint.models.domain import DocumentType

HEADING = "## {title}"
CATEGORY = "- {name}: {look_for}"
EXPECTED = "Expected in such a document, and worth an entry in looked_for_and_not_found when absent: {items}."


@dataclass(frozen=True, slots=True)
class Checklist:
    """The list for one kind of document."""

    title: str
    categories: Mapping[str, str]
    """Category → what to look for."""
    expected: Sequence[str]
    """What such a document usually has."""


@cache
def checklists(number: int) -> Mapping[DocumentType, Checklist]:
    """The lists of one file, in the order of the file. Raises FileNotFoundError, KeyError, ValueError: a fault of the release."""
    text = (files("smallprint.prompts") / "checklists" / f"{number}.yaml").read_text(encoding="utf-8")
    return {
        DocumentType(name): Checklist(entry["title"], entry["categories"], tuple(entry["expected"]))
        for name, entry in yaml.safe_load(text).items()
    }


def checklist_text(number: int, types: Iterable[DocumentType]) -> str:
    """The lists for these kinds of document as a prompt shows them, in the order of the file; "other" is always there."""
    wanted = {*types, DocumentType.OTHER}
    return "\n\n".join(_text(each) for kind, each in checklists(number).items() if kind in wanted)


def _text(checklist: Checklist) -> str:
    lines = [HEADING.format(title=checklist.title)]
    lines += [CATEGORY.format(name=name, look_for=what) for name, what in checklist.categories.items()]
    if checklist.expected:
        lines.append(EXPECTED.format(items="; ".join(checklist.expected)))
    return "\n".join(lines)
