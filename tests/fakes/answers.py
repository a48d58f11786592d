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


def some_evidence(quotation: str, passage: int = 1, page: int = 0) -> dict[str, Any]:
    return {"passage": passage, "page": page, "quotation": quotation}


def a_fact(quotation: str = "", **changes: Any) -> dict[str, Any]:
    evidence = [some_evidence(quotation)] if quotation else []
    fact = {"kind": "party", "evidence": evidence, "label": "Supplier", "value": "Acme Ltd"}
    return {**fact, **changes}


def a_sided_analysis(*findings: dict[str, Any], **changes: Any) -> str:
    """In the form "analysis/3"; evidence of findings needs its page there, see `some_evidence`."""
    answer = {
        "document_type": "contract",
        "language": "English",
        "side": "the Customer (assumed)",
        "key_facts": [],
        "findings": list(findings),
        "looked_for_and_not_found": ["a notice period"],
        "summary": "An agreement between A and B.",
    }
    return json.dumps({**answer, **changes})


def a_triage(*addressing_ai: dict[str, Any], **changes: Any) -> str:
    answer = {"addressing_ai": list(addressing_ai), "document_type": "nda", "language": "German"}
    return json.dumps({**answer, **changes})


def a_repaired_finding(finding: int, *quotations: str, statement: str = "It says less.") -> dict[str, Any]:
    evidence = [some_evidence(quotation) for quotation in quotations]
    return {"finding": finding, "evidence": evidence, "statement": statement}


def a_repair(*repaired: dict[str, Any]) -> str:
    return json.dumps({"repaired": list(repaired)})


def a_reduction(*same_matter: list[int], **changes: Any) -> str:
    answer = {
        "same_matter": [{"findings": group} for group in same_matter],
        "looked_for_and_not_found": ["a notice period"],
        "document_type": "contract",
        "summary": "A long agreement between A and B.",
    }
    return json.dumps({**answer, **changes})


def a_ruling(finding: int, verdict: str = "supported", **changes: Any) -> dict[str, Any]:
    return a_verdict(finding, verdict, **changes)


def an_adjudication(*rulings: dict[str, Any]) -> str:
    return json.dumps({"rulings": list(rulings)})


def an_explained_change(change: str, **changes: Any) -> dict[str, Any]:
    answer = {
        "change": change,
        "meaning": "You have 90 days instead of 30.",
        "direction": "worse",
        "severity": "high",
    }
    return {**answer, **changes}


def an_explanation_of_changes(*explanations: dict[str, Any], **changes: Any) -> str:
    answer = {
        "side": "the Customer",
        "explanations": list(explanations),
        "summary": "It runs longer. Nothing else.",
    }
    return json.dumps({**answer, **changes})
