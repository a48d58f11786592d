"""Claude says how many tokens a request has, for nothing; where nobody can say, nothing depends on it."""

from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from smallprint.services.ai_client import COMPATIBLE
from tests.fakes.claude.local import MODELS, LocalServer
from tests.integration.ai_client.setting import REQUEST, connected


async def test_a_count_is_what_the_request_is_billed_for_and_costs_nothing(claude, client, calls):
    tokens = await client.count(REQUEST)
    assert claude.billed == []
    assert calls.begun == []
    completion = await client.complete(REQUEST)
    assert tokens == pytest.approx(completion.usage.input_tokens, abs=10)


async def test_a_longer_document_counts_more(client):
    longer = replace(REQUEST, document_text="word " * 4_000)
    assert (await client.count(longer) or 0) > (await client.count(REQUEST) or 0) + 4_000


@pytest.mark.parametrize("cached", [True, False])
async def test_what_is_counted_is_what_is_sent(claude, client, cached):
    request = replace(REQUEST, cache=cached)
    await client.count(request)
    await client.complete(request)
    (sent,), (counted,) = claude.received, claude.counted
    assert {**counted, "max_tokens": sent["max_tokens"]} == sent


async def test_a_model_that_is_not_there_gives_no_count_and_no_error(client):
    assert await client.count(replace(REQUEST, model="claude-2")) is None


async def test_a_server_of_ones_own_that_cannot_count_gives_none(calls):
    async with (
        LocalServer() as server,
        connected(server.url, calls, capabilities=COMPATIBLE) as client,
    ):
        assert await client.count(replace(REQUEST, model=MODELS[0])) is None


async def test_nobody_there_gives_none(calls):
    async with connected("http://127.0.0.1:9", calls) as client:
        assert await client.count(REQUEST) is None


@pytest.mark.parametrize(
    "answer",
    [
        web.json_response({"input_tokens": 3}),
        web.json_response({"tokens": 300}),
        web.json_response([]),
        web.json_response({"input_tokens": "many"}),
        web.Response(text="<html>", content_type="text/html"),
        web.json_response({"type": "error"}, status=429, headers={"retry-after": "600"}),
    ],
    ids=["left out the document", "no number", "a list", "a word", "a page", "too many"],
)
async def test_an_answer_that_is_none_gives_none(answer: web.Response, calls):
    async def count(_request: web.Request) -> web.Response:
        return answer

    app = web.Application()
    app.router.add_post("/v1/messages/count_tokens", count)
    async with TestServer(app) as server, connected(str(server.make_url("")), calls) as client:
        assert await client.count(REQUEST) is None
