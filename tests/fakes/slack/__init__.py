"""A loopback Slack: Web API, file hosting and Socket Mode; `from tests.fakes.slack import FakeSlack, Fault, Upload`."""

from tests.fakes.slack.core import ALL_SCOPES, APP_TOKEN, BOT_TOKEN, Call
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.files import Upload
from tests.fakes.slack.people import Interaction, Share
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.socket_mode import Delivery

__all__ = [
    "ALL_SCOPES",
    "APP_TOKEN",
    "BOT_TOKEN",
    "Call",
    "Delivery",
    "FakeSlack",
    "Fault",
    "Interaction",
    "Share",
    "Upload",
]
