"""What people do with modals and menus: fill in, send, choose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.core import ResponseUrl
from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.people import Interaction, People
from tests.fakes.slack.views import Views, checked_modal
from tests.fakes.slack.workspace import APP, TEAM, Json


@dataclass(frozen=True)
class Submission:
    """What came back for a modal that was sent."""

    delivery: Delivery
    errors: Json = field(default_factory=dict)
    """block_id → what is wrong; the modal stays open."""
    view: Json | None = None
    """What the modal shows now; None when it closed."""

    @property
    def acked(self) -> bool:
        return self.delivery.acked_at is not None


class Forms(People):
    """FakeSlack inherits them."""

    def modal(self) -> Json:
        """What the modal that was opened last shows now. Raises IndexError."""
        return self.core.views[-1]

    async def submit(
        self, user: str, view: Json, values: dict[str, Json] | None = None, *, timeout_s: float = 5.0
    ) -> Submission:
        """A person presses the button of a modal. `values` is block_id → the state of its element.

        As in Slack nothing is redelivered. Raises MethodRefused where Slack would show "trouble connecting".
        """
        person = self.core.workspace.user(user)
        inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
        state = {
            block_id: {element["action_id"]: _initial(element) | (values or {}).get(block_id, {})}
            for block_id, element in inputs.items()
        }
        payload = {
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "acme"},
            "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": TEAM},
            "api_app_id": APP,
            "token": "deprecated-verification-token",
            "trigger_id": self.core.new_trigger(),
            "view": view | {"state": {"values": state}},
            "response_urls": [],
            "is_enterprise_install": False,
            "enterprise": None,
        }
        result = await self._interact("interactive", payload, ResponseUrl(person.id, ""), 0, timeout_s)
        return self._submitted(result.delivery, view, result.ack)

    async def choose(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        value: str,
        answers: int = 0,
        timeout_s: float = 5.0,
    ) -> Interaction:
        """A person chooses an entry of an overflow menu in the bot's message."""
        option = {"text": {"type": "plain_text", "text": "-", "emoji": True}, "value": value}
        action = {"type": "overflow", "action_id": action_id, "block_id": "b", "selected_option": option}
        return await self._act(user, channel, ts, action, answers, timeout_s)

    async def message_shortcut(
        self, user: str, channel: str, ts: str, callback_id: str, *, answers: int = 1
    ) -> Interaction:
        """A person chooses a shortcut in the menu of a message; a `ts` that is unknown is a message without files."""
        place, person = self.core.workspace.channel(channel), self.core.workspace.user(user)
        address, url = self.core.new_response_url(person.id, place.id)
        payload = {
            "type": "message_action",
            "callback_id": callback_id,
            "trigger_id": self.core.new_trigger(),
            "response_url": address,
            "team": {"id": TEAM, "domain": "acme"},
            "channel": {"id": place.id, "name": place.name},
            "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": TEAM},
            "message_ts": ts,
            "message": place.messages.get(ts, {"type": "message", "ts": ts, "text": ""}),
            "is_enterprise_install": False,
            "enterprise": None,
        }
        return await self._interact("interactive", payload, url, answers, 5.0)

    async def thumb(
        self, user: str, channel: str, ts: str, action_id: str, *, value: str, answers: int = 0
    ) -> Interaction:
        """A person presses 👍 or 👎 in the bot's message: both have one action."""
        action = {"type": "feedback_buttons", "action_id": action_id, "block_id": "b", "value": value}
        return await self._act(user, channel, ts, action, answers, 5.0)

    async def open_home(self, user: str, tab: str = "home") -> str:
        """A person opens the app's tab; the event's id. What is published stands in `core.homes`."""
        person, ts = self.core.workspace.user(user), self.core.workspace.new_ts()
        channel = self.core.workspace.open_dm(person.id).id
        event = {"type": "app_home_opened", "user": person.id, "channel": channel, "tab": tab, "event_ts": ts}
        return await self.core.emit(event)

    async def press_in_home(self, user: str, action_id: str, value: str = "") -> Interaction:
        """A person presses a button in their home tab: there is no channel, no message and no response_url."""
        return await self._press_in_view(
            user, self.core.homes[self.core.workspace.user(user).id], action_id, value
        )

    async def press_in_modal(self, user: str, view: Json, action_id: str, value: str = "") -> Interaction:
        """A person presses a button in a modal; as in a home there is no response_url."""
        return await self._press_in_view(user, view, action_id, value)

    async def _press_in_view(self, user: str, view: Json, action_id: str, value: str) -> Interaction:
        person = self.core.workspace.user(user)
        payload = {
            "type": "block_actions",
            "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": TEAM},
            "api_app_id": APP,
            "token": "deprecated-verification-token",
            "container": {"type": "view", "view_id": view["id"]},
            "trigger_id": self.core.new_trigger(),
            "team": {"id": TEAM, "domain": "acme"},
            "enterprise": None,
            "is_enterprise_install": False,
            "view": view,
            "actions": [
                {
                    "type": "button",
                    "action_id": action_id,
                    "block_id": "b",
                    "value": value,
                    "action_ts": "1.0",
                }
            ],
        }
        return await self._interact("interactive", payload, ResponseUrl(person.id, ""), 0, 5.0)

    def _submitted(self, delivery: Delivery, view: Json, answer: Json) -> Submission:
        views = Views(self.core)
        before = next((shown for shown in self.core.views if shown["id"] == view["id"]), view)
        match answer.get("response_action"):
            case "errors":
                known = {block.get("block_id") for block in view["blocks"]}
                assert answer["errors"].keys() <= known, "errors of blocks that the modal does not have"
                return Submission(delivery, answer["errors"], before)
            case "update":
                return Submission(delivery, {}, views.replace(before, checked_modal(answer["view"])))
            case None | "clear":
                if delivery.acked_at is not None:
                    self.core.views[:] = [shown for shown in self.core.views if shown["id"] != view["id"]]
                    return Submission(delivery)
        return Submission(delivery, {}, before)


def _initial(element: Json) -> Json:
    """The state of an element that nobody touched."""
    kind: Any = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": element.get("initial_value")}
    if kind == "checkboxes":
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind == "conversations_select":
        return {"type": kind, "selected_conversation": element.get("initial_conversation")}
    return {"type": kind, "selected_option": element.get("initial_option")}
