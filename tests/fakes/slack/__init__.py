"""A loopback Slack: Web API, file hosting and Socket Mode; `from tests.fakes.slack import FakeSlack, Fault, Upload`."""

from tests.fakes.slack.core import ALL_SCOPES, APP_TOKEN, BOT_TOKEN, Call, as_in_manifest
from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.files import Upload
from tests.fakes.slack.forms import Submission
from tests.fakes.slack.people import Interaction, Share
from tests.fakes.slack.server import FakeSlack

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
    "Submission",
    "Upload",
    "as_in_manifest",
]
