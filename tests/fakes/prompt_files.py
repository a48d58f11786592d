"""A release's prompt files without files: short, made-up versions."""

from __future__ import annotations

import hashlib

from smallprint.models.domain import Prompt


class FakePromptFiles:
    """What a release brings; make another one for the next deploy."""

    def __init__(self, *prompts: Prompt) -> None:
        self._prompts = prompts

    def all(self) -> tuple[Prompt, ...]:
        return self._prompts


def prompt(
    version: int,
    *,
    agent: str = "document_analysis",
    body: str | None = None,
    contract: str = "analysis/1",
    source: str = "database",
) -> Prompt:
    text = f"Read it, way {version}." if body is None else body
    return Prompt(
        agent=agent,
        version=version,
        slug=f"way-{version}",
        note=f"Note of {version}.",
        body=text,
        sha256=hashlib.sha256(f"{text}{contract}".encode()).hexdigest(),
        contract=contract,
        variables=("document_kind",),
        effort="high",
        max_tokens=9_000,
        source=source,
    )
