"""Near a limit is where an estimate can't tell whether it holds."""

import pytest

from smallprint.agents.token_counter import is_near, may_not_fit


@pytest.mark.parametrize(
    ("cost", "limit", "near"),
    [(69, 100, False), (70, 100, True), (130, 100, True), (131, 100, False), (1, 0, False), (1, None, False)],
)
def test_near_is_from_seven_tenths_to_thirteen_tenths_of_a_limit(cost, limit, near):
    assert is_near(cost, limit) is near


@pytest.mark.parametrize(
    ("cost", "room", "doubtful"), [(69, 100, False), (70, 100, True), (900, 100, True), (900, None, False)]
)
def test_a_call_may_not_fit_from_seven_tenths_of_the_room_on(cost, room, doubtful):
    assert may_not_fit(cost, room) is doubtful
