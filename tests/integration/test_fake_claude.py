"""FakeClaude refuses what the Messages API refuses, counts as it counts, and answers with the document's words."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from copy import deepcopy
from typing import Any

import anthropic
import pytest

from smallprint.services.ai_client import connect
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.pictures import picture

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


# --- pictures --------------------------------------------------------------------------------------------


def image(data: bytes, media_type: str = "image/png") -> dict[str, Any]:
    return {
        "type": "image",
        "source": {"type": "base64", "media_type": media_type, "data": b64encode(data).decode()},
    }


def with_images(*blocks: dict[str, Any], role: str = "user") -> dict[str, Any]:
    body = deepcopy(BODY)
    label = {"type": "text", "text": "page 4 of the document"}
    for block in blocks:
        body["messages"][0]["content"] += [label, block]
    if role == "assistant":
        body["messages"] = [body["messages"][0], {"role": role, "content": list(blocks)}, body["messages"][0]]
    return body


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (with_images(image(b"not a picture")), "could not process image"),
        (with_images(image(picture("jpeg"))), "does not match"),
        (with_images(image(picture(), "image/tiff")), "media_type"),
        (with_images(image(picture(size=(8_001, 2)))), "8000 pixels"),
        (with_images(image(picture() + bytes(8 * 1024**2))), "10 MB"),
        (with_images(*[image(picture(size=(2_001, 2)))] * 21), "2000 pixels"),
        (with_images(image(picture()), role="assistant"), "assistant"),
        (with_images({"type": "image", "source": {"type": "url", "url": "https://a.example"}}), "base64"),
    ],
)
async def test_pictures_that_the_api_would_not_take_are_refused(sdk, body, words):
    with pytest.raises(anthropic.BadRequestError, match=words):
        await sdk.messages.create(**body)


async def test_a_picture_costs_a_flat_sum_of_tokens_and_not_its_bytes(sdk, claude):
    await sdk.messages.create(**BODY)
    await sdk.messages.create(**with_images(image(picture() + bytes(1024**2))))

    text, both = (bill.usage.input_tokens for bill in claude.billed)
    assert 1_600 <= both - text < 1_800


async def test_what_it_sees_on_a_picture_comes_with_the_pictures_page(sdk):
    evidence = {
        "type": "object",
        "properties": {name: {"type": "integer"} for name in ("passage", "page")}
        | {"quotation": {"type": "string"}},
        "required": ["passage", "page", "quotation"],
        "additionalProperties": False,
    }
    form = with_schema(findings={"type": "array", "items": evidence})

    answer = await sdk.messages.create(**with_images(image(picture())), **form)

    *of_text, of_picture = json.loads(answer.content[0].text)["findings"]
    assert [(each["passage"] > 0, each["page"]) for each in of_text] == [(True, 0)] * 2
    assert of_picture == {
        "passage": 0,
        "page": 4,
        "quotation": "These are the words that the fake model sees on picture 4.",
    }
