"""What is told of a streamed answer while it comes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from smallprint.errors import ModelUnreachable
from tests.fakes.claude import outcomes
from tests.integration.ai_client.setting import REQUEST, STREAMED

LONG = '{"findings": [], "summary": "' + "so " * 500 + '"}'


async def test_a_listener_hears_the_answer_grow_to_its_end(claude, client) -> None:
    claude.script(outcomes.says(LONG))
    heard: list[str] = []
    completion = await client.complete(replace(STREAMED, hears=heard.append))
    assert len(heard) > 1
    assert all(later.startswith(sooner) for sooner, later in pairwise(heard))
    assert heard[-1] == completion.text == LONG


async def test_thinking_is_not_heard(claude, client) -> None:
    claude.script(outcomes.thinking_first())
    heard: list[str] = []
    completion = await client.complete(replace(STREAMED, hears=heard.append))
    assert heard[-1] == completion.text


async def test_an_answer_that_was_paid_for_is_not_told_again(client) -> None:
    await client.complete(STREAMED)
    heard: list[str] = []
    await client.complete(replace(STREAMED, hears=heard.append))
    assert heard == []


async def test_what_was_heard_of_a_broken_stream_is_recorded_as_ever(claude, client, calls) -> None:
    claude.script(outcomes.says(LONG), outcomes.drop_mid_answer())
    await client.complete(replace(STREAMED, hears=lambda _: None))
    heard: list[str] = []
    with pytest.raises(ModelUnreachable):
        await client.complete(replace(STREAMED, purpose="again", hears=heard.append))
    assert calls.calls[-1].status == ModelUnreachable.code


async def test_without_streaming_nothing_is_told(client) -> None:
    heard: list[str] = []
    await client.complete(replace(REQUEST, hears=heard.append))
    assert heard == []
