"""Trials on a share of the documents, pins, and the gate: what `PromptVersions` does beside set and rollback."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from smallprint.errors import (
    GateRefused,
    NoCanary,
    NotPinned,
    PromptAlreadyLive,
    PromptError,
    PromptMoved,
    UnknownPromptVersion,
    UnsupportedContract,
)
from smallprint.models.domain import Activation, ActivationAction, Gate, Scope
from smallprint.models.evaluation import EvaluationVerdict
from smallprint.prompts.arms import bucket
from smallprint.prompts.gate import EvaluationGate, GatePolicy
from smallprint.prompts.versions import PromptVersions
from tests.fakes.prompt_files import FakePromptFiles, prompt
from tests.fakes.prompt_store import AllLookFirst, FakePromptStore
from tests.fakes.verdicts import FakeVerdicts

AGENT = "document_analysis"
REVIEWER = "findings_review"
CONTRACTS = {"analysis/1", "review/1"}
TRIED = next(f"{number:064x}" for number in range(1_000) if bucket(f"{number:064x}") < 1)
"""A document that is in every canary's share."""
UNTRIED = next(f"{number:064x}" for number in range(1_000) if bucket(f"{number:064x}") == 99)


@pytest.fixture
def store():
    return FakePromptStore()


def release(store, *numbers: int, contracts=CONTRACTS, gate=None, **changes) -> PromptVersions:
    files = FakePromptFiles(*(prompt(n) for n in numbers), *(prompt(n, agent=REVIEWER) for n in numbers))
    return PromptVersions(files, store, contracts=contracts, gate=gate, **changes)


@pytest.fixture
async def versions(store):
    """v3 is live, v1 and v2 are there."""
    product = release(store, 1, 2, 3)
    await product.import_templates()
    return product


def why(reason: str = "a try", actor: str = "U1", request_id: str = "") -> dict[str, Any]:
    return {"actor": actor, "reason": reason, "request_id": request_id or uuid4().hex}


async def used(versions: PromptVersions, document: str = TRIED, channel: str = "C1", agent: str = AGENT):
    found = await versions.resolve(agent, channel=channel, document_sha256=document)
    return found.version, found.arm


async def log_of(versions: PromptVersions) -> list[tuple[str, str, int]]:
    """Newest first."""
    page = await versions.history(AGENT)
    return [(move.action.value, move.scope.value, move.to_version) for move in page.activations]


# --- trying a version on a share of the documents --------------------------------------------------------


async def test_a_canary_is_used_for_its_share_alone_and_the_activation_is_told(versions):
    move = await versions.canary(AGENT, "v2", "10%", **why())
    assert (move.action, move.scope, move.to_version, move.percent) == (
        ActivationAction.CANARY,
        Scope.CANARY,
        2,
        10,
    )
    assert await used(versions) == (2, "canary")
    assert await used(versions, UNTRIED) == (3, "live")
    assert (await versions.resolve(AGENT, document_sha256=TRIED)).activation == move.id
    assert (await versions.live(AGENT)).version == 3


async def test_analyst_and_reviewer_that_are_tried_together_go_together(versions):
    await versions.canary(AGENT, 2, 30, **why())
    await versions.canary(REVIEWER, 2, 30, **why())
    for number in range(200):
        document = f"{number:064x}"
        assert (await used(versions, document))[1] == (await used(versions, document, agent=REVIEWER))[1]


async def test_another_canary_replaces_the_one_that_runs(versions):
    await versions.canary(AGENT, 2, 10, **why())
    await versions.canary(AGENT, 2, 50, **why())
    await versions.canary(AGENT, 1, 50, **why())
    listed = (await versions.list(AGENT))[0]
    assert listed.canary is not None
    assert (listed.canary.from_version, listed.canary.to_version, listed.canary.percent) == (2, 1, 50)
    with pytest.raises(PromptAlreadyLive, match=r"v1 is being tried on 50 % of the documents already"):
        await versions.canary(AGENT, 1, 50, **why())


async def test_what_is_live_or_cannot_be_read_or_does_not_exist_is_not_tried(versions, store):
    with pytest.raises(PromptAlreadyLive, match="v3 is live already"):
        await versions.canary(AGENT, 3, 10, **why())
    with pytest.raises(UnknownPromptVersion):
        await versions.canary(AGENT, 9, 10, **why())
    with pytest.raises(PromptError, match="from 1 to 99"):
        await versions.canary(AGENT, 2, 100, **why())
    await unreadable(store)
    with pytest.raises(UnsupportedContract, match=r"v4: it answers in the form analysis/2"):
        await versions.canary(AGENT, 4, 10, **why())
    assert (await versions.list(AGENT))[0].canary is None


async def test_a_promoted_canary_is_live_and_counts_as_chosen_by_hand(versions, store):
    await versions.canary(AGENT, 2, 10, **why())
    move = await versions.promote(AGENT, **why("fewer false alarms"))
    assert (move.action, move.scope, move.from_version, move.to_version) == (
        ActivationAction.PROMOTE,
        Scope.GLOBAL,
        3,
        2,
    )
    assert await used(versions) == await used(versions, UNTRIED) == (2, "live")
    assert (await log_of(versions))[:2] == [("promote", "canary", 2), ("promote", "global", 2)]
    later = release(store, 1, 2, 3, 4)
    brought = await later.import_templates()
    assert (await later.live(AGENT)).version == 2
    assert brought.waiting == (
        f"{AGENT}: the release has v4; live is v2 (promoted by U1: fewer false alarms)",
    )
    assert (await later.rollback(AGENT, **why())).to_version == 3


async def test_an_ended_canary_is_used_no_more(versions):
    await versions.canary(AGENT, 2, 10, **why())
    await versions.abort(AGENT, **why("worse on leases"))
    assert await used(versions) == (3, "live")
    for change in (versions.promote, versions.abort):
        with pytest.raises(NoCanary, match="No version of document_analysis is being tried"):
            await change(AGENT, **why())
    await versions.canary(AGENT, 2, 10, **why())
    assert await used(versions) == (2, "canary")


async def test_a_rollback_ends_the_canary_in_the_same_step(versions):
    await versions.set(AGENT, 1, **why())
    await versions.canary(AGENT, 2, 10, **why())
    move = await versions.rollback(AGENT, **why("it went wrong"))
    assert (move.from_version, move.to_version) == (1, 3)
    newest = (await versions.history(AGENT)).activations[0]
    assert (newest.action, newest.reason) == (ActivationAction.ABORT, "ended by the rollback")
    assert await used(versions) == (3, "live")


async def test_setting_what_is_being_tried_ends_the_trial(versions):
    await versions.canary(AGENT, 2, 10, **why())
    await versions.set(AGENT, 2, **why())
    assert (await versions.list(AGENT))[0].canary is None
    assert (await log_of(versions))[:2] == [("promote", "canary", 2), ("set", "global", 2)]


async def test_setting_another_version_leaves_the_trial_alone(versions):
    await versions.canary(AGENT, 2, 10, **why())
    await versions.set(AGENT, 1, **why())
    assert await used(versions) == (2, "canary")
    assert await used(versions, UNTRIED) == (1, "live")


async def test_a_canary_and_a_pin_survive_the_import_of_a_newer_version(versions, store):
    await versions.canary(AGENT, 1, 10, **why())
    await versions.pin(AGENT, 2, "C2", **why())
    later = release(store, 1, 2, 3, 4)
    await later.import_templates()
    assert await used(later, UNTRIED) == (4, "live")
    assert await used(later) == (1, "canary")
    assert await used(later, channel="C2") == (2, "pin")


async def test_of_two_who_end_a_trial_differently_at_once_one_wins(versions, store):
    await versions.canary(AGENT, 2, 10, **why())
    together = AllLookFirst(store)
    here, there = release(together, 1, 2, 3), release(together, 1, 2, 3)
    ends = await asyncio.gather(
        here.promote(AGENT, **why()), there.abort(AGENT, **why()), return_exceptions=True
    )
    assert [isinstance(end, PromptMoved) for end in ends].count(True) == 1
    listed = (await versions.list(AGENT))[0]
    assert listed.canary is None
    assert listed.live == (2 if isinstance(ends[0], Activation) else 3)


# --- a channel's exception -------------------------------------------------------------------------------


async def test_a_pinned_channel_has_its_version_whatever_is_live_or_tried(versions):
    move = await versions.pin("ANALYST", "V1", "#c1", **why())
    assert (move.scope, move.scope_id, move.to_version) == (Scope.CHANNEL, "C1", 1)
    await versions.canary(AGENT, 2, 99, **why())
    await versions.set(AGENT, 2, **why())
    assert await used(versions, channel="C1") == (1, "pin")
    assert await used(versions, channel="C2") == (2, "live")
    assert await used(versions, channel="C1", agent=REVIEWER) == (3, "live")


async def test_pins_are_listed_until_they_are_taken_away(versions):
    await versions.pin(AGENT, 1, "C2", **why())
    await versions.pin(AGENT, 2, "C1", **why())
    await versions.pin(AGENT, 2, "C2", **why())
    await versions.pin(REVIEWER, 1, "C1", **why())
    assert [(pin.scope_id, pin.from_version, pin.to_version) for pin in await versions.pins(AGENT)] == [
        ("C1", None, 2),
        ("C2", 1, 2),
    ]
    assert [pin.agent for pin in await versions.pins()] == [AGENT, AGENT, REVIEWER]
    await versions.unpin(AGENT, "c2", **why())
    assert [pin.scope_id for pin in (await versions.list("analyst"))[0].pins] == ["C1"]
    assert await used(versions, channel="C2") == (3, "live")
    with pytest.raises(NotPinned, match="not pinned in C2"):
        await versions.unpin(AGENT, "C2", **why())


async def test_what_cannot_be_used_or_is_pinned_already_is_not_pinned(versions, store):
    await versions.pin(AGENT, 1, "C1", **why())
    with pytest.raises(PromptAlreadyLive, match=r"pinned to v1 in C1 already \(pinned by U1: a try\)"):
        await versions.pin(AGENT, 1, "C1", **why())
    with pytest.raises(PromptError, match="not the id of a channel"):
        await versions.pin(AGENT, 1, "legal", **why())
    await unreadable(store)
    with pytest.raises(UnsupportedContract):
        await versions.pin(AGENT, 4, "C1", **why())


async def test_a_rollback_leaves_pins_and_they_can_be_told(versions):
    await versions.pin(AGENT, 3, "C1", **why())
    await versions.set(AGENT, 1, **why())
    await versions.rollback(AGENT, **why())
    await versions.pin(AGENT, 2, "C2", **why())
    assert [(pin.scope_id, pin.to_version) for pin in await versions.pins(AGENT)] == [("C1", 3), ("C2", 2)]


# --- what cannot be used or read -------------------------------------------------------------------------


async def unreadable(store: FakePromptStore) -> None:
    """A newer release brings v4, whose answers this one can't read."""
    both = FakePromptFiles(prompt(4, contract="analysis/2"))
    await PromptVersions(both, store, contracts=set()).import_templates()


async def test_a_pin_and_a_canary_that_cannot_be_used_fall_back_to_live(versions, store):
    newer = {*CONTRACTS, "analysis/2"}
    await unreadable(store)
    of_newer_release = release(store, 1, 2, 3, contracts=newer)
    await of_newer_release.canary(AGENT, 4, 99, **why())
    await of_newer_release.pin(AGENT, 4, "C2", **why())
    assert await used(versions) == await used(versions, channel="C2") == (3, "live")


async def test_a_live_version_that_cannot_be_used_falls_back_to_the_last_known_then_to_the_file(
    versions, store
):
    await versions.set(AGENT, 1, **why())
    assert await used(versions) == (1, "live")
    await unreadable(store)
    newer = release(store, 1, 2, 3, contracts={*CONTRACTS, "analysis/2"})
    await newer.set(AGENT, 4, **why())
    found = await versions.resolve(AGENT)
    assert (found.version, found.source) == (1, "remembered")
    restarted = await release(store, 1, 2, 3).resolve(AGENT)
    assert (restarted.version, restarted.source) == (3, "packaged")


async def test_without_a_database_the_last_live_version_is_used_in_every_channel(versions, store):
    await versions.set(AGENT, 2, **why())
    await versions.pin(AGENT, 1, "C1", **why())
    assert await used(versions, channel="C1") == (1, "pin")
    store.available = False
    found = await versions.resolve(AGENT, channel="C1", document_sha256=TRIED)
    assert (found.version, found.arm, found.source) == (2, "live", "remembered")
    assert (await release(store, 1, 2).resolve(AGENT)).source == "packaged"


# --- the gate --------------------------------------------------------------------------------------------


@pytest.fixture
def verdicts():
    return FakeVerdicts()


def gated(store, verdicts, policy: GatePolicy) -> PromptVersions:
    return release(store, 1, 2, 3, gate=EvaluationGate(policy, verdicts))


async def test_what_is_set_live_says_what_the_evaluation_said(versions, store, verdicts):
    product = gated(store, verdicts, GatePolicy.WARN)
    assert (await product.set(AGENT, 2, **why())).gate is Gate.WARNED
    verdicts.judge(prompt(1), EvaluationVerdict.NOT_WORSE)
    assert (await product.set(AGENT, 1, **why())).gate is Gate.PASSED
    assert [move.gate for move in (await product.history(AGENT, limit=2)).activations] == [
        Gate.PASSED,
        Gate.WARNED,
    ]


async def test_a_required_gate_refuses_set_and_promote_unless_it_is_overridden(versions, store, verdicts):
    product = gated(store, verdicts, GatePolicy.REQUIRE)
    with pytest.raises(GateRefused):
        await product.set(AGENT, 2, **why())
    await product.canary(AGENT, 2, 10, **why())
    with pytest.raises(GateRefused):
        await product.promote(AGENT, **why())
    with pytest.raises(GateRefused, match="say why"):
        await product.promote(AGENT, override=True, **why(reason=""))
    assert await used(product, UNTRIED) == (3, "live")
    assert (await product.promote(AGENT, override=True, **why())).gate is Gate.OVERRIDDEN
    assert (await product.set(AGENT, 1, override=True, **why())).gate is Gate.OVERRIDDEN


async def test_a_rollback_a_canary_and_a_pin_ask_no_evaluation(versions, store, verdicts):
    product = gated(store, verdicts, GatePolicy.REQUIRE)
    await product.set(AGENT, 2, override=True, **why())
    asked = verdicts.asked
    await product.canary(AGENT, 1, 10, **why())
    await product.pin(AGENT, 1, "C1", **why())
    assert (await product.rollback(AGENT, **why())).gate is Gate.NONE
    assert verdicts.asked == asked


async def test_lists_and_versions_show_the_newest_evaluation(versions, store, verdicts):
    verdicts.judge(prompt(2), EvaluationVerdict.WORSE)
    product = gated(store, verdicts, GatePolicy.WARN)
    listed = (await product.list(AGENT))[0]
    assert [version.evaluation for version in listed.versions] == [None, EvaluationVerdict.WORSE, None]
    assert (await product.show(AGENT, 2)).opinion.sentence == "evaluated 3 days ago on house: worse"
    assert (await product.show(AGENT, 1)).opinion.sentence == "no evaluation of exactly this version"


# --- what people see -------------------------------------------------------------------------------------


async def test_showing_a_version_says_where_it_is_used(versions):
    await versions.canary(AGENT, 2, 10, **why())
    await versions.pin(AGENT, 2, "C1", **why())
    await versions.pin(AGENT, 1, "C2", **why())
    shown = await versions.show(AGENT, 2)
    assert shown.canary is not None
    assert (shown.listed.live, shown.canary.percent) == (False, 10)
    assert [pin.scope_id for pin in shown.pins] == ["C1"]
    live = await versions.show(AGENT)
    assert (live.listed.live, live.canary, live.pins) == (True, None, ())


async def test_a_diff_is_of_two_versions_in_any_spelling(versions):
    diff = await versions.diff("Analyst", "V1", 2)
    assert diff.lines == ("@@ -1 +1 @@", "-Read it, way 1.", "+Read it, way 2.")
    with pytest.raises(UnknownPromptVersion):
        await versions.diff(AGENT, 1, 9)


async def test_the_history_of_all_agents_comes_a_page_at_a_time(versions):
    await versions.canary(AGENT, 2, 10, **why())
    await versions.pin(REVIEWER, 1, "C1", **why())
    seen, page = [], await versions.history(limit=2)
    while page.older:
        seen += page.activations
        page = await versions.history(limit=2, before=page.older)
    seen += page.activations
    ids = [move.id for move in seen]
    assert ids == sorted(ids, reverse=True)
    assert [move.action.value for move in seen] == ["pin", "canary", "import", "import"]
    assert (await versions.history("reviewer", limit=2)).older is None


async def test_a_pointer_that_moved_while_somebody_read_is_not_moved_again(versions):
    seen = (await versions.list(AGENT))[0].last
    assert seen is not None
    await versions.set(AGENT, 1, **why(actor="U2"))
    with pytest.raises(PromptMoved, match=r"was changed since then: v1 is live \(set by U2: a try\)"):
        await versions.set(AGENT, 2, after=seen.id, **why())
    assert await used(versions) == (1, "live")
