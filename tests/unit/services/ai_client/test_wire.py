from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from smallprint.agents.answers import SHAPES
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import Picture
from smallprint.services.ai_client.capabilities import CLAUDE, COMPATIBLE
from smallprint.services.ai_client.wire import DELIVERIES, KEEP, strict_schema
from smallprint.services.ai_client.wire import wire_request as wire_request_for
from tests.fakes.claude.api_rules import check_body, check_schema
from tests.fakes.pictures import picture

SCHEMA = {"type": "object", "properties": {"summary": {"type": "string"}}, "required": ["summary"]}
REQUEST = CompletionRequest(
    analysis_id="a1",
    agent="document_analysis",
    purpose="main",
    model="claude-sonnet-5-5",
    effort="medium",
    max_tokens=16_000,
    system="You read documents.",
    task="State what matters.",
    document_name="msa.pdf",
    document_text="[P1 p.1] Master Services Agreement",
    output_schema=SCHEMA,
)
REPAIR = replace(REQUEST, purpose="repair", faulty_answer="{}", fault="summary: Field required {brace}")
PICTURES = (Picture("image/png", picture("png"), 3), Picture("image/jpeg", picture("jpeg"), None))
SCAN = replace(REQUEST, pictures=PICTURES)
REVIEW = replace(REQUEST, attachment='{"findings_to_review": [{"statement": "Unlimited liability"}]}')


def wire_request(request: CompletionRequest, delivery: str) -> dict[str, Any]:
    return wire_request_for(request, replace(CLAUDE, document_delivery=delivery))


every_delivery = pytest.mark.parametrize("delivery", sorted(DELIVERIES))


def test_by_default_the_document_is_the_result_of_a_tool_and_the_task_stands_after_it():
    asked, called, given_ = wire_request(REQUEST, "tool_result")["messages"]
    assert asked == {"role": "user", "content": "Read document doc_1."}
    [tool_use] = called["content"]
    result, task = given_["content"]
    assert (tool_use["type"], tool_use["name"]) == ("tool_use", "read_document")
    assert (result["type"], result["tool_use_id"]) == ("tool_result", tool_use["id"])
    assert result["content"] == [
        {
            "type": "document",
            "title": "msa.pdf",
            "source": {"type": "text", "media_type": "text/plain", "data": REQUEST.document_text},
        }
    ]
    assert task == {"type": "text", "text": "State what matters."}


def test_the_tool_that_brought_the_document_cannot_be_called():
    body = wire_request(REQUEST, "tool_result")
    assert body["tool_choice"] == {"type": "none"}
    assert [tool["name"] for tool in body["tools"]] == ["read_document"]


@every_delivery
@pytest.mark.parametrize(
    "request_", [REQUEST, REPAIR, REVIEW, SCAN], ids=["main", "repair", "review", "scan"]
)
def test_claude_accepts_every_request_we_make(request_, delivery):
    check_body(wire_request(request_, delivery))


@every_delivery
def test_nothing_that_current_models_refuse_is_sent(delivery):
    body = wire_request(REQUEST, delivery)
    assert not {"temperature", "top_p", "top_k", "thinking"} & set(body)
    assert body["messages"][-1]["role"] == "user"


@every_delivery
def test_no_word_of_the_document_reaches_the_system_prompt_or_the_task(delivery):
    body = wire_request(REVIEW, delivery)
    assert body["system"] == [{"type": "text", "text": "You read documents."}]
    assert body["messages"][-1]["content"][-1] == {"type": "text", "text": "State what matters."}


@every_delivery
def test_the_findings_to_review_travel_as_data_like_the_document(delivery):
    parts = wire_request(REVIEW, delivery)["messages"][-1]["content"]
    data = parts[0]["content"] if delivery == "tool_result" else parts[:-1]
    assert len(data) == 2
    assert "Unlimited liability" in str(data[1])


@every_delivery
def test_a_repair_leaves_the_first_conversation_as_it_was_and_goes_on_from_it(delivery):
    first = wire_request(REQUEST, delivery)["messages"]
    repair = wire_request(REPAIR, delivery)["messages"]
    assert repair[: len(first)] == first
    answered, shown = repair[len(first) :]
    assert answered == {"role": "assistant", "content": [{"type": "text", "text": "{}"}]}
    assert "summary: Field required {brace}" in shown["content"][0]["text"]
    assert "complete corrected answer" in shown["content"][0]["text"]


@given(st.text(min_size=1))
def test_a_document_sent_as_text_cannot_close_its_own_tag(text):
    [enclosed, _task] = wire_request(replace(REQUEST, document_text=text), "text")["messages"][0]["content"]
    closing = re.search(r"</document-[0-9a-f]+>$", enclosed["text"])
    assert closing
    # once in the warning, once at the end
    assert enclosed["text"].count(closing[0]) == 2


@every_delivery
def test_pictures_travel_as_data_beside_the_document_each_with_its_page_before_it(delivery):
    attached = replace(SCAN, attachment="{}")
    parts = wire_request(attached, delivery)["messages"][-1]["content"]
    data = parts[0]["content"] if delivery == "tool_result" else parts[:-1]

    document, label, first, other_label, other, attachment = data

    assert "Master Services Agreement" in str(document)
    assert label["text"].startswith("page 3 of the document, as a picture. Untrusted")
    assert other_label["text"].startswith("page 1 ")
    assert first["source"] == {
        "type": "base64",
        "media_type": "image/png",
        "data": b64encode(PICTURES[0].content).decode(),
    }
    assert other["source"]["media_type"] == "image/jpeg"
    assert "{}" in str(attachment)


def test_a_request_never_shows_its_pictures():
    assert "PNG" not in repr(SCAN)


# --- a prefix that is kept -------------------------------------------------------------------------------

kept_requests = pytest.mark.parametrize("request_", [REQUEST, REVIEW, SCAN, REPAIR])


@every_delivery
@kept_requests
def test_what_is_kept_ends_with_the_document_and_its_pictures(request_, delivery):
    parts = wire_request(replace(request_, cache=True), delivery)["messages"][
        2 if delivery == "tool_result" else 0
    ]
    [marked] = [number for number, block in enumerate(parts["content"]) if KEEP.items() <= block.items()]
    kept, rest = str(parts["content"][: marked + 1]), str(parts["content"][marked + 1 :])
    assert "Master Services Agreement" in kept
    assert kept.count("base64") == len(request_.pictures)
    assert "Unlimited liability" not in kept
    assert request_.task in rest
    assert ("Unlimited liability" in rest) == (request_.attachment is not None)


@every_delivery
@kept_requests
def test_claude_accepts_every_request_that_is_kept(request_, delivery):
    check_body(wire_request(replace(request_, cache=True), delivery))


def test_the_findings_to_review_come_as_the_result_of_a_tool_when_the_document_before_them_is_kept():
    _, called, given_ = wire_request(replace(REVIEW, cache=True), "tool_result")["messages"]
    assert [call["input"]["document_id"] for call in called["content"]] == ["doc_1", "doc_2"]
    document, findings, task = given_["content"]
    assert [document["type"], findings["type"], task["type"]] == ["tool_result", "tool_result", "text"]
    assert "Unlimited liability" in findings["content"][0]["source"]["data"]


@every_delivery
def test_two_requests_about_the_same_document_have_the_same_kept_part(delivery):
    kept = replace(REVIEW, cache=True)
    first = wire_request(replace(kept, attachment="{}"), delivery)["messages"]
    second = wire_request(replace(kept, task="Look again.", purpose="part 2"), delivery)["messages"]
    *before, last = first
    assert before == second[: len(before)]
    assert last["content"][0] == second[len(before)]["content"][0]


@every_delivery
def test_an_endpoint_that_keeps_nothing_is_not_asked_to(delivery):
    forgetful = replace(CLAUDE, document_delivery=delivery, caching=False)
    assert wire_request_for(replace(REVIEW, cache=True), forgetful) == wire_request(REVIEW, delivery)


# --- other endpoints -------------------------------------------------------------------------------------


def test_an_endpoint_that_enforces_no_schema_reads_it_after_the_task():
    body = wire_request_for(REVIEW, COMPATIBLE)
    [turn] = body["messages"]
    document, findings, task, form = turn["content"]
    assert "Master Services Agreement" in document["text"]
    assert "Unlimited liability" in findings["text"]
    assert task == {"type": "text", "text": "State what matters."}
    assert json.loads(form["text"].partition("JSON Schema:\n")[2]) == strict_schema(SCHEMA)


def test_a_compatible_endpoint_gets_only_what_every_server_knows():
    body = wire_request_for(replace(REPAIR, attachment="{}", cache=True), COMPATIBLE)
    assert set(body) == {"model", "max_tokens", "system", "messages"}
    assert {block["type"] for turn in body["messages"] for block in turn["content"]} == {"text"}


def test_an_endpoint_without_effort_still_gets_the_schema_and_one_without_a_schema_the_effort():
    no_effort, no_schema = replace(CLAUDE, effort=False), replace(CLAUDE, native_schema=False)
    assert set(wire_request_for(REQUEST, no_effort)["output_config"]) == {"format"}
    assert set(wire_request_for(REQUEST, no_schema)["output_config"]) == {"effort"}


# --- schemas ---------------------------------------------------------------------------------------------

answers = pytest.mark.parametrize("answer", SHAPES.values(), ids=SHAPES)


@answers
def test_claude_accepts_the_schemas_of_our_agents(answer: type[BaseModel]):
    check_schema(strict_schema(answer.model_json_schema()))


@answers
def test_every_field_of_our_schemas_reaches_claude_with_its_type(answer: type[BaseModel]):
    ours = answer.model_json_schema()
    theirs = strict_schema(ours)
    assert _fields(theirs) == _fields(ours)


@answers
def test_every_field_of_our_schemas_is_required(answer: type[BaseModel]):
    for node in _objects(answer.model_json_schema()):
        assert set(node["required"]) == set(node["properties"])


@answers
def test_our_schemas_hold_no_open_maps_which_claude_could_only_leave_empty(answer: type[BaseModel]):
    for node in _objects(answer.model_json_schema()):
        assert node["properties"]
        assert node.get("additionalProperties") is False


@answers
def test_nothing_of_our_schemas_becomes_prose_in_a_description(answer: type[BaseModel]):
    assert "{" not in " ".join(_descriptions(strict_schema(answer.model_json_schema())))


def _fields(schema: Any, path: str = "") -> set[tuple[str, str]]:
    found = set()
    if isinstance(schema, dict):
        for key, inner in schema.items():
            found |= _fields(inner, f"{path}/{key}")
            if key in {"type", "enum", "const", "$ref"}:
                found.add((f"{path}/{key}", str(inner)))
    # an enum implies its type, so the transform leaves the type out
    enums = {path.rsplit("/", 1)[0] for path, _ in found if path.endswith(("/enum", "/const"))}
    return {
        (path, value) for path, value in found if path.rsplit("/", 1)[0] not in enums or "type" not in path
    }


def _objects(schema: Any) -> list[dict[str, Any]]:
    if not isinstance(schema, dict):
        return []
    inner = [node for value in schema.values() for node in _objects(value)]
    return [schema, *inner] if schema.get("type") == "object" else inner


def _descriptions(schema: Any) -> list[str]:
    if not isinstance(schema, dict):
        return []
    own = [schema["description"]] if isinstance(schema.get("description"), str) else []
    return own + [text for value in schema.values() for text in _descriptions(value)]
