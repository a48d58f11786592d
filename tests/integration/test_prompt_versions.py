"""The store of prompt versions, the real one and the fake alike, and the product on the real one."""

import asyncio
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smallprint.errors import PromptError, PromptMoved
from smallprint.models.domain import Activation, ActivationAction, PromptRecord
from smallprint.prompts.store import PromptStore as Store
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.connection import Database
from smallprint.services.database.prompts import PromptStore
from tests.fakes.prompt_files import FakePromptFiles, prompt
from tests.fakes.prompt_store import FakePromptStore
from tests.integration.databases import DIALECTS, fresh_database, fresh_url

AGENT = "document_analysis"
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


def move(to_version: int, *, request_id: str, after: int = 0, agent: str = AGENT) -> Activation:
    return Activation(
        agent=agent,
        from_version=None,
        to_version=to_version,
        action=ActivationAction.SET,
        actor="U1",
        reason="better",
        at=NOW,
        request_id=request_id,
        after=after,
    )


def release(store: Store, *numbers: int) -> PromptVersions:
    files = FakePromptFiles(*(prompt(number) for number in numbers))
    return PromptVersions(files, store, contracts={"analysis/1"})


@asynccontextmanager
async def running(url: str, *numbers: int):
    """The product from its start to its end, with these prompt files."""
    database = await Database.open(url)
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
    assert await store.live(AGENT) is None
    first = await store.append(move(2, request_id="a"))
    assert first is not None
    await store.append(move(1, request_id="b", after=first.id))
    await store.append(move(1, request_id="c", agent="findings_review"))
    assert await store.live(AGENT) == record(1)


async def test_the_log_is_newest_first_and_says_from_where_to_where(store: Store):
    await store.add([record(1), record(2)])
    first = await store.append(move(2, request_id="a"))
    assert first is not None
    second = await store.append(move(1, request_id="b", after=first.id))
    assert second is not None
    assert (first.from_version, first.to_version) == (None, 2)
    assert (second.from_version, second.to_version) == (2, 1)
    assert second == replace(move(1, request_id="b", after=first.id), id=second.id, from_version=2)
    assert await store.activations(AGENT) == (second, first)
    assert await store.activations(AGENT, 1) == (second,)
    assert await store.activations("findings_review") == ()


async def test_a_request_is_applied_once(store: Store):
    await store.add([record(1), record(2)])
    first = await store.append(move(2, request_id="a"))
    assert first is not None
    assert await store.append(move(1, request_id="a", after=first.id)) == first
    assert await store.requested("a") == first
    assert await store.requested("b") is None
    assert await store.activations(AGENT) == (first,)


async def test_of_two_moves_from_the_same_place_one_wins(store: Store):
    await store.add([record(1), record(2)])
    moves = await asyncio.gather(*(store.append(move(number, request_id=f"{number}")) for number in (1, 2)))
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
        log = await here.history(AGENT)
        assert [entry.after for entry in log] == [*(entry.id for entry in log[1:]), 0]


async def test_the_database_going_away_does_not_stop_an_analysis(tmp_path):
    async with running(f"sqlite:///{tmp_path}/small.db", 1, 2) as versions:
        known = await versions.live(AGENT)
        for file in tmp_path.glob("small.db*"):
            file.unlink()
        (tmp_path / "small.db").mkdir()
        assert await versions.live(AGENT) == known


async def test_processes_that_start_together_import_once(url):
    script = """
import asyncio, sys
from smallprint.services.database.connection import Database
from smallprint.services.database.prompts import PromptStore
from smallprint.prompts.versions import PromptVersions
from tests.fakes.prompt_files import FakePromptFiles, prompt

async def main():
    database = await Database.open(sys.argv[1])
    files = FakePromptFiles(prompt(1), prompt(2))
    await PromptVersions(files, PromptStore(database), contracts={"analysis/1"}).import_templates()
    await database.close()

asyncio.run(main())
"""
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            script,
            url,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]
    async with asyncio.timeout(60):
        errors = [(await process.communicate())[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], errors
    async with running(url, 1, 2) as versions:
        assert len(await versions.history(AGENT)) == 1


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("deploy"), st.integers(1, 5)),
        st.tuples(st.just("set"), st.integers(1, 5)),
        st.tuples(st.just("rollback"), st.none() | st.integers(1, 5)),
        st.tuples(st.just("restart"), st.none()),
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
    try:
        if kind == "set":
            await versions.set(AGENT, value or 1, actor="U1", reason="better", request_id=request_id)
        elif kind == "rollback":
            await versions.rollback(AGENT, version=value, actor="U1", reason="worse", request_id=request_id)
    except PromptError:
        pass


async def _seen(versions: PromptVersions):
    log = [
        (entry.action, entry.from_version, entry.to_version) for entry in await versions.history(AGENT, 100)
    ]
    assert (await versions.live(AGENT)).version == log[0][2]
    return log
