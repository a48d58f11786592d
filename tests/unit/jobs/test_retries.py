from __future__ import annotations

import pytest

from smallprint.errors import EmptyDocument, ModelOverloaded
from smallprint.jobs.retries import MAX_RETRY_AFTER_S, Retries


class Flaky:
    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.last_tries: list[bool] = []

    async def __call__(self, last_try: bool) -> str:  # noqa: FBT001
        self.last_tries.append(last_try)
        if self.errors:
            raise self.errors.pop(0)
        return "done"


async def test_a_passing_error_is_tried_again_until_it_passes() -> None:
    action = Flaky(ModelOverloaded(), ModelOverloaded())
    assert await Retries(0).run(action) == "done"
    assert action.last_tries == [False, False, False]


async def test_after_the_last_try_its_error_is_raised() -> None:
    action = Flaky(*(ModelOverloaded() for _ in range(9)))
    with pytest.raises(ModelOverloaded):
        await Retries(0, max_tries=3).run(action)
    assert action.last_tries == [False, False, True]


@pytest.mark.parametrize("error", [EmptyDocument(), ValueError()])
async def test_an_error_that_does_not_pass_is_not_tried_again(error) -> None:
    action = Flaky(error)
    with pytest.raises(type(error)):
        await Retries(0).run(action)
    assert len(action.last_tries) == 1


def test_waits_grow_threefold_up_to_a_limit() -> None:
    assert [Retries(2).wait_s(tries) for tries in range(1, 6)] == [2, 6, 18, 54, 120]


def test_a_longer_wait_is_granted_within_reason() -> None:
    assert Retries(2).wait_s(1, 30) == 30
    assert Retries(2).wait_s(2, 1) == 6
    assert Retries(2).wait_s(1, 86_400) == MAX_RETRY_AFTER_S
