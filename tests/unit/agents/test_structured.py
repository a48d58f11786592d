"""The answer is found in what a model wrote, and who gave it is told."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from smallprint.agents.structured import ask, parse_answer
from smallprint.errors import InvalidAnswer
from smallprint.models.completion import Completion, CompletionRequest
from smallprint.models.domain import Usage

REQUEST = CompletionRequest("a1", "document_analysis", "main", "asked", "medium", 100, "", "", "", "", {})


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    text: str
    inner: dict[str, str] = {}


ANSWER = '{"text": "a {brace} and a \\" quote", "inner": {"a": "b"}}'


@pytest.mark.parametrize(
    "wrapped",
    [
        ANSWER,
        f"  {ANSWER}\n",
        f"```json\n{ANSWER}\n```",
        f"```\n{ANSWER}\n```\nAnything else?",
        f"Here is the {{requested}} JSON:\n\n{ANSWER}\n\nIt has {{two}} fields.",
        f'<think>Maybe {{"text": "no"}}? Better:</think>{ANSWER}',
    ],
)
def test_the_answer_is_found_whatever_stands_round_it(wrapped):
    assert parse_answer(Note, wrapped) == Note(text='a {brace} and a " quote', inner={"a": "b"})


@given(
    st.dictionaries(st.text(), st.text()),
    st.text().filter(lambda text: "{" not in text),
    st.text().filter(lambda text: "}" not in text and "{" not in text),
)
def test_any_object_is_found_between_any_prose(inner, before, after):
    answer = json.dumps({"text": "x", "inner": inner}, ensure_ascii=False)
    assert parse_answer(Note, before + answer + after).inner == inner


@given(st.text() | st.text(alphabet='{}[]":, a1\n'))
def test_any_text_is_an_answer_or_a_fault(text):
    with suppress(InvalidAnswer):
        assert isinstance(parse_answer(Note, text), Note)


@pytest.mark.parametrize("text", ["{" * 100_000, '{"a":' * 5_000 + "[" * 5_000], ids=["braces", "nested"])
def test_a_text_that_only_opens_ends_as_a_fault_and_soon(text):
    with pytest.raises(InvalidAnswer):
        parse_answer(Note, text)


async def test_the_report_knows_which_model_was_to_answer():
    class Replaced:
        sees = True

        async def complete(self, request: CompletionRequest) -> Completion:
            return Completion(ANSWER, "another", Usage(), 1, 1.0, instead_of=request.model)

    _, run = await ask(Replaced(), REQUEST, lambda text: parse_answer(Note, text))
    assert (run.model, run.instead_of) == ("another", "asked")
