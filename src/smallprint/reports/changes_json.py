"""The changes between two documents as JSON: the format of `compare --json`."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from smallprint.models.domain import DocumentChanges
from smallprint.reports import changes as words

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA = "smallprint.changes/1"
"""Changes when a reader of the old form would misread the new one."""


def changes_json(changes: DocumentChanges, *, indent: int | None = None) -> str:
    """All of it, with `schema`, `headline` and `cost_usd` first; one line unless `indent` is given."""
    cost = changes.cost_usd
    envelope = {
        "schema": SCHEMA,
        "headline": words.headline(changes),
        "cost_usd": None if cost is None else f"{cost:f}",
        **_adapter().dump_python(changes, mode="json"),
    }
    del envelope["found"]["spans"]  # offsets for our own use
    return json.dumps(envelope, ensure_ascii=False, indent=indent)


@cache
def _adapter() -> TypeAdapter[DocumentChanges]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - the command line answers `--help` without it

    return TypeAdapter(DocumentChanges)
