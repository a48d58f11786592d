"""What the Messages API refuses today (anthropic-version 2026-10-21), as the research notes collected it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.fakes.claude.image_rules import check_image, check_images
from tests.fakes.claude.refusal import ApiRefusal, invalid
from tests.fakes.claude.tokens import images_in

API_VERSION = "2026-10-21"
MODELS = (
    "claude-haiku-5-5",
    "claude-sonnet-5-5",
    "claude-opus-5-5",
    "claude-fable-5-2",
)
CONTEXT_TOKENS = 1_000_000
MAX_OUTPUT_TOKENS = 128_000

PARAMETERS = frozenset(
    {
        "model",
        "max_tokens",
        "messages",
        "system",
        "tools",
        "tool_choice",
        "thinking",
        "output_config",
        "cache_control",
        "service_tier",
        "speed",
        "inference_geo",
        "metadata",
        "diagnostics",
        "stop_sequences",
        "container",
        "stream",
        "user_profile_id",
        "workspace_id",
    }
)
EFFORTS = frozenset({"low", "medium", "high", "xhigh", "max"})

SCHEMA_KEYWORDS = frozenset(
    {
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "minItems",
        "enum",
        "const",
        "anyOf",
        "allOf",
        "$ref",
        "$defs",
        "definitions",
        "description",
        "title",
        "format",
        "pattern",
        "default",
    }
)
STRING_FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
)
MAX_OPTIONAL_PARAMETERS = 24
MAX_UNION_PARAMETERS = 16


def check_headers(headers: Mapping[str, str], api_key: str | None) -> None:
    """Raises ApiRefusal. Any Bearer token does when `api_key` is None."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not token or (api_key is not None and token != api_key):
        raise ApiRefusal(401, "authentication_error", "invalid bearer token")
    if headers.get("anthropic-version") != API_VERSION:
        raise invalid("anthropic-version: header is required")


def check_body(body: Mapping[str, Any]) -> None:
    """Raises ApiRefusal."""
    for check in _CHECKS:
        check(body)


def _parameters(body: Mapping[str, Any]) -> None:
    for name in body:
        if name not in PARAMETERS:
            raise invalid(f"{name}: Extra inputs are not permitted")
    for name in ("model", "max_tokens", "messages"):
        if name not in body:
            raise invalid(f"{name}: Field required")
    if body["model"] not in MODELS:
        raise ApiRefusal(404, "not_found_error", f"model: {body['model']}")
    if not 0 < body["max_tokens"] <= MAX_OUTPUT_TOKENS:
        raise invalid(f"max_tokens: must be between 1 and {MAX_OUTPUT_TOKENS}")


def _thinking(body: Mapping[str, Any]) -> None:
    thinking = body.get("thinking", {})
    if "budget_tokens" in thinking or thinking.get("type") == "enabled":
        raise invalid("thinking.budget_tokens: not supported for this model")
    if thinking.get("type") == "disabled" and "haiku" not in body["model"]:
        raise invalid("thinking: cannot be disabled for this model")


def _tools(body: Mapping[str, Any]) -> None:
    choice = body.get("tool_choice", {}).get("type")
    if choice in {"any", "tool"}:
        raise invalid('tool_choice: type "tool" and "any" are not supported for this model')
    if choice is not None and not body.get("tools"):
        raise invalid("tool_choice: may only be specified while providing tools")


def _turns(body: Mapping[str, Any]) -> None:
    turns = body["messages"]
    if not turns or turns[0]["role"] != "user":
        raise invalid("messages: first message must use the user role")
    if turns[-1]["role"] == "assistant":
        raise invalid("This model does not support assistant message prefill")
    waiting: set[str] = set()
    for number, turn in enumerate(turns):
        blocks = _blocks(turn)
        answered = {block["tool_use_id"] for block in blocks if block["type"] == "tool_result"}
        if answered != waiting:
            raise invalid(f"messages.{number}: tool_use ids without tool_result blocks immediately after")
        waiting = {block["id"] for block in blocks if block["type"] == "tool_use"}
        for block in blocks:
            _block(block, turn["role"], number, body)
    check_images(list(images_in(turns)))


def _blocks(turn: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = turn["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _block(block: Mapping[str, Any], role: str, number: int, body: Mapping[str, Any]) -> None:
    kind = block["type"]
    if kind == "text":
        _text_block(block, role, number)
    elif kind == "document":
        _document(block, role, number, body)
    elif kind == "image":
        check_image(block, role, f"messages.{number}.content")
    elif kind == "tool_result":
        for inner in block.get("content", []):
            if "cache_control" in inner:
                raise invalid(f"invalid_cache: cache_control is not supported at messages.{number}.content")
            _block(inner, role, number, body)
    elif kind != "tool_use":
        raise invalid(f"messages.{number}.content: unexpected block type {kind!r}")


def _text_block(block: Mapping[str, Any], role: str, number: int) -> None:
    if not block["text"].strip():
        raise invalid(f"messages.{number}.content: text content blocks must contain non-whitespace text")
    if block.get("citations") and role == "user":
        raise invalid(f"messages.{number}.content: citations on a user text block are not supported")


def _document(block: Mapping[str, Any], role: str, number: int, body: Mapping[str, Any]) -> None:
    if role == "assistant":
        raise invalid(f"messages.{number}.content: document blocks are not supported in assistant messages")
    if block["source"].get("type") == "text" and not block["source"].get("data", "").strip():
        raise invalid(f"messages.{number}.content: document source data must be non-empty")
    if block.get("citations", {}).get("enabled") and body.get("output_config", {}).get("format"):
        raise invalid("citations cannot be used together with output_config.format")


def _output(body: Mapping[str, Any]) -> None:
    config = body.get("output_config", {})
    if config.get("effort", "medium") not in EFFORTS:
        raise invalid("output_config.effort: unknown effort")
    form = config.get("format")
    if form is None:
        return
    if form.get("type") != "json_schema" or "schema" not in form:
        raise invalid("output_config.format: must be a json_schema with a schema")
    check_schema(form["schema"])


def check_schema(schema: Mapping[str, Any]) -> None:
    """Raises ApiRefusal for what structured outputs do not support."""
    nodes = list(_nodes(schema))
    for node in nodes:
        _schema_node(node)
    objects = [node for node in nodes if node.get("type") == "object"]
    optional = sum(len(set(node.get("properties", {})) - set(node.get("required", []))) for node in objects)
    if optional > MAX_OPTIONAL_PARAMETERS:
        raise invalid(f"schema: {optional} optional parameters, at most {MAX_OPTIONAL_PARAMETERS}")
    unions = sum("anyOf" in node or isinstance(node.get("type"), list) for node in nodes)
    if unions > MAX_UNION_PARAMETERS:
        raise invalid(f"schema: {unions} parameters with union types, at most {MAX_UNION_PARAMETERS}")
    _no_recursion(schema.get("$defs", {}))


def _schema_node(node: Mapping[str, Any]) -> None:
    for keyword in node:
        if keyword not in SCHEMA_KEYWORDS:
            raise invalid(f"schema: For {node.get('type')!r} type, property {keyword!r} is not supported")
    if node.get("type") == "object" and node.get("additionalProperties") is not False:
        raise invalid("schema: For 'object' type, 'additionalProperties' must be explicitly set to false")
    if node.get("minItems", 0) > 1:
        raise invalid("schema: For 'array' type, 'minItems' values other than 0 or 1 are not supported")
    if node.get("type") == "string" and node.get("format", "date") not in STRING_FORMATS:
        raise invalid(f"schema: For 'string' type, format {node['format']!r} is not supported")
    if any(part in node.get("pattern", "") for part in ("(?=", "(?!", "(?<", r"\b")):
        raise invalid("schema: lookaround and word boundaries in 'pattern' are not supported")


def _nodes(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every schema inside `schema`, itself first."""
    yield schema
    for keyword in ("properties", "$defs", "definitions"):
        for inner in schema.get(keyword, {}).values():
            yield from _nodes(inner)
    for inner in [*schema.get("anyOf", []), *schema.get("allOf", [])]:
        yield from _nodes(inner)
    if isinstance(schema.get("items"), Mapping):
        yield from _nodes(schema["items"])


def _no_recursion(definitions: Mapping[str, Any]) -> None:
    uses = {
        name: {str(node["$ref"]).rsplit("/", 1)[1] for node in _nodes(inner) if "$ref" in node}
        for name, inner in definitions.items()
    }
    while leaves := {name for name, used in uses.items() if not used}:
        uses = {name: used - leaves for name, used in uses.items() if name not in leaves}
    if uses:
        raise invalid(f"schema: recursive definitions are not supported: {', '.join(sorted(uses))}")


_CHECKS: tuple[Callable[[Mapping[str, Any]], None], ...] = (_parameters, _thinking, _tools, _turns, _output)
