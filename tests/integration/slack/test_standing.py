"""Who somebody is to the workspace, and whose word counts in a channel."""

from __future__ import annotations

import pytest

from smallprint.errors import SlackUnavailable
from smallprint.models.domain import Standing
from smallprint.slack.client import SlackClients
from smallprint.slack.permissions import Permissions
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.workspace import (
    ANN,
    BOB,
    BOT_USER,
    CONTRACTS,
    DM_ANN,
    EVE,
    GONE,
    OLLY,
    STRANGER,
    TEAM,
    VAULT,
)


@pytest.fixture
def permissions(clients: SlackClients) -> Permissions:
    return Permissions(clients, team=TEAM, admin_users=frozenset())


@pytest.mark.parametrize(
    ("user", "standing"),
    [
        (ANN, Standing.MEMBER),
        (BOB, Standing.MEMBER),
        (EVE, Standing.GUEST),
        (STRANGER, Standing.STRANGER),
        (GONE, Standing.STRANGER),
        (BOT_USER, Standing.STRANGER),
        ("U0NOBODY01", Standing.STRANGER),
    ],
)
async def test_members_guests_and_strangers_are_told_apart(permissions, user, standing) -> None:
    assert await permissions.standing_of(user) is standing


async def test_what_slack_does_not_say_is_not_guessed_and_once_said_is_remembered(slack, permissions) -> None:
    slack.fail("users.info", Fault.ERROR, error="internal_error")
    with pytest.raises(SlackUnavailable):
        await permissions.standing_of(BOB)
    for _ in range(3):
        assert await permissions.standing_of(BOB) is Standing.MEMBER
    assert len(slack.calls_to("users.info")) == 2


@pytest.mark.parametrize(
    ("user", "channel", "creator", "may"),
    [
        (ANN, CONTRACTS, BOB, True),
        (OLLY, CONTRACTS, BOB, True),
        (BOB, CONTRACTS, BOB, True),
        (BOB, CONTRACTS, ANN, False),
        (EVE, CONTRACTS, EVE, False),
        (STRANGER, CONTRACTS, STRANGER, False),
        (BOB, VAULT, BOB, False),
    ],
)
async def test_admins_and_the_channel_s_maker_set_it_up(
    slack: FakeSlack, permissions, user, channel, creator, may
) -> None:
    slack.workspace.channel(channel).creator = creator
    assert await permissions.is_channel_admin(user, channel) is may


async def test_whoever_made_a_channel_and_left_it_has_no_say_any_more(slack, permissions) -> None:
    slack.workspace.channel(CONTRACTS).creator = BOB
    slack.workspace.channel(CONTRACTS).members.remove(BOB)
    assert not await permissions.is_channel_admin(BOB, CONTRACTS)


async def test_everybody_has_the_say_in_their_own_direct_messages(slack, permissions) -> None:
    own = slack.workspace.open_dm(BOB)
    assert await permissions.is_channel_admin(BOB, own.id)
    assert not await permissions.is_channel_admin(BOB, DM_ANN)
