"""A report as JSON, and back: the format of `analyse --json` and of the database.

(Named so that it does not hide the standard library's `json`.)
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from smallprint.models.domain import Report
from smallprint.reports.comparison import Alone, Pair, ReportComparison

if TYPE_CHECKING:
    from pydantic import TypeAdapter

COMPARISON_SCHEMA = "smallprint.comparison/1"
SCHEMA = "smallprint.report/1"
"""Changes when a reader of the old form would misread the new one."""

_SCHEMA_FIELD = {"const": SCHEMA, "type": "string", "description": "The version of this format."}
_COST_FIELD = {
    "type": ["string", "null"],
    "description": "US dollars as a decimal number, the sum of the agents' costs; null when a price is unknown, 0 for a report that is shown again.",
}


def report_json(report: Report, *, indent: int | None = None) -> str:
    """The whole report with `schema` first; one line unless `indent` is given."""
    cost = report.cost_usd
    envelope = {
        "schema": SCHEMA,
        "cost_usd": None if cost is None else f"{cost:f}",
        **_adapter().dump_python(report, mode="json"),
    }
    return json.dumps(envelope, ensure_ascii=False, indent=indent)


def comparison_json(comparison: ReportComparison) -> str:
    """Both reports in the format of `report_json`; findings are named by their ids in them."""
    envelope = {
        "schema": COMPARISON_SCHEMA,
        "before": json.loads(report_json(comparison.before)),
        "after": json.loads(report_json(comparison.after)),
        "same": [_pair(pair) for pair in comparison.same],
        "severity_changed": [_pair(pair) for pair in comparison.changed],
        "gone": [_alone(each) for each in comparison.gone],
        "new": [_alone(each) for each in comparison.new],
    }
    return json.dumps(envelope, ensure_ascii=False)


def report_from_json(text: str) -> Report:
    """The report that `report_json` wrote. Raises ValueError for another format or a damaged one."""
    envelope = json.loads(text)
    if not isinstance(envelope, dict) or envelope.get("schema") != SCHEMA:
        raise ValueError(f"this is not a report of the format {SCHEMA}")
    return _adapter().validate_python(envelope)


def report_schema() -> dict[str, Any]:
    """JSON Schema of what `report_json` writes."""
    schema = _adapter().json_schema(mode="serialization")
    properties = {"schema": _SCHEMA_FIELD, "cost_usd": _COST_FIELD, **schema["properties"]}
    required = ["schema", "cost_usd", *schema["required"]]
    return {
        **schema,
        "$id": SCHEMA,
        "title": "Smallprint report",
        "properties": properties,
        "required": required,
    }


def _pair(pair: Pair) -> dict[str, str]:
    return {"before": pair.before.finding.id, "after": pair.after.finding.id}


def _alone(alone: Alone) -> dict[str, object]:
    return {"finding": alone.finding.finding.id, "set_aside": alone.set_aside}


@cache
def _adapter() -> TypeAdapter[Report]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - the command line answers `--help` without it

    return TypeAdapter(Report)
