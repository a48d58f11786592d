"""Answers as a model writes them: JSON text."""

from __future__ import annotations

import json
from typing import Any


def a_finding(quotation: str | None = None, *, passage: object = 1, **changes: Any) -> dict[str, Any]:
    """One finding of an answer, with one quotation or none."""
    evidence = [] if quotation is None else [{"passage": passage, "quotation": quotation}]
    finding = {
        "category": "liability.uncapped",
        "title": "Liability without limit",
        "statement": "The supplier is liable without limit.",
        "evidence": evidence,
        "why_it_matters": "One claim can cost more than the contract is worth.",
        "recommendation": "Ask for a cap.",
        "severity": "high",
    }
    return {**finding, **changes}


def an_analysis(*findings: dict[str, Any], **changes: Any) -> str:
    answer = {
        "findings": list(findings),
        "looked_for_and_not_found": ["a notice period"],
        "summary": "An agreement between A and B.",
    }
    return json.dumps({**answer, **changes})


def a_verdict(finding: int, verdict: str = "supported", **changes: Any) -> dict[str, Any]:
    given = {
        "finding": finding,
        "evidence": [],
        "comment": "Clause 7 says so.",
        "verdict": verdict,
        "severity": "high",
    }
    return {**given, **changes}


def a_review(*verdicts: dict[str, Any], missed: list[dict[str, Any]] | None = None) -> str:
    return json.dumps({"verdicts": list(verdicts), "missed": missed or []})
