"""Spans of jobs and agents, with those of the anthropic SDK inside, through engine, agents and AIClient."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.trace import StatusCode
from structlog.testing import capture_logs

from smallprint.errors import EncryptedDocument
from smallprint.services.tracing import NOT_INSTALLED, NoTracing, open_tracing
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.job_store import a_job
from tests.integration.watched import Watched, said_of

SDK_SPAN = "anthropic.messages.create"


class Eavesdropping(FakeClaude):
    """Also keeps the headers."""

    def __init__(self) -> None:
        super().__init__()
        self.headers: list[Mapping[str, str]] = []

    def _check(self, headers: Mapping[str, str], body: dict[str, Any]) -> None:
        self.headers.append(dict(headers))
        super()._check(headers, body)


@pytest.fixture
async def claude() -> AsyncIterator[Eavesdropping]:
    async with Eavesdropping() as running:
        yield running


async def test_the_sdks_calls_nest_in_agents_and_agents_in_the_job(tmp_path: Path, claude: FakeClaude):
    watched = Watched()
    async with watched.open(tmp_path, claude.url):
        await watched.finish(a_job())
    recorded = watched.recorded
    assert sorted(tuple(recorded.path_of(span)) for span in recorded.named(SDK_SPAN)) == [
        ("document job", "invoke_agent document_analysis", SDK_SPAN),
        ("document job", "invoke_agent document_triage", SDK_SPAN),
        ("document job", "invoke_agent findings_review", SDK_SPAN),
    ]
    assert len({span.context.trace_id for span in recorded.spans if span.context}) == 1
    assert len(recorded.named(SDK_SPAN)) == len(claude.billed)


async def test_a_repaired_answer_is_two_calls_of_one_agent(tmp_path: Path, claude: FakeClaude):
    watched = Watched()
    claude.script(outcomes.garbage(), match="AnalystAnswer")
    async with watched.open(tmp_path, claude.url):
        await watched.finish(a_job())
    (analyst,) = watched.recorded.named("invoke_agent document_analysis")
    inside = [
        s
        for s in watched.recorded.named(SDK_SPAN)
        if s.parent and s.parent.span_id == analyst.context.span_id
    ]
    assert len(inside) == 2


async def test_spans_say_who_with_which_prompt_and_at_what_cost(tmp_path: Path, claude: FakeClaude):
    watched = Watched()
    async with watched.open(tmp_path, claude.url):
        await watched.finish(a_job())
    (analyst,) = watched.recorded.named("invoke_agent document_analysis")
    said = said_of(analyst)
    bill = next(bill for bill in claude.billed if bill.form == "AnalystAnswer")
    assert said["gen_ai.operation.name"] == "invoke_agent"
    assert said["gen_ai.agent.name"] == said["gen_ai.prompt.name"] == "document_analysis"
    assert str(said["gen_ai.prompt.version"]).isdigit()
    assert said["gen_ai.response.model"] == bill.model
    assert said["gen_ai.usage.output_tokens"] == bill.usage.output_tokens
    assert isinstance(said["smallprint.cost_usd"], float)
    (job,) = watched.recorded.named("document job")
    assert said_of(job)["smallprint.job.id"] == a_job().id
    assert said_of(job)["smallprint.job.outcome"] in {"low", "medium", "high", "critical"}
    assert job.status.status_code is StatusCode.UNSET


async def test_input_tokens_are_counted_with_the_cached_ones_as_the_conventions_want(tmp_path, claude):
    watched = Watched()
    async with watched.open(tmp_path, claude.url):
        await watched.finish(a_job())
    for span in watched.recorded.spans:
        if span.name.startswith("invoke_agent"):
            said = said_of(span)
            cached = (
                said["gen_ai.usage.cache_read.input_tokens"]
                + said["gen_ai.usage.cache_creation.input_tokens"]
            )
            assert said["gen_ai.usage.input_tokens"] >= cached


async def test_a_job_that_fails_is_an_error_with_its_code_and_no_message(tmp_path: Path, claude: FakeClaude):
    watched = Watched()
    watched.reader.troubles.append(EncryptedDocument("The text of a document"))
    async with watched.open(tmp_path, claude.url):
        await watched.finish(a_job())
    (job,) = watched.recorded.named("document job")
    assert job.status.status_code is StatusCode.ERROR
    assert job.status.description is None
    assert said_of(job)["error.type"] == "encrypted"
    assert job.events == ()


async def test_an_agent_that_fails_is_an_error_inside_the_job(tmp_path: Path, claude: FakeClaude):
    watched = Watched()
    claude.always(outcomes.refusal())
    async with watched.open(tmp_path, claude.url):
        await watched.finish(a_job())
    failed = watched.recorded.named("invoke_agent document_analysis")
    assert {said_of(span)["error.type"] for span in failed} == {"model_refused"}
    (job,) = watched.recorded.named("document job")
    assert said_of(job)["error.type"] == "model_refused"


async def test_no_word_of_a_document_leaves_in_a_span_whatever_the_environment_says(
    tmp_path: Path, claude: Eavesdropping, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE", "content")
    watched = Watched()
    async with watched.open(tmp_path, claude.url):
        await watched.finish(a_job())
    everything = "".join(span.to_json() for span in watched.recorded.spans)
    assert "The text of" not in everything
    assert "F1.txt" not in everything
    assert "sk-ant-test" not in everything
    assert not {a_job().channel, a_job().user} & set(everything.split('"'))


async def test_our_traces_are_not_told_to_anthropic(tmp_path: Path, claude: Eavesdropping):
    watched = Watched()
    async with watched.open(tmp_path, claude.url):
        await watched.finish(a_job())
    assert claude.headers
    assert not [
        sent for sent in claude.headers if {name.lower() for name in sent} & {"traceparent", "baggage"}
    ]


def test_without_an_endpoint_nothing_of_opentelemetrys_sdk_is_loaded():
    program = (
        "import sys; import smallprint.bootstrap.service; from smallprint.services.tracing import open_tracing;"
        "open_tracing(None); print([name for name in sys.modules if name.startswith('opentelemetry.sdk')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_without_an_endpoint_nothing_is_traced():
    assert isinstance(open_tracing(None), NoTracing)
    assert isinstance(open_tracing(""), NoTracing)


@pytest.mark.skipif(find_spec("opentelemetry.exporter") is not None, reason="it is installed")
def test_with_an_endpoint_but_without_the_extra_a_sentence_says_so_and_all_goes_on():
    with capture_logs() as log:
        assert isinstance(open_tracing("http://127.0.0.1:4318"), NoTracing)
    assert [line["event"] for line in log] == [NOT_INSTALLED]
