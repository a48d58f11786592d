"""`smallprint doctor`: each fault is seen, named, and comes with what to do."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from smallprint.agents.answers import SUPPORTED_CONTRACTS
from smallprint.bootstrap.checkup import Checked, Verdict, check_up
from smallprint.bootstrap.checkup.prompts import _files
from smallprint.bootstrap.checkup.slack import _clock
from smallprint.bootstrap.checkup.storage import _disk
from smallprint.bootstrap.checkup.watch import _traces
from smallprint.bootstrap.product import assemble
from smallprint.config import Settings
from smallprint.models.domain import Agent, PromptRecord
from smallprint.prompts.lock import LOCK
from smallprint.prompts.templates import PromptTemplates
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.connection import Database
from smallprint.services.database.prompts import PromptStore
from smallprint.slack.scopes import PURPOSES
from tests.fakes.claude import FakeClaude
from tests.fakes.slack import FakeSlack, Fault, as_in_manifest
from tests.fakes.slack.http_mode import SIGNING_SECRET
from tests.integration.program import run

MANIFEST = Path(__file__).parents[2] / "manifest.yaml"
KEY = "sk-ant-doctor-secret"


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude(api_key=KEY) as running:
        yield running


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    scopes, _ = as_in_manifest(MANIFEST)
    async with FakeSlack() as slack:
        slack.core.scopes.clear()
        slack.core.scopes.update(scopes)
        yield slack


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def nothing_set(tmp_path: Path) -> dict[str, Any]:
    return {"database_url": f"sqlite+aiosqlite:///{tmp_path}/smallprint.db"}


@pytest.fixture
def with_claude(nothing_set: dict[str, Any], claude: FakeClaude) -> dict[str, Any]:
    return nothing_set | {"anthropic_api_key": KEY, "anthropic_base_url": claude.url}


@pytest.fixture
def with_slack(nothing_set: dict[str, Any], slack: FakeSlack) -> dict[str, Any]:
    return nothing_set | {
        "slack_bot_token": slack.bot_token,
        "slack_app_token": slack.app_token,
        "slack_api_url": slack.api_url,
    }


async def started(values: Mapping[str, Any]) -> None:
    """As after a first start."""
    async with assemble(Settings(_env_file=None, **values), offline=True):
        pass


async def checked(values: Mapping[str, Any]) -> dict[str, Checked]:
    """Subject → the last that was said of it."""
    return {found.subject: found async for found in check_up(Settings(_env_file=None, **values))}


async def faults(values: Mapping[str, Any]) -> dict[str, Checked]:
    found = {name: each for name, each in (await checked(values)).items() if each.verdict is Verdict.FAULT}
    assert all(each.remedy for each in found.values())
    return found


# --- all is well, or not set up -------------------------------------------------------------------------------


async def test_what_is_not_set_up_is_said_to_be_and_is_no_fault(nothing_set):
    found = await checked(nothing_set)
    absent = {subject for subject, each in found.items() if each.verdict is Verdict.ABSENT}
    assert absent == {"database", "live prompts", "Claude", "Slack", "traces"}
    assert await faults(nothing_set) == {}


async def test_it_changes_nothing(nothing_set, tmp_path):
    await checked(nothing_set)
    assert list(tmp_path.iterdir()) == []


async def test_when_everything_is_set_up_all_is_well(with_claude, with_slack, slack, claude):
    values = with_claude | with_slack
    await started(values)
    found = await checked(values)
    assert {each.verdict for subject, each in found.items() if subject != "traces"} == {Verdict.OK}
    assert {"database", "live prompts", "Claude", "model claude-opus-5-5", "prices"} <= found.keys()
    assert {"Slack bot token", "Slack app token", "Slack scopes", "clock"} <= found.keys()
    assert claude.received == []
    assert {call.method for call in slack.calls} == {"auth.test", "apps.connections.open"}


# --- Slack ------------------------------------------------------------------------------------------------


def test_the_list_of_scopes_is_that_of_the_manifest():
    scopes, _ = as_in_manifest(MANIFEST)
    assert PURPOSES.keys() == scopes


@pytest.mark.parametrize("scope", sorted(PURPOSES))
async def test_each_missing_scope_is_named_with_what_it_is_for(with_slack, slack, scope):
    slack.scopes.discard(scope)
    found = await faults(with_slack)
    assert found.keys() == {"Slack scopes"}
    assert f"{scope} ({PURPOSES[scope]})" in found["Slack scopes"].says
    assert "manifest.yaml" in found["Slack scopes"].remedy


async def test_more_permissions_than_needed_are_worth_a_note(with_slack, slack):
    slack.scopes.add("reactions:write")
    found = (await checked(with_slack))["Slack scopes"]
    assert (found.verdict, found.says) == (Verdict.NOTE, "more than it needs: reactions:write")


async def test_a_bot_token_that_slack_does_not_know(with_slack):
    found = await faults(with_slack | {"slack_bot_token": "xoxb-old"})
    assert "invalid_auth" in found["Slack bot token"].says


async def test_an_app_token_that_slack_does_not_know(with_slack):
    found = await faults(with_slack | {"slack_app_token": "xapp-old"})
    assert found.keys() == {"Slack app token"}
    assert "connections:write" in found["Slack app token"].says


@pytest.mark.parametrize(
    ("values", "named"),
    [({"slack_bot_token": None}, "SLACK_BOT_TOKEN"), ({"slack_app_token": "xoxb-1"}, "SLACK_APP_TOKEN")],
)
async def test_half_a_pair_of_tokens_is_a_fault_and_nobody_is_asked(with_slack, slack, values, named):
    found = await faults(with_slack | values)
    assert named in found["Slack"].says
    assert slack.calls == []


async def test_without_an_app_level_token_it_says_where_slack_s_requests_are_taken(with_slack, slack):
    http_mode = with_slack | {"slack_app_token": None, "slack_signing_secret": SIGNING_SECRET}
    found = (await checked(http_mode))["Slack HTTP mode"]
    assert (found.verdict, found.says) == (
        Verdict.OK,
        "signed requests are taken at /slack/events on 127.0.0.1:8080",
    )
    assert {call.method for call in slack.calls} == {"auth.test"}


async def test_a_signing_secret_that_looks_like_none_is_worth_a_note(with_slack):
    found = await checked(with_slack | {"slack_app_token": None, "slack_signing_secret": "xoxb-oops"})
    assert found["Slack HTTP mode"].verdict is Verdict.NOTE
    assert "oops" not in found["Slack HTTP mode"].says


async def test_both_modes_at_once_are_worth_a_note(with_slack):
    found = await checked(with_slack | {"slack_signing_secret": SIGNING_SECRET})
    assert found["Slack HTTP mode"].says.endswith("Socket Mode is used")


async def test_a_slack_that_does_not_answer(with_slack, slack):
    slack.fail("*", Fault.SERVER_ERROR, times=20)
    found = await faults(with_slack)
    assert found.keys() == {"Slack bot token", "Slack app token"}
    assert "did not answer" in found["Slack bot token"].says


def test_a_clock_that_is_wrong_is_said_with_by_how_much():
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    ahead = {"date": format_datetime(now + timedelta(minutes=12), usegmt=True)}
    (found,) = _clock(ahead, now)
    assert (found.verdict, found.says) == (Verdict.FAULT, "differs from Slack's by 12 minutes")
    assert _clock({"date": format_datetime(now, usegmt=True)}, now)[0].verdict is Verdict.OK
    assert _clock({}, now) == _clock({"date": "soon"}, now) == []


# --- Claude -----------------------------------------------------------------------------------------------


async def test_a_key_that_is_not_accepted(with_claude):
    found = await faults(with_claude | {"anthropic_api_key": "sk-ant-revoked"})
    assert found.keys() == {"Claude"}
    assert "not accepted" in found["Claude"].says


async def test_a_key_that_cannot_be_one(with_claude):
    assert (await faults(with_claude | {"anthropic_api_key": "two words"})).keys() == {"Claude"}


async def test_a_claude_that_does_not_answer(with_claude):
    found = await faults(with_claude | {"anthropic_base_url": "http://127.0.0.1:9"})
    assert found["Claude"].says == "127.0.0.1 did not answer (model_unreachable)"


async def test_a_deprecated_model_is_said_with_the_day_of_its_end(with_claude, claude):
    claude.lifecycles["claude-sonnet-5-5"] = {
        "lifecycle": "deprecated",
        "retires_at": "2027-03-31T00:00:00Z",
    }
    found = (await checked(with_claude))["model claude-sonnet-5-5"]
    assert found.verdict is Verdict.NOTE
    assert found.says == "deprecated; it retires on 2027-03-31 (DEFAULT_MODEL)"


async def test_a_retired_model(with_claude, claude):
    claude.lifecycles["claude-opus-5-5"] = {"lifecycle": "retired"}
    found = await faults(with_claude)
    assert found["model claude-opus-5-5"].remedy.startswith("Set ADJUDICATOR_MODEL, FALLBACK_MODELS to")


async def test_a_model_that_nobody_knows(with_claude):
    found = await checked(with_claude | {"reviewer_model": "claude-haikku-5-5"})
    assert found["model claude-haikku-5-5"].verdict is Verdict.FAULT
    assert "unknown" in found["model claude-haikku-5-5"].says
    assert found["prices"].verdict is Verdict.NOTE
    assert "claude-haikku-5-5" in found["prices"].says


async def test_a_server_of_ones_own_is_not_asked_for_models(nothing_set, claude):
    values = {"endpoint": "compatible", "anthropic_base_url": claude.url, "default_model": "qwen3"}
    found = await checked(nothing_set | values)
    assert found["Claude"].verdict is Verdict.NOTE
    assert "qwen3" in found["prices"].says


async def test_settings_of_a_cloud_that_do_not_belong_together(nothing_set):
    found = await faults(nothing_set | {"llm_provider": "bedrock", "cloud_region": "eu-central-1"})
    assert "CLOUD_API_KEY" in found["Claude"].says


async def test_settings_of_a_cloud_without_the_cloud(with_claude):
    found = await faults(with_claude | {"cloud_region": "eu-central-1"})
    assert "CLOUD_REGION" in found["Claude"].says


# --- database and prompts -----------------------------------------------------------------------------------


def on_database(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "smallprint.db")
    with connection:
        connection.execute(statement)
    connection.close()


async def test_pending_migrations_are_named_and_not_applied(nothing_set, tmp_path):
    (tmp_path / "smallprint.db").touch()
    found = (await checked(nothing_set))["migrations"]
    assert found.verdict is Verdict.NOTE
    assert "initial" in found.says
    assert (tmp_path / "smallprint.db").stat().st_size == 0


async def test_a_database_of_a_newer_release(nothing_set, tmp_path):
    await started(nothing_set)
    on_database(tmp_path, "INSERT INTO schema_migrations VALUES (999, 'later', 'x', 'y', '9.0')")
    found = await faults(nothing_set)
    assert "newer release" in found["database"].says


async def test_a_file_that_is_no_database(nothing_set, tmp_path):
    (tmp_path / "smallprint.db").write_bytes(b"The text of a letter. " * 100)
    assert "not a database" in (await faults(nothing_set))["database"].says


async def test_a_folder_that_is_not_there(nothing_set, tmp_path):
    found = await faults({"database_url": f"sqlite+aiosqlite:///{tmp_path}/nowhere/smallprint.db"})
    assert "does not exist" in found["database"].says


async def test_an_address_that_names_no_database(nothing_set):
    found = await faults({"database_url": "mysql://root:hunter2@host/db"})
    assert "hunter2" not in found["database"].says


def test_a_disk_that_is_full(nothing_set):
    (found,) = _disk(nothing_set["database_url"], least_free_bytes=2**62)
    assert found.verdict is Verdict.FAULT
    assert "Make room" in found.remedy


def test_a_prompt_file_that_was_changed_after_its_release(tmp_path):
    changed = tmp_path / "versions.lock"
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    changed.write_text("\n".join(["0" * 64 + lines[0][64:], *lines[1:]]), encoding="utf-8")
    found = _files(changed)
    assert found.verdict is Verdict.FAULT
    assert "was changed after it was locked" in found.says


async def test_a_live_prompt_that_this_release_cannot_read(nothing_set):
    await started(nothing_set)
    database = await Database.open(nothing_set["database_url"])
    store = PromptStore(database)
    newest = PromptTemplates().latest(Agent.ANALYST)
    later = replace(newest, version=90, contract="analysis/90", sha256="9" * 64)
    await store.add([PromptRecord(later, "a later release", datetime.now(UTC))])
    versions = PromptVersions(PromptTemplates(), store, contracts={*SUPPORTED_CONTRACTS, "analysis/90"})
    await versions.set("analyst", 90, actor="U1", reason="tried", request_id="r1")
    await database.close()
    found = await faults(nothing_set)
    assert found["live prompts"].says.startswith("document_analysis v90 can't be used")


async def test_a_newer_prompt_that_waits_is_worth_a_note(nothing_set):
    await started(nothing_set)
    database = await Database.open(nothing_set["database_url"])
    versions = PromptVersions(PromptTemplates(), PromptStore(database), contracts=SUPPORTED_CONTRACTS)
    await versions.set("analyst", 3, actor="U1", reason="worse on leases", request_id="r1")
    await database.close()
    found = (await checked(nothing_set))["live prompts"]
    assert found.verdict is Verdict.NOTE
    assert "live is v3" in found.says


# --- metrics and traces -------------------------------------------------------------------------------------


async def test_metrics_that_everybody_on_the_network_can_read_are_worth_a_note(nothing_set):
    everywhere = nothing_set | {"api_host": "0.0.0.0"}
    assert (await checked(everywhere))["metrics"].verdict is Verdict.NOTE
    assert (await checked(everywhere | {"metrics_token": "t"}))["metrics"].verdict is Verdict.OK
    assert (await checked(nothing_set | {"api_host": "localhost"}))["metrics"].verdict is Verdict.OK


@pytest.mark.parametrize("exporter", ["no_such_package", "no_such_package.exporter"])
def test_an_endpoint_for_traces_without_the_extra(exporter):
    settings = Settings(_env_file=None, otel_exporter_otlp_endpoint="http://127.0.0.1:4318")
    found = _traces(settings, exporter)
    assert found.verdict is Verdict.FAULT
    assert "smallprint[otel]" in found.remedy
    assert _traces(settings, "json").verdict is Verdict.OK


# --- the command --------------------------------------------------------------------------------------------


async def doctor(folder: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """Its status and everything that it prints."""
    done = await asyncio.to_thread(
        run, folder, "doctor", *arguments, stdin=b"", NO_PROXY="127.0.0.1", **settings
    )
    return done.returncode, done.stdout + done.stderr


async def test_the_command_ends_with_0_when_all_is_well_and_shows_no_secret(tmp_path, slack, claude):
    status, shown = await doctor(
        tmp_path,
        SLACK_BOT_TOKEN=slack.bot_token,
        SLACK_APP_TOKEN=slack.app_token,
        SLACK_API_URL=slack.api_url,
        ANTHROPIC_API_KEY=KEY,
        ANTHROPIC_BASE_URL=claude.url,
        METRICS_TOKEN="metrics-secret",
        LOG_LEVEL="DEBUG",
    )
    assert status == 0, shown
    assert "Nothing has to be done." in shown
    for secret in (slack.bot_token, slack.app_token, KEY, "metrics-secret"):
        assert secret not in shown


async def test_the_command_ends_with_1_when_something_must_be_done(tmp_path, slack):
    slack.scopes.discard("files:read")
    status, shown = await doctor(
        tmp_path,
        SLACK_BOT_TOKEN=slack.bot_token,
        SLACK_APP_TOKEN=slack.app_token,
        SLACK_API_URL=slack.api_url,
    )
    assert status == 1
    assert "fix         Slack scopes: missing: files:read (to download the documents)\n" in shown
    assert "To be done: 1" in shown


async def test_a_wrong_setting_is_a_fault_like_others(tmp_path):
    status, shown = await doctor(tmp_path, MAX_PAGES="many-secret")
    assert status == 1
    assert "MAX_PAGES" in shown
    assert "many-secret" not in shown


async def test_the_command_ends_with_2_when_it_is_used_wrongly(tmp_path):
    assert (await doctor(tmp_path, "--cure"))[0] == 2
