"""docs/grafana/smallprint.json can be imported, and asks for nothing that is not exported."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from smallprint.models.domain import ModelCall, Usage
from smallprint.services.metrics import Metrics, Standing

DASHBOARD = Path(__file__).parents[2] / "docs" / "grafana" / "smallprint.json"
DATASOURCE = {"const": {"type": "prometheus", "uid": "${datasource}"}}
WHOLE = {"type": "integer", "minimum": 0}

# What Grafana's import needs of a dashboard (schemaVersion 39), as far as we use it.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["uid", "title", "schemaVersion", "panels", "templating", "time"],
    "properties": {
        "uid": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,40}$"},
        "title": {"type": "string", "minLength": 1},
        "schemaVersion": {"const": 39},
        "id": {"type": "null"},  # a number would overwrite somebody's dashboard
        "templating": {
            "properties": {
                "list": {
                    "minItems": 1,
                    "items": {
                        "required": ["name", "type", "query"],
                        "properties": {"type": {"const": "datasource"}, "query": {"const": "prometheus"}},
                    },
                }
            }
        },
        "panels": {
            "type": "array",
            "items": {
                "required": ["id", "type", "title", "gridPos"],
                "properties": {
                    "type": {"enum": ["row", "stat", "timeseries"]},
                    "title": {"type": "string", "minLength": 1},
                    "datasource": DATASOURCE,
                    "gridPos": {
                        "required": ["x", "y", "w", "h"],
                        "additionalProperties": WHOLE,
                    },
                    "targets": {
                        "minItems": 1,
                        "items": {
                            "required": ["refId", "expr", "datasource"],
                            "properties": {"datasource": DATASOURCE, "expr": {"minLength": 1}},
                        },
                    },
                },
                "if": {"properties": {"type": {"const": "row"}}},
                "else": {"required": ["targets", "fieldConfig", "options", "datasource"]},
            },
        },
    },
}


@pytest.fixture(scope="module")
def dashboard() -> dict[str, Any]:
    loaded = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def exported() -> dict[str, set[str]]:
    """Every name that is exported when everything has happened once → its labels."""
    metrics = Metrics(CollectorRegistry())
    call = ModelCall(
        id="c",
        analysis_id="a",
        agent="g",
        purpose="main",
        attempt=1,
        prompt_version=1,
        request_model="m",
        started_at=datetime.now(UTC),
        latency_ms=1,
        status="ok",
        usage=Usage(1, 1, 1, 1, 1),
        cost_nano_usd=1,
    )
    metrics.model_called(call)
    metrics.model_called(ModelCall("d", "a", "g", "main", 1, 1, "m", datetime.now(UTC), 1, "ok"))
    metrics.job_ended("done", "low")
    metrics.step_ended("read", 1)
    metrics.slack_called("auth.test", "ok")
    standing = Standing({"queued": 1}, 1, budget_left_usd=1)
    families = text_string_to_metric_families(metrics.render(standing).decode())
    names: dict[str, set[str]] = {}
    for family in families:
        for sample in family.samples:
            names.setdefault(sample.name, {"instance"}).update(sample.labels)
    return names


def queries(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]


def asked(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:smallprint|process)_\w+", expression))


def test_grafana_can_import_it(dashboard) -> None:
    jsonschema.validate(dashboard, SCHEMA)
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids)


def test_no_panel_covers_another(dashboard) -> None:
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below


def test_every_query_asks_for_what_is_exported(dashboard, exported) -> None:
    for expression in queries(dashboard):
        assert asked(expression)
        assert asked(expression) <= exported.keys(), expression


def test_every_label_belongs_to_its_metric(dashboard, exported) -> None:
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            expression = target["expr"]
            (name,) = asked(expression)
            grouped = {
                label.strip()
                for labels in re.findall(r"by \(([^)]*)\)", expression)
                for label in labels.split(",")
            }
            matched = set(re.findall(r"(\w+)\s*(?:=~|!=|=)\s*\"", expression))
            shown = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
            assert grouped | matched | shown <= exported[name], expression


def test_everything_we_export_is_in_a_panel(dashboard, exported) -> None:
    shown = set().union(*map(asked, queries(dashboard)))
    ours = {
        re.sub(r"_(bucket|count|sum)$", "_bucket", name) for name in exported if name.startswith("smallprint")
    }
    assert ours - shown == set()
