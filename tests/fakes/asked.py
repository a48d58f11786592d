"""Answers to questions as a model writes them, and what a test says about documents."""

from __future__ import annotations

import json
from typing import Any

from smallprint.models.domain import AgentRun, Answer, AnswerPoint, Evidence, Match, Usage
from tests.fakes.answers import some_evidence


def a_point(
    statement: str = "The cap is a year's fees.", *quotations: str, passage: int = 1
) -> dict[str, Any]:
    return {
        "evidence": [some_evidence(quotation, passage) for quotation in quotations],
        "statement": statement,
    }


def an_answer(*points: dict[str, Any], found: bool = True) -> str:
    return json.dumps({"points": list(points), "in_the_document": found})


def a_verified_point(
    statement: str = "Notice is ninety days.",
    text: str = "ninety days' written notice",
    match: Match = Match.EXACT,
    document: int = 0,
) -> AnswerPoint:
    return AnswerPoint(statement, (Evidence(match, text, 1, 3, "p. 3"),), document)


def an_agent_run(cost_nano_usd: int | None = 12_000_000) -> AgentRun:
    return AgentRun("follow_up", "claude-sonnet-5-5", 1, Usage(1_000, 0, 0, 0, 100), cost_nano_usd, 2.0)


def a_whole_answer(*points: AnswerPoint, found: bool = True, **changes: Any) -> Answer:
    values: dict[str, Any] = {
        "points": points or (a_verified_point(),),
        "found": found,
        "documents": ("agreement.pdf",),
        "agents": (an_agent_run(),),
    }
    return Answer(**{**values, **changes})
