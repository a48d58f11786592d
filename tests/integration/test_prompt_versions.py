"""The store of prompt versions, the real one and the fake alike, and the product on the real one."""

import asyncio
import sqlite3
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from smallprint.errors import DatabaseUnavailable, PromptError, PromptMoved
from smallprint.models.database import analyses
from smallprint.models.domain import (
    Activation,
    ActivationAction,
    AnalysisRequest,
    Choices,
    Document,
    DocumentKind,
    Gate,
    Pointer,
    Pointers,
    PromptRecord,
    ReadingReceipt,
    Scope,
)
from smallprint.prompts.store import PromptStore as Store
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.connection import Database
from smallprint.services.database.prompts import PromptStore
from tests.fakes.prompt_files import FakePromptFiles, prompt
from tests.fakes.prompt_store import FakePromptStore
from tests.integration.databases import DIALECTS, fresh_database, fresh_url

AGENT = "document_analysis"
DOCUMENT = Document("lease.pdf", DocumentKind.PDF, "0" * 64, "Rent is due.", (), ReadingReceipt())
NOW = datetime(2026, 11, 23, 10, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture(params=["fake", *DIALECTS])
async def store(request, tmp_path):
    if request.param == "fake":
        yield FakePromptStore()
        return
    async with fresh_database(request.param, tmp_path) as database:
        yield PromptStore(database)


@pytest.fixture(params=DIALECTS)
async def url(request, tmp_path):
    async with fresh_url(request.param, tmp_path) as fresh:
        yield fresh


def record(version: int, **changes) -> PromptRecord:
    return PromptRecord(prompt(version, **changes), "smallprint 0.1.0", NOW)


CANARY: dict[str, Any] = {"scope": Scope.CANARY, "action": ActivationAction.CANARY, "percent": 10}
PIN: dict[str, Any] = {"scope": Scope.CHANNEL, "action": ActivationAction.PIN, "scope_id": "C1"}


def move(
    to_version: int, *, request_id: str, after: int = 0, agent: str = AGENT, **changes: Any
) -> Activation:
    return Activation(
        agent=agent,
        from_version=None,
        to_version=to_version,
        actor="U1",
        reason="better",
        at=NOW,
        request_id=request_id,
        after=after,
        **{"action": ActivationAction.SET, **changes},
    )


async def appended(store: Store, activation: Activation) -> Activation:
    applied = await store.append([activation])
    assert applied is not None
    return applied[0]


def release(store: Store, *numbers: int) -> PromptVersions:
    files = FakePromptFiles(*(prompt(number) for number in numbers))
    return PromptVersions(files, store, contracts={"analysis/1"})


@asynccontextmanager
async def running(url: str, *numbers: int, **settings: Any):
    """The product from its start to its end, with these prompt files."""
    database = await Database.open(url, **settings)
    versions = release(PromptStore(database), *numbers)
    await versions.import_templates()
    try:
        yield versions
    finally:
        await database.close()


# --- what every store keeps to ---------------------------------------------------------------------------


async def test_a_version_comes_back_as_it_was(store: Store):
    whole = replace(
        record(2), prompt=replace(prompt(2), model="claude-opus-5-5", variables=("today", "document_kind"))
    )
    await store.add([whole, record(1)])
    assert await store.version(AGENT, 2) == whole
    assert await store.versions(AGENT) == (record(1), whole)
    assert await store.version(AGENT, 3) is None
    assert await store.version("findings_review", 2) is None


async def test_all_versions_come_by_agent_and_number(store: Store):
    await store.add([record(10), record(2), record(1, agent="findings_review")])
    labels = [(kept.prompt.agent, kept.prompt.version) for kept in await store.versions()]
    assert labels == [(AGENT, 2), (AGENT, 10), ("findings_review", 1)]


async def test_a_kept_version_is_not_replaced(store: Store):
    await store.add([record(1)])
    await store.add([record(1, body="Other words."), record(2)])
    await store.add([])
    assert await store.versions() == (record(1), record(2))


async def test_the_same_content_is_not_kept_twice(store: Store):
    await store.add([record(1)])
    await store.add([record(2, body=prompt(1).body)])
    assert await store.versions() == (record(1),)


async def test_live_is_what_the_last_activation_of_the_agent_names(store: Store):
    await store.add([record(1), record(2), record(1, agent="findings_review")])
    assert await store.choices(AGENT) == Choices()
    assert await store.pointers(AGENT) == Pointers()
    first = await appended(store, move(2, request_id="a"))
    second = await appended(store, move(1, request_id="b", after=first.id))
    await appended(store, move(1, request_id="c", agent="findings_review"))
    assert await store.choices(AGENT) == Choices(live=replace(prompt(1), activation=second.id))
    assert await store.pointers(AGENT) == Pointers(live=Pointer(second, record(1)))


async def test_what_is_tried_and_pinned_comes_with_what_is_live(store: Store):
    await store.add([record(1), record(2), record(3)])
    live = await appended(store, move(1, request_id="live"))
    tried = await appended(store, move(2, request_id="try", **CANARY))
    pinned = await appended(store, move(3, request_id="pin", **PIN))
    everywhere = Choices(
        live=replace(prompt(1), activation=live.id),
        canary=replace(prompt(2), arm="canary", activation=tried.id),
        percent=10,
    )
    assert await store.choices(AGENT, "C2") == await store.choices(AGENT) == everywhere
    pin = replace(prompt(3), arm="pin", activation=pinned.id)
    assert await store.choices(AGENT, "C1") == replace(everywhere, pin=pin)
    assert await store.pointers(AGENT, "C1") == Pointers(
        Pointer(live, record(1)), Pointer(tried, record(2)), Pointer(pinned, record(3))
    )
    assert await store.pins() == await store.pins(AGENT) == (pinned,)
    assert (await store.pins("findings_review"), tried.percent, tried.gate) == ((), 10, Gate.NONE)


async def test_what_has_ended_is_no_choice_and_still_the_last_row(store: Store):
    await store.add([record(1), record(2)])
    await appended(store, move(1, request_id="live"))
    tried = await appended(store, move(2, request_id="try", **CANARY))
    pinned = await appended(store, move(2, request_id="pin", **PIN))
    ended = replace(move(2, request_id="end", after=tried.id, **CANARY), action=ActivationAction.ABORT)
    freed = replace(move(2, request_id="free", after=pinned.id, **PIN), action=ActivationAction.UNPIN)
    await store.append([ended, freed])
    choices, pointers = await store.choices(AGENT, "C1"), await store.pointers(AGENT, "C1")
    assert (choices.canary, choices.percent, choices.pin, await store.pins()) == (None, 0, None, ())
    assert (pointers.running_canary, pointers.standing_pin) == (None, None)
    assert pointers.canary is not None
    assert pointers.canary.activation.after == tried.id


async def test_of_a_change_with_several_rows_all_are_kept_or_none(store: Store):
    await store.add([record(1), record(2)])
    live = await appended(store, move(1, request_id="live"))
    await appended(store, move(2, request_id="try", **CANARY))
    late = move(1, request_id="late", **CANARY)
    before = await store.activations()
    assert await store.append([move(2, request_id="set", after=live.id), late]) is None
    assert await store.activations() == before
    pair = [move(2, request_id="set", after=live.id), move(2, request_id="pin", **PIN)]
    applied = await store.append(pair)
    assert applied is not None
    assert [row.request_id for row in applied] == ["set", "pin"]
    assert await store.append(pair) == applied


async def test_the_log_comes_by_agent_scope_and_page(store: Store):
    await store.add([record(1), record(2), record(1, agent="findings_review")])
    live = await appended(store, move(1, request_id="live"))
    tried = await appended(store, move(2, request_id="try", **CANARY))
    other = await appended(store, move(1, request_id="other", agent="findings_review"))
    pinned = await appended(store, move(2, request_id="pin", **PIN))
    assert await store.activations() == (pinned, other, tried, live)
    assert await store.activations(AGENT) == (pinned, tried, live)
    assert await store.activations(limit=2, before=pinned.id) == (other, tried)
    assert await store.activations(AGENT, scopes={Scope.GLOBAL, Scope.CHANNEL}) == (pinned, live)


async def test_the_log_is_newest_first_and_says_from_where_to_where(store: Store):
    await store.add([record(1), record(2)])
    first = await appended(store, move(2, request_id="a"))
    second = await appended(store, move(1, request_id="b", after=first.id))
    assert (first.from_version, first.to_version) == (None, 2)
    assert (second.from_version, second.to_version) == (2, 1)
    assert second == replace(move(1, request_id="b", after=first.id), id=second.id, from_version=2)
    assert await store.activations(AGENT) == (second, first)
    assert await store.activations(AGENT, limit=1) == (second,)
    assert await store.activations("findings_review") == ()


async def test_a_request_is_applied_once(store: Store):
    await store.add([record(1), record(2)])
    first = await appended(store, move(2, request_id="a"))
    assert await store.append([move(1, request_id="a", after=first.id)]) == (first,)
    assert await store.requested("a") == first
    assert await store.requested("b") is None
    assert await store.activations(AGENT) == (first,)


async def test_of_two_moves_from_the_same_place_one_wins(store: Store):
    await store.add([record(1), record(2)])
    moves = await asyncio.gather(*(store.append([move(number, request_id=f"{number}")]) for number in (1, 2)))
    assert len([applied for applied in moves if applied]) == 1
    assert len(await store.activations(AGENT)) == 1


# --- the product on a real database ----------------------------------------------------------------------


async def test_a_rollback_survives_a_restart_and_a_deploy(url):
    async with running(url, 1, 2) as versions:
        assert (await versions.live(AGENT)).version == 2
    async with running(url, 1, 2, 3) as versions:
        await versions.rollback("analyst", actor="U1", reason="worse", request_id="a")
    async with running(url, 1, 2, 3, 4) as versions:
        assert (await versions.live(AGENT)).version == 2
        assert (await versions.list("analyst"))[0].waiting == (
            "the release has v4; live is v2 (rolled back by U1: worse)"
        )


async def test_two_admins_on_two_machines_at_once(url):
    async with running(url, 1, 2, 3) as here, running(url, 1, 2, 3) as there:
        results = await asyncio.gather(
            here.set(AGENT, 1, actor="U1", reason="better", request_id="a"),
            there.set(AGENT, 2, actor="U2", reason="better", request_id="b"),
            return_exceptions=True,
        )
        applied = [result for result in results if isinstance(result, Activation)]
        refused = [result for result in results if isinstance(result, PromptMoved)]
        assert len(applied) + len(refused) == 2
        assert applied
        log = (await here.history(AGENT)).activations
        assert [entry.after for entry in log] == [*(entry.id for entry in log[1:]), 0]


PREAMBLE = """
import asyncio, sys
from smallprint.errors import PromptMoved
from smallprint.services.database.connection import Database
from smallprint.services.database.prompts import PromptStore
from smallprint.prompts.versions import PromptVersions
from tests.fakes.prompt_files import FakePromptFiles, prompt

AGENT = "document_analysis"

def say(text):
    sys.stdout.write(text + "\\n")
    sys.stdout.flush()

async def main(url, *arguments):
    database = await Database.open(url)
    files = FakePromptFiles(prompt(1), prompt(2), prompt(3))
    versions = PromptVersions(files, PromptStore(database), contracts={"analysis/1"})
    await versions.import_templates()
    await work(versions, *map(int, arguments))
    await database.close()
"""
RUN = """
import logging, structlog
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
asyncio.run(main(*sys.argv[1:]))
"""
IMPORT = f"""{PREAMBLE}
async def work(versions):
    pass
{RUN}"""
CHANGE = f"""{PREAMBLE}
async def work(versions, version, seen):
    say("ready")
    sys.stdin.readline()
    try:
        await versions.set(AGENT, version, actor=f"U{{version}}", reason="better", request_id=f"r{{version}}", after=seen)
        say("set")
    except PromptMoved as error:
        say("moved: " + error.user_message)
{RUN}"""
CHANGE_AGAIN_AND_AGAIN = f"""{PREAMBLE}
async def work(versions):
    for number in range(1_000):
        version = 1 + number % 2
        await versions.set(AGENT, version, actor="U1", reason="better", request_id=f"r{{number}}")
        say(f"r{{number}} {{version}}")
{RUN}"""


async def started(script: str, *arguments: object) -> Any:
    """A process of its own that runs the script."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        *map(str, arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_processes_that_start_together_import_once(url):
    processes = [await started(IMPORT, url) for _ in range(3)]
    async with asyncio.timeout(60):
        errors = [(await process.communicate())[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], errors
    async with running(url, 1, 2, 3) as versions:
        assert len((await versions.history(AGENT)).activations) == 1


async def test_of_two_processes_that_saw_the_same_one_wins_and_the_other_learns_it(url):
    async with running(url, 1, 2, 3) as versions:
        (seen,) = (await versions.history(AGENT)).activations
        processes = [await started(CHANGE, url, number, seen.id) for number in (1, 2)]
        for process in processes:
            assert await process.stdout.readline() == b"ready\n"
        for process in processes:
            process.stdin.write(b"go\n")
        async with asyncio.timeout(60):
            outs = [(await process.communicate())[0].decode() for process in processes]
        assert sorted(out.split(":")[0].strip() for out in outs) == ["moved", "set"]
        won = 1 if outs[0].startswith("set") else 2
        assert (await versions.live(AGENT)).version == won
        assert f"was changed since then: v{won} is live (set by U{won}: better)" in outs[2 - won]


@pytest.mark.parametrize("after", [1, 3, 8])
async def test_after_a_kill_the_log_decides(url, after):
    process = await started(CHANGE_AGAIN_AND_AGAIN, url)
    async with asyncio.timeout(60):
        told = [(await process.stdout.readline()).decode().split() for _ in range(after)]
    process.kill()
    await process.wait()
    async with running(url, 1, 2, 3, 4) as versions:  # a restart, and a deploy with a newer file
        log = (await versions.history(AGENT, limit=1_000)).activations
        live = await versions.live(AGENT)
        assert (live.version, live.activation) == (log[0].to_version, log[0].id)
        assert told[-1] in [[move.request_id, str(move.to_version)] for move in log]
        assert [move.after for move in log] == [*(move.id for move in log[1:]), 0]
        assert "the release has v4" in (await versions.list(AGENT))[0].waiting


async def test_a_locked_database_refuses_a_change_and_still_says_what_is_live(tmp_path):
    url = f"sqlite:///{tmp_path}/small.db"
    async with running(url, 1, 2, busy_timeout_s=0.1) as versions:
        other = sqlite3.connect(tmp_path / "small.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable):
            await versions.set(AGENT, 1, actor="U1", reason="better", request_id="a")
        found = await versions.resolve(AGENT, channel="C1", document_sha256="ab")
        assert (found.version, found.source) == (2, "database")
        other.execute("ROLLBACK")
        other.close()
        await versions.set(AGENT, 1, actor="U1", reason="better", request_id="a")
        assert (await versions.live(AGENT)).version == 1


async def test_an_unreadable_database_stops_no_analysis_and_the_source_is_recorded(tmp_path):
    async with (
        fresh_database("sqlite", tmp_path) as healthy,
        running(f"sqlite:///{tmp_path}/small.db", 1, 2, 3) as versions,
        running(f"sqlite:///{tmp_path}/small.db", 1, 2, 3) as just_started,
    ):
        await versions.set(AGENT, 1, actor="U1", reason="better", request_id="a")
        known = await versions.resolve(AGENT, channel="C1", document_sha256="ab")
        damage(tmp_path / "small.db")

        remembered = await versions.resolve(AGENT, channel="C1", document_sha256="ab")
        assert remembered == replace(known, source="remembered")
        packaged = await just_started.resolve(AGENT)
        assert (packaged.version, packaged.source) == (3, "packaged")
        for number, prompt_used in enumerate([known, remembered, packaged]):
            request = AnalysisRequest(f"analysis-{number}")
            await AnalysisStore(healthy).begin(request, DOCUMENT, {AGENT: prompt_used}, offline=False)
        async with healthy.read() as connection:
            sources = await connection.execute(select(analyses.c.prompt_source).order_by(analyses.c.id))
            assert [*sources.scalars()] == ["database", "remembered", "packaged"]


async def test_a_row_that_a_newer_release_wrote_counts_as_none(tmp_path):
    async with running(f"sqlite:///{tmp_path}/small.db", 1, 2) as versions:
        await versions.pin(AGENT, 1, "C1", actor="U1", reason="", request_id="a")
        connection = sqlite3.connect(tmp_path / "small.db")
        with connection:
            connection.execute("DROP TRIGGER prompt_versions_no_update")
            connection.execute("UPDATE prompt_versions SET settings = '{}' WHERE version = 1")
        connection.close()
        found = await versions.resolve(AGENT, channel="C1")
        assert (found.version, found.arm) == (2, "live")


def damage(database: Path) -> None:
    """What SQLite has in memory is outdated by a write, and what it reads then is no database."""
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE something (word TEXT)")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    database.write_bytes(b"no database " * 10_000)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("deploy"), st.integers(1, 5)),
        st.tuples(st.just("set"), st.integers(1, 5)),
        st.tuples(st.just("rollback"), st.none() | st.integers(1, 5)),
        st.tuples(st.just("canary"), st.integers(1, 5)),
        st.tuples(st.sampled_from(["promote", "abort", "unpin", "restart"]), st.none()),
        st.tuples(st.just("pin"), st.integers(1, 5)),
    ),
    max_size=8,
)


@given(steps=STEPS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_real_store_and_the_fake_live_the_same_life(steps, tmp_path_factory):
    asyncio.run(_same_life(steps, f"sqlite:///{tmp_path_factory.mktemp('life')}/small.db"))


async def _same_life(steps, url: str) -> None:
    fake, newest = FakePromptStore(), 1
    for number, (kind, value) in enumerate([("deploy", 1), *steps]):
        newest = max(newest, value) if kind == "deploy" else newest
        async with running(url, *range(1, newest + 1)) as real:
            pretended = release(fake, *range(1, newest + 1))
            await pretended.import_templates()
            for versions in (real, pretended):
                await _step(versions, kind, value, f"request-{number}")
            assert await _seen(real) == await _seen(pretended)


async def _step(versions: PromptVersions, kind: str, value: int | None, request_id: str) -> None:
    arguments: dict[str, tuple[Any, ...]] = {
        "set": (value,),
        "canary": (value, 40),
        "pin": (value, "C1"),
        "unpin": ("C1",),
    }
    named = {"version": value} if kind == "rollback" else {}
    if kind not in {"deploy", "restart"}:
        with suppress(PromptError):
            await getattr(versions, kind)(
                AGENT, *arguments.get(kind, ()), actor="U1", reason="better", request_id=request_id, **named
            )


async def _seen(versions: PromptVersions):
    page = await versions.history(AGENT, limit=100)
    log = [
        (entry.action, entry.scope, entry.from_version, entry.to_version, entry.percent, entry.reason)
        for entry in page.activations
    ]
    used = [
        await versions.resolve(AGENT, channel=channel, document_sha256=sha256)
        for channel in ("", "C1")
        for sha256 in ("a", "b", "c")
    ]
    pins = [(pin.scope_id, pin.to_version) for pin in await versions.pins()]
    return log, [(each.version, each.arm, each.activation) for each in used], pins
