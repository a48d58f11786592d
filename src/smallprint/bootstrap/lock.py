"""Released prompts, checklists and contracts never change (prompts/lock.py). This is the command:

    python -m smallprint.bootstrap.lock           write the lines of what is new
    python -m smallprint.bootstrap.lock --check   exit 1 if something changed, vanished or is not in the lock

A prompt version names its output contract. What that means stands in code: the form of the answer (agents/answers) and
the tool that hands the document over (services/ai_client). A released version would mean something else when either
changed, so both are hashed together, for each contract.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from smallprint.agents.answers import SHAPES
from smallprint.prompts.lock import main
from smallprint.services.ai_client.wire import READ_DOCUMENT

TOOLS: Sequence[Mapping[str, Any]] = (READ_DOCUMENT,)


def contract_hashes(
    shapes: Mapping[str, type[BaseModel]] = SHAPES, tools: Sequence[Mapping[str, Any]] = TOOLS
) -> dict[str, str]:
    """Contract ("analysis/1") to the hash of what it asks of a model."""
    return {
        name: _sha256({"schema": shape.model_json_schema(), "tools": list(tools)})
        for name, shape in shapes.items()
    }


def _sha256(value: Mapping[str, Any]) -> str:
    canonical = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], contracts=contract_hashes()))
