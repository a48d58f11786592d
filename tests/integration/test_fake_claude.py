"""FakeClaude refuses what the Messages API refuses, counts as it counts, and answers with the document's words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any

import anthropic
import pytest

from smallprint.services.ai_client import connect
from tests.fakes.claude import FakeClaude, outcomes

DOCUMENT = "[P1 p.1] Lease\n\n" + "\n\n".join(
    f"[P{n} p.{n}] Clause {n} binds the tenant to pay the landlord every month." for n in range(2, 60)
)
BODY: dict[str, Any] = {
    "model": "claude-haiku-5-5",
    "max_tokens": 1_000,
    "messages": [
        {
            "role": "user",
            "content": [
                {
                    "type": "document",
                    "title": "lease.txt",
                    "source": {"type": "text", "media_type": "text/plain", "data": DOCUMENT},
                },
                {"type": "text", "text": "Read it."},
            ],
        }
    ],
}


def with_schema(**fields: Any) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


@pytest.fixture
async def sdk(claude: FakeClaude) -> AsyncIterator[anthropic.AsyncAnthropic]:
    async with connect("sk-ant-test", claude.url, max_retries=0) as client:
        yield client


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"temperature": 0.2}, "Extra inputs"),
        ({"top_p": 0.9}, "Extra inputs"),
        ({"top_k": 5}, "Extra inputs"),
        ({"tools": [{"name": "t", "input_schema": {}}], "tool_choice": {"type": "any"}}, "tool_choice"),
        (
            {"tools": [{"name": "t", "input_schema": {}}], "tool_choice": {"type": "tool", "name": "t"}},
            "tool_choice",
        ),
        ({"thinking": {"type": "enabled", "budget_tokens": 2048}}, "budget_tokens"),
        ({"messages": [*BODY["messages"], {"role": "assistant", "content": "{"}]}, "prefill"),
        ({"max_tokens": 0}, "max_tokens"),
        (with_schema(n={"type": "integer", "minimum": 1}), "'minimum' is not supported"),
        (with_schema(s={"type": "string", "maxLength": 9}), "'maxLength' is not supported"),
        (with_schema(a={"type": "array", "items": {"type": "string"}, "minItems": 2}), "minItems"),
        (with_schema(o={"type": "object", "properties": {}}), "additionalProperties"),
        (with_schema(o={"type": "object", "additionalProperties": True}), "additionalProperties"),
        (with_schema(**{f"u{n}": {"anyOf": [{"type": "string"}]} for n in range(17)}), "union"),
    ],
)
async def test_what_the_api_refuses_today_is_refused(sdk, change, words):
    with pytest.raises(anthropic.BadRequestError, match=words) as raised:
        await sdk.messages.create(**BODY, extra_body=change)
    assert raised.value.request_id


async def test_more_than_24_optional_parameters_are_refused(sdk):
    change = with_schema(**{f"f{n}": {"type": "string"} for n in range(25)})
    change["output_config"]["format"]["schema"]["required"] = []
    with pytest.raises(anthropic.BadRequestError, match="optional"):
        await sdk.messages.create(**BODY, extra_body=change)


async def test_a_schema_that_contains_itself_is_refused(sdk):
    change = with_schema(root={"$ref": "#/$defs/Node"})
    node = {
        "type": "object",
        "properties": {"next": {"$ref": "#/$defs/Node"}},
        "required": ["next"],
        "additionalProperties": False,
    }
    change["output_config"]["format"]["schema"]["$defs"] = {"Node": node}
    with pytest.raises(anthropic.BadRequestError, match="recursive"):
        await sdk.messages.create(**BODY, extra_body=change)


async def test_a_document_without_text_is_refused(sdk):
    body = deepcopy(BODY)
    body["messages"][0]["content"][0]["source"]["data"] = ""
    with pytest.raises(anthropic.BadRequestError, match="non-empty"):
        await sdk.messages.create(**body)


async def test_citations_do_not_go_with_structured_output(sdk):
    body = deepcopy(BODY)
    body["messages"][0]["content"][0]["citations"] = {"enabled": True}
    with pytest.raises(anthropic.BadRequestError, match="citations"):
        await sdk.messages.create(**body, extra_body=with_schema(s={"type": "string"}))


async def test_an_unknown_model_is_not_found(sdk):
    with pytest.raises(anthropic.NotFoundError):
        await sdk.messages.create(**{**BODY, "model": "claude-2"})


async def test_the_key_must_come_as_bearer_and_the_api_version_must_be_todays(claude, sdk):
    for headers, error in (
        ({"Authorization": "x"}, anthropic.AuthenticationError),
        ({"anthropic-version": "2023-06-01"}, anthropic.BadRequestError),
    ):
        with pytest.raises(error):
            await sdk.messages.create(**BODY, extra_headers=headers)
    assert not claude.billed


async def test_tokens_can_be_counted_and_models_listed(sdk):
    counted = await sdk.messages.count_tokens(model=BODY["model"], messages=BODY["messages"])
    assert counted.input_tokens > len(DOCUMENT) // 5
    assert "claude-sonnet-5-5" in [model.id async for model in sdk.models.list()]


async def test_the_same_prefix_is_read_from_the_cache_and_another_output_format_is_not(claude, sdk):
    body = deepcopy(BODY)
    body["messages"][0]["content"][0]["cache_control"] = {"type": "ephemeral"}
    one, other = with_schema(a={"type": "string"}), with_schema(b={"type": "string"})
    for form in (one, one, other):
        await sdk.messages.create(**body, extra_body=form)
    written, read, written_again = (bill.usage for bill in claude.billed)
    assert written.cache_write_5m_tokens > 512
    assert (read.cache_read_tokens, read.cache_write_5m_tokens) == (written.cache_write_5m_tokens, 0)
    assert written_again.cache_write_5m_tokens > 0


async def test_scripts_are_used_up_in_order_and_only_by_requests_they_match(claude, sdk):
    claude.script(outcomes.refusal(), outcomes.truncation(), match="lease.txt")
    claude.script(outcomes.garbage(), match=lambda body: body["model"] == "claude-opus-5-5")
    endings = [(await sdk.messages.create(**BODY)).stop_reason for _ in range(3)]
    assert endings == ["refusal", "max_tokens", "end_turn"]
    opus = await sdk.messages.create(**{**BODY, "model": "claude-opus-5-5"})
    assert "not json" in opus.content[0].text


async def test_a_request_that_is_answered_twice_stands_out(claude, sdk):
    for _ in range(2):
        await sdk.messages.create(**BODY)
    assert list(claude.deliveries().values()) == [2]
