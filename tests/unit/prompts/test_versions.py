import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from smallprint.errors import (
    DatabaseUnavailable,
    InvalidTemplate,
    NothingToRollBack,
    PromptAlreadyLive,
    PromptError,
    PromptMoved,
    UnknownAgent,
    UnknownPromptVersion,
    UnsupportedContract,
)
from smallprint.models.domain import Activation, ActivationAction, Scope
from smallprint.prompts.templates import PromptTemplates
from smallprint.prompts.versions import PromptVersions
from tests.fakes.prompt_files import FakePromptFiles, prompt
from tests.fakes.prompt_store import AllLookFirst, FakePromptStore

AGENT = "document_analysis"
REVIEWER = "findings_review"
CONTRACTS = frozenset({"analysis/1", "review/1"})


@pytest.fixture
def store():
    return FakePromptStore()


def release(store: FakePromptStore, *prompts, contracts=CONTRACTS) -> PromptVersions:
    """The product as it starts with these prompt files."""
    return PromptVersions(FakePromptFiles(*prompts), store, contracts=contracts)


async def deployed(store: FakePromptStore, *numbers: int) -> PromptVersions:
    """After a deploy of each number in turn, every time with all files up to it."""
    for number in numbers:
        versions = release(store, *(prompt(n) for n in range(1, number + 1)), prompt(1, agent=REVIEWER))
        await versions.import_templates()
    return versions


async def set_live(versions: PromptVersions, version, *, actor="U1", reason="better", request_id=None):
    return await versions.set(
        AGENT, version, actor=actor, reason=reason, request_id=request_id or uuid4().hex
    )


async def roll_back(versions: PromptVersions, version=None, *, actor="U1", reason="worse", request_id=None):
    return await versions.rollback(
        AGENT, version=version, actor=actor, reason=reason, request_id=request_id or uuid4().hex
    )


async def live(versions: PromptVersions) -> int:
    return (await versions.live(AGENT)).version


async def log_of(versions: PromptVersions, **page):
    return (await versions.history(AGENT, **page)).activations


# --- a release's files -----------------------------------------------------------------------------------


async def test_the_newest_file_goes_live_on_a_fresh_database(store):
    versions = await deployed(store, 3)
    assert await live(versions) == 3
    assert [record.prompt.version for record in await store.versions(AGENT)] == [1, 2, 3]


async def test_importing_again_does_nothing(store):
    versions = await deployed(store, 3)
    before = (list(store.rows), list(store.log))
    again = await versions.import_templates()
    assert (store.rows, store.log) == before
    assert (again.added, again.activated, again.waiting) == ((), (), ())


async def test_a_newer_file_goes_live_by_itself_while_nobody_has_chosen(store):
    versions = await deployed(store, 1, 2, 4)
    assert await live(versions) == 4
    assert [move.action for move in await log_of(versions)] == [ActivationAction.IMPORT] * 3


async def test_a_deploy_does_not_undo_a_rollback_and_says_that_a_version_waits(store):
    versions = await deployed(store, 1, 2, 3)
    await roll_back(versions, reason="worse on leases")
    versions = release(store, *(prompt(n) for n in range(1, 5)))
    brought = await versions.import_templates()
    assert await live(versions) == 2
    note = "the release has v4; live is v2 (rolled back by U1: worse on leases)"
    assert brought.waiting == (f"{AGENT}: {note}",)
    assert (await versions.list("analyst"))[0].waiting == note


async def test_a_release_with_older_files_does_not_move_the_pointer_back(store):
    await deployed(store, 3)
    older = release(store, prompt(1), prompt(2))
    await older.import_templates()
    assert await live(older) == 3


async def test_a_file_that_changed_after_its_release_is_refused(store):
    await deployed(store, 2)
    changed = release(store, prompt(1), prompt(2, body="Read it better."))
    with pytest.raises(InvalidTemplate, match=r"document_analysis v2 .* make a new version"):
        await changed.import_templates()


async def test_the_same_content_under_another_number_is_the_same_version(store):
    await deployed(store, 2)
    twin = release(store, prompt(1), prompt(2), prompt(3, body=prompt(2).body))
    brought = await twin.import_templates()
    assert (brought.added, brought.activated, brought.waiting) == ((), (), ())
    assert await live(twin) == 2


async def test_a_file_whose_contract_this_release_cannot_read_does_not_go_live(store):
    versions = release(store, prompt(1), prompt(2, contract="analysis/9"))
    await versions.import_templates()
    assert await live(versions) == 1


async def test_the_packaged_prompts_import(store):
    templates = PromptTemplates()
    versions = PromptVersions(templates, store, contracts={file.contract for file in templates.all()})
    await versions.import_templates()
    for agent in {file.agent for file in templates.all()}:
        assert (await versions.live(agent)).sha256 == templates.latest(agent).sha256


async def test_processes_that_start_together_agree(store):
    releases = [release(store, prompt(1), prompt(2)) for _ in range(3)]
    await asyncio.gather(*(versions.import_templates() for versions in releases))
    assert len(store.log) == 1
    assert await live(releases[0]) == 2


# --- what is live ----------------------------------------------------------------------------------------


async def test_a_move_in_another_process_holds_for_the_very_next_analysis(store):
    here, there = await deployed(store, 2), await deployed(store, 2)
    assert await live(here) == 2
    await set_live(there, 1)
    assert await live(here) == 1


async def test_without_a_database_the_last_known_version_is_used(store):
    versions = await deployed(store, 2)
    await set_live(versions, 1)
    known = await versions.live(AGENT)
    store.available = False
    assert await versions.live(AGENT) == replace(known, source="remembered")
    assert known.source == "database"


async def test_without_a_database_and_memory_the_newest_usable_file_is_used(store):
    store.available = False
    versions = release(store, prompt(1), prompt(2), prompt(3, contract="analysis/9"))
    found = await versions.live(AGENT)
    assert (found.version, found.source) == (2, "packaged")


async def test_before_the_first_import_the_newest_file_is_used(store):
    found = await release(store, prompt(1), prompt(2)).live(AGENT)
    assert (found.version, found.source) == (2, "packaged")


async def test_a_live_version_that_this_release_cannot_read_does_not_stop_analyses(store):
    newer = release(
        store, prompt(1), prompt(2, contract="analysis/2"), contracts={"analysis/1", "analysis/2"}
    )
    await newer.import_templates()
    older = release(store, prompt(1))
    found = await older.live(AGENT)
    assert (found.version, found.source) == (1, "packaged")


async def test_one_version_is_found_by_its_number_and_without_a_database_in_the_release(store):
    versions = await deployed(store, 2)
    assert await versions.version(AGENT, 1) == prompt(1)
    store.available = False
    found = await versions.version(AGENT, "v1")
    assert (found.version, found.source) == (1, "packaged")
    with pytest.raises(DatabaseUnavailable):
        await versions.version(AGENT, 7)
    assert (await release(FakePromptStore(), prompt(1)).version(AGENT, 1)).source == "packaged"


@pytest.mark.parametrize(
    "name", ["document_analysis", "Document_Analysis", "document-analysis", "analyst", " ANALYST "]
)
async def test_an_agent_is_known_by_any_spelling(store, name):
    assert (await (await deployed(store, 1)).live(name)).agent == AGENT


@pytest.mark.parametrize("version", [1, "1", "v1", "V1", " v1 ", "01"])
async def test_a_version_is_known_by_any_spelling(store, version):
    versions = await deployed(store, 2)
    assert (await versions.version(AGENT, version)).version == 1


# --- set -------------------------------------------------------------------------------------------------


async def test_setting_says_from_where_to_where_by_whom_and_why(store):
    versions = await deployed(store, 3)
    move = await set_live(versions, "v1", actor="U7", reason=" fewer false alarms ")
    assert (move.from_version, move.to_version, move.action) == (3, 1, ActivationAction.SET)
    assert (move.actor, move.reason) == ("U7", "fewer false alarms")
    assert datetime.now(UTC) - move.at < timedelta(minutes=1)
    assert await live(versions) == 1
    assert await log_of(versions, limit=1) == (move,)


async def test_an_unknown_agent_is_answered_with_those_there_are(store):
    versions = await deployed(store, 1)
    with pytest.raises(UnknownAgent, match=r"document_analysis \(analyst\), findings_review \(reviewer\)"):
        await versions.list("lawyer")


@pytest.mark.parametrize("version", [7, "v7", "latest", "-1", "0", "", "²", "9" * 40])
async def test_an_unknown_version_is_answered_with_those_there_are(store, version):
    versions = await deployed(store, 2)
    with pytest.raises(UnknownPromptVersion, match="v1, v2"):
        await set_live(versions, version)


async def test_a_version_whose_answers_we_cannot_read_is_refused_with_the_reason(store):
    newer = release(
        store, prompt(1), prompt(2, contract="analysis/2"), contracts={"analysis/1", "analysis/2"}
    )
    await newer.import_templates()
    older = release(store, prompt(1))
    with pytest.raises(UnsupportedContract, match=r"v2: it answers in the form analysis/2, .* analysis/1"):
        await set_live(older, 2)
    with pytest.raises(UnsupportedContract):
        await older.version(AGENT, 2)
    await older.set(AGENT, 1, actor="U1", reason="readable", request_id="r")
    assert (await older.list(AGENT))[0].versions[0].why_not.startswith("it answers in the form analysis/2")


async def test_what_is_live_already_is_not_set_again(store):
    versions = await deployed(store, 2)
    await set_live(versions, 1, actor="U1")
    with pytest.raises(PromptAlreadyLive, match=r"v1 is live already \(set by U1: better\)"):
        await set_live(versions, 1, actor="U2")


async def test_setting_needs_a_reason(store):
    versions = await deployed(store, 2)
    with pytest.raises(PromptError, match="say why"):
        await set_live(versions, 1, reason="  ")
    assert await live(versions) == 2


async def test_the_same_command_delivered_twice_is_applied_once(store):
    versions = await deployed(store, 3)
    first = await set_live(versions, 1, request_id="trigger-1")
    await set_live(versions, 2, request_id="trigger-2")
    assert await set_live(versions, 1, request_id="trigger-1") == first
    assert await live(versions) == 2
    back = await roll_back(versions, request_id="trigger-3")
    assert await roll_back(versions, request_id="trigger-3") == back


async def test_of_two_admins_at_once_one_wins_and_the_other_learns_who(store):
    await deployed(store, 3)
    versions = release(AllLookFirst(store), prompt(1), prompt(2), prompt(3))
    results = await asyncio.gather(
        set_live(versions, 1, actor="U1"), set_live(versions, 2, actor="U2"), return_exceptions=True
    )
    (winner,) = [result for result in results if not isinstance(result, BaseException)]
    (loser,) = [result for result in results if isinstance(result, PromptMoved)]
    assert f"v{winner.to_version} is live (set by {winner.actor}: better)" in loser.user_message
    assert await live(versions) == winner.to_version


# --- rollback --------------------------------------------------------------------------------------------


async def test_rolling_back_goes_to_the_version_that_was_live_before(store):
    versions = await deployed(store, 1, 3)
    move = await roll_back(versions, reason="")
    assert (move.from_version, move.to_version, move.action) == (3, 1, ActivationAction.ROLLBACK)
    assert await live(versions) == 1


async def test_rolling_back_twice_goes_further_back_never_to_what_was_just_found_bad(store):
    versions = await deployed(store, 1, 2, 3)
    assert (await roll_back(versions)).to_version == 2
    assert (await roll_back(versions)).to_version == 1
    with pytest.raises(NothingToRollBack, match="v1 is live and no other version was live before it"):
        await roll_back(versions)


async def test_a_rollback_can_itself_be_undone_by_name(store):
    versions = await deployed(store, 1, 2)
    await roll_back(versions)
    assert (await roll_back(versions, "v2")).to_version == 2
    assert (await roll_back(versions)).to_version == 1


async def test_what_was_set_by_hand_is_rolled_back_too(store):
    versions = await deployed(store, 1, 3)
    await set_live(versions, 2)
    assert (await roll_back(versions)).to_version == 3


async def test_there_is_nothing_to_roll_back_to_on_the_first_day(store):
    versions = await deployed(store, 3)
    with pytest.raises(NothingToRollBack, match="To choose a version, use set"):
        await roll_back(versions)
    with pytest.raises(NothingToRollBack, match="v2 was never live"):
        await roll_back(versions, 2)
    with pytest.raises(NothingToRollBack, match="no live version yet"):
        await roll_back(release(FakePromptStore(), prompt(1)))


async def test_rolling_back_passes_over_a_version_whose_answers_we_cannot_read(store):
    both = {"analysis/1", "analysis/2"}
    for files in ([prompt(1)], [prompt(1), prompt(2, contract="analysis/2")], [prompt(1), prompt(3)]):
        await release(store, *files, contracts=both).import_templates()
    now = release(store, prompt(1), prompt(3))
    assert (await roll_back(now)).to_version == 1


# --- what people see -------------------------------------------------------------------------------------


async def test_a_list_shows_versions_newest_first_with_note_author_and_which_is_live(store):
    versions = await deployed(store, 2)
    analyst, reviewer = await versions.list()
    assert (analyst.agent, reviewer.agent) == (AGENT, REVIEWER)
    assert [(v.version, v.note, v.live, v.usable) for v in analyst.versions] == [
        (2, "Note of 2.", True, True),
        (1, "Note of 1.", False, True),
    ]
    assert analyst.versions[0].author.startswith("smallprint ")
    assert analyst.live == 2
    assert analyst.last is not None
    assert analyst.waiting == ""


async def test_a_list_without_a_database_is_an_honest_refusal(store):
    versions = await deployed(store, 1)
    store.available = False
    with pytest.raises(DatabaseUnavailable):
        await versions.list()


async def test_showing_a_version_gives_its_body_and_when_it_was_live(store):
    versions = await deployed(store, 1, 2)
    await roll_back(versions)
    shown = await versions.show("analyst")
    assert shown.prompt == prompt(1)
    assert shown.listed.live
    assert [move.action for move in shown.activations] == [ActivationAction.ROLLBACK, ActivationAction.IMPORT]
    assert not (await versions.show("analyst", "v2")).listed.live


async def test_the_history_is_newest_first_and_as_long_as_asked(store):
    versions = await deployed(store, 1, 2, 3)
    await roll_back(versions)
    assert [move.to_version for move in await log_of(versions)] == [2, 3, 2, 1]
    assert len(await log_of(versions, limit=2)) == 2


# --- whatever happens ------------------------------------------------------------------------------------


class Life(RuleBasedStateMachine):
    """Deploys, moves by hand, rollbacks, trials, pins and restarts in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.store = FakePromptStore()
        self.newest = 1
        self.chosen_by_hand = False
        self.kept: dict[int, str] = {}
        self.pinned: dict[str, int] = {}
        self.loop = asyncio.Runner()

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run(coroutine)

    def teardown(self) -> None:
        self.loop.close()

    @initialize()
    def first_start(self) -> None:
        self.restart()

    @rule()
    def restart(self) -> None:
        before = list(self.store.log)
        self.versions = release(self.store, *(prompt(n) for n in range(1, self.newest + 1)))
        self.run(self.versions.import_templates())
        added = self.store.log[len(before) :]
        assert all(move.scope is Scope.GLOBAL for move in added), "pins and trials survive a deploy"
        if self.chosen_by_hand:
            assert added == [], "a deploy never undoes a choice"
        else:
            assert self.run(live(self.versions)) == self.newest

    @rule(more=st.integers(1, 2))
    def deploy(self, more: int) -> None:
        self.newest += more
        self.restart()

    @rule(version=st.integers(0, 8), request=st.integers(0, 20))
    def set(self, version: int, request: int) -> None:
        self._by_hand(set_live(self.versions, version, request_id=f"set-{request}"), f"set-{request}")

    @rule(version=st.none() | st.integers(0, 8), request=st.integers(0, 20))
    def roll_back(self, version: int | None, request: int) -> None:
        was_live = {move.to_version for move in self.of(Scope.GLOBAL)}
        before = self.of(Scope.GLOBAL)[-1].to_version
        back = roll_back(self.versions, version, request_id=f"back-{request}")
        if move := self._by_hand(back, f"back-{request}"):
            assert move.to_version in was_live
            assert move.to_version != before
            assert self.run(self.versions.list(AGENT))[0].canary is None

    @rule(version=st.integers(0, 8), percent=st.integers(1, 99))
    def try_it(self, version: int, percent: int) -> None:
        self._try(lambda why: self.versions.canary(AGENT, version, percent, **why))

    @rule(promoted=st.booleans())
    def end_the_trial(self, promoted: bool) -> None:  # noqa: FBT001 - hypothesis gives it by name
        was = self.run(self.versions.list(AGENT))[0].canary
        if promoted:
            move = self._try(lambda why: self.versions.promote(AGENT, **why))
            self.chosen_by_hand |= move is not None
        else:
            move = self._try(lambda why: self.versions.abort(AGENT, **why))
        assert (move is None) == (was is None)

    @rule(version=st.integers(0, 8), channel=st.sampled_from(["C1", "C2"]))
    def pin(self, version: int, channel: str) -> None:
        if self._try(lambda why: self.versions.pin(AGENT, version, channel, **why)):
            self.pinned[channel] = version

    @rule(channel=st.sampled_from(["C1", "C2"]))
    def unpin(self, channel: str) -> None:
        done = self._try(lambda why: self.versions.unpin(AGENT, channel, **why))
        assert (done is not None) == (channel in self.pinned)
        self.pinned.pop(channel, None)

    @invariant()
    def nothing_is_forgotten(self) -> None:
        for scope, channel in [(Scope.GLOBAL, ""), (Scope.CANARY, ""), (Scope.CHANNEL, "C1")]:
            log = self.of(scope, channel)
            assert [move.after for move in log] == [0, *(move.id for move in log)][: len(log)]

    @invariant()
    def live_is_the_last_row(self) -> None:
        if self.store.log:
            assert self.run(live(self.versions)) == self.of(Scope.GLOBAL)[-1].to_version

    @invariant()
    def a_pinned_channel_has_its_version_whatever_else_happens(self) -> None:
        for channel, version in self.pinned.items():
            found = self.run(self.versions.resolve(AGENT, channel=channel, document_sha256="ab"))
            assert (found.version, found.arm) == (version, "pin")

    @invariant()
    def what_is_tried_is_never_what_is_live(self) -> None:
        if self.store.log:
            listed = self.run(self.versions.list(AGENT))[0]
            assert listed.canary is None or listed.canary.to_version != listed.live

    @invariant()
    def versions_never_change(self) -> None:
        now = {record.prompt.version: record.prompt.sha256 for record in self.store.rows}
        assert now.items() >= self.kept.items()
        self.kept = now

    def of(self, scope: Scope, scope_id: str = "") -> list[Activation]:
        return [move for move in self.store.log if (move.scope, move.scope_id) == (scope, scope_id)]

    def _by_hand(self, coroutine, request: str):
        known = {move.request_id for move in self.store.log}
        rows = len(self.store.log)
        try:
            move = self.run(coroutine)
        except PromptError:
            assert len(self.store.log) == rows
            return None
        if request in known:
            assert len(self.store.log) == rows, "the same request is applied once"
            return None
        assert move in self.store.log[rows:]
        self.chosen_by_hand = True
        return move

    def _try(self, change: Callable[[dict[str, Any]], Coroutine[Any, Any, Activation]]) -> Activation | None:
        rows = len(self.store.log)
        try:
            move: Activation = self.run(change({"actor": "U1", "reason": "", "request_id": uuid4().hex}))
        except PromptError:
            assert len(self.store.log) == rows
            return None
        return move


Life.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestWhateverHappens = Life.TestCase
