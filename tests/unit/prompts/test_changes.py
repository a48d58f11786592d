"""A change that comes second: to its own twin, or to somebody else's change since the asker looked."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from smallprint.errors import NoCanary, NotPinned, PromptAlreadyLive, PromptMoved
from smallprint.prompts.versions import PromptVersions
from tests.fakes.prompt_files import FakePromptFiles, prompt
from tests.fakes.prompt_store import AllLookFirst, FakePromptStore, Interrupted

AGENT = "document_analysis"


@pytest.fixture
def store():
    return FakePromptStore()


def release(store, *numbers: int) -> PromptVersions:
    return PromptVersions(FakePromptFiles(*map(prompt, numbers)), store, contracts={"analysis/1"})


@pytest.fixture
async def versions(store):
    """v3 is live, v1 and v2 are there."""
    product = release(store, 1, 2, 3)
    await product.import_templates()
    return product


def why(reason: str = "a try", actor: str = "U1", request_id: str = "") -> dict[str, Any]:
    return {"actor": actor, "reason": reason, "request_id": request_id or uuid4().hex}


# --- to somebody else ------------------------------------------------------------------------------------


async def test_who_comes_second_to_a_channel_is_told_of_that_channel(versions, store):
    together = AllLookFirst(store)
    here, there, elsewhere = (release(together, 1, 2, 3) for _ in range(3))
    ends = await asyncio.gather(
        here.pin(AGENT, 1, "C1", **why("ours", "U1")),
        there.pin(AGENT, 2, "C1", **why("mine", "U2")),
        elsewhere.pin(AGENT, 2, "C2", **why("theirs", "U3")),
        return_exceptions=True,
    )
    (refused,) = [end for end in ends if isinstance(end, PromptMoved)]
    (pin,) = [pin for pin in await versions.pins(AGENT) if pin.scope_id == "C1"]
    assert f"v{pin.to_version} pinned by {pin.actor}: {pin.reason}" in refused.user_message


async def test_a_rollback_that_was_meant_for_another_state_is_refused_with_who_changed_it(versions):
    seen = await versions.set(AGENT, 2, **why())
    await versions.set(AGENT, 1, **why("even better", "U2"))
    with pytest.raises(PromptMoved, match=r"v1 is live \(set by U2: even better\)"):
        await versions.rollback(AGENT, version=3, after=seen.id, **why())
    assert (await versions.live(AGENT)).version == 1


async def test_a_rollback_that_somebody_else_made_meanwhile_is_told_as_done_and_by_whom(versions):
    seen = await versions.set(AGENT, 2, **why())
    await versions.rollback(AGENT, **why("worse", "U2"))
    with pytest.raises(PromptAlreadyLive, match=r"v3 is live already \(rolled back by U2: worse\)"):
        await versions.rollback(AGENT, version=3, after=seen.id, **why())


async def test_the_end_of_another_canary_is_refused_and_so_is_a_second_end(versions):
    seen = await versions.canary(AGENT, 2, 10, **why())
    now = await versions.canary(AGENT, 2, 50, **why("more", "U2"))
    with pytest.raises(NoCanary, match="has ended already: v2 tried by U2: more"):
        await versions.abort(AGENT, after=seen.id, **why())
    assert (await versions.list(AGENT))[0].canary == now
    await versions.abort(AGENT, after=now.id, **why("enough", "U3"))
    with pytest.raises(NoCanary, match="has ended already: v2 trial ended by U3: enough"):
        await versions.abort(AGENT, after=now.id, **why())


async def test_a_pin_that_was_changed_since_is_not_taken_away(versions):
    seen = await versions.pin(AGENT, 1, "C1", **why())
    now = await versions.pin(AGENT, 2, "C1", **why("better", "U2"))
    with pytest.raises(NotPinned, match="was changed already: v2 pinned by U2: better"):
        await versions.unpin(AGENT, "C1", after=seen.id, **why())
    assert await versions.pins(AGENT) == (now,)
    await versions.unpin(AGENT, "C1", after=now.id, **why())
    with pytest.raises(NotPinned, match="was changed already: v2 unpinned by U1: a try"):
        await versions.unpin(AGENT, "C1", after=now.id, **why())


# --- to its own twin --------------------------------------------------------------------------------------


VERBS = {
    "set": (2,),
    "canary": (2, 10),
    "pin": (2, "C1"),
    "unpin": ("C1",),
    "promote": (),
    "abort": (),
    "rollback": (),
}
"""With what each is asked."""


async def ready_for(verb: str, versions: PromptVersions) -> None:
    await versions.set(AGENT, 1, **why())
    if verb in {"promote", "abort"}:
        await versions.canary(AGENT, 2, 10, **why())
    if verb == "unpin":
        await versions.pin(AGENT, 2, "C1", **why())


@pytest.mark.parametrize("verb", VERBS)
async def test_every_change_that_is_delivered_twice_is_applied_once(versions, store, verb):
    await ready_for(verb, versions)
    asked = why(request_id="view-1")
    first = await getattr(versions, verb)(AGENT, *VERBS[verb], **asked)
    log = list(store.log)
    assert await getattr(versions, verb)(AGENT, *VERBS[verb], **asked) == first
    assert store.log == log
    assert first in log


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("looks", [1, 2, 3])
async def test_a_change_whose_twin_is_applied_while_it_looks_gives_the_twin_s_answer(
    versions, store, verb, looks
):
    await ready_for(verb, versions)
    asked = why(request_id="view-1")
    twin = Interrupted(store, looks, lambda: getattr(versions, verb)(AGENT, *VERBS[verb], **asked))
    made = await getattr(release(twin, 1, 2, 3), verb)(AGENT, *VERBS[verb], **asked)
    assert [move for move in store.log if move.request_id == "view-1"] == [made]
