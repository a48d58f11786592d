"""A finding as another agent is shown it: data, numbered, and nothing that tells it what to think."""

from __future__ import annotations

from typing import Any

from smallprint.models.domain import Finding


def finding_data(number: int, finding: Finding) -> dict[str, Any]:
    """What it says; not how bad its author thinks it is, why, or what to do about it."""
    return {
        "finding": number,
        "category": finding.category,
        "title": finding.title,
        "statement": finding.statement,
    }
