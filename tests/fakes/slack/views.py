"""views.*: modals and home tabs. Limits: docs.slack.dev/reference/views and /reference/methods/views.open."""

from __future__ import annotations

import time
from typing import Any

from tests.fakes.slack.chat import check_blocks
from tests.fakes.slack.core import Core
from tests.fakes.slack.element_rules import text_problems
from tests.fakes.slack.refusal import MethodRefused, required
from tests.fakes.slack.workspace import APP, BOT, TEAM, Json

TRIGGER_LIFE_S = 3.0
MAX_STACK = 3
MAX_LABEL = 24
"""Title, submit and close of a modal."""
MAX_METADATA = 3_000
MAX_CALLBACK_ID = 255


class Views:
    def __init__(self, core: Core) -> None:
        self._core = core

    async def open(self, arguments: Json) -> Json:
        (trigger,) = required(arguments, "trigger_id")
        given_at = self._core.triggers.pop(trigger, None)
        if given_at is None:
            raise MethodRefused("exchanged_trigger_id")
        if time.time() - given_at > TRIGGER_LIFE_S:
            raise MethodRefused("expired_trigger_id")
        view = self.shown(_checked(arguments, "modal"), self._core.workspace.new_id("V"))
        self._core.views.append(view)
        return {"view": view}

    async def push(self, arguments: Json) -> Json:
        """On top of the modal whose button gave the trigger; three at most, that one included."""
        if len(self._core.views) >= MAX_STACK:
            raise MethodRefused("push_limit_reached")
        return await self.open(arguments)

    async def update(self, arguments: Json) -> Json:
        (view_id,) = required(arguments, "view_id")
        before = next((view for view in self._core.views if view["id"] == view_id), None)
        if before is None:
            raise MethodRefused("not_found")
        if arguments.get("hash") not in (None, before["hash"]):
            raise MethodRefused("hash_conflict")
        view = self.replace(before, _checked(arguments, "modal"))
        return {"view": view}

    async def publish(self, arguments: Json) -> Json:
        (user,) = required(arguments, "user_id")
        if user not in self._core.workspace.users:
            raise MethodRefused("user_not_found")
        view = self.shown(_checked(arguments, "home"), self._core.workspace.new_id("V"))
        self._core.homes[user] = view
        return {"view": view}

    def replace(self, before: Json, view: Json) -> Json:
        """Another content in the same place: it keeps its id and gets a new hash."""
        after = self.shown(view, before["id"])
        self._core.views[self._core.views.index(before)] = after
        return after

    def shown(self, view: Json, view_id: str) -> Json:
        whose = {"team_id": TEAM, "app_id": APP, "bot_id": BOT, "hash": self._core.workspace.new_id("h")}
        return view | whose | {"id": view_id}


def checked_modal(view: Any) -> Json:
    """As it would be shown. Raises MethodRefused."""
    if not isinstance(view, dict) or view.get("type") != "modal":
        raise MethodRefused("invalid_arguments")
    found = [f"[ERROR] {what} [json-pointer:/view/{where}]" for what, where in _problems(view)]
    if found:
        raise MethodRefused("invalid_arguments", response_metadata={"messages": found})
    check_blocks(view["blocks"], "modal")
    return view


def _checked(arguments: Json, kind: str) -> Json:
    view = arguments.get("view")
    if kind == "modal":
        return checked_modal(view)
    if not isinstance(view, dict) or view.get("type") != kind:
        raise MethodRefused("invalid_arguments")
    check_blocks(view.get("blocks"), kind)
    return view


def _problems(view: Json) -> Any:
    known = {
        "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close",
        "notify_on_close", "external_id", "submit_disabled",
    }  # fmt: skip
    for key in sorted(view.keys() - known):
        yield f"invalid additional property: {key}", key
    if not view.get("blocks"):
        yield "missing required field: blocks", "blocks"
    yield from text_problems(view.get("title"), "title", MAX_LABEL, ("plain_text",))
    for name in ("submit", "close"):
        if view.get(name) is not None:
            yield from text_problems(view[name], name, MAX_LABEL, ("plain_text",))
    if "submit" not in view and any(block.get("type") == "input" for block in view.get("blocks") or ()):
        yield "missing required field: submit", "submit"
    for name, most in (("private_metadata", MAX_METADATA), ("callback_id", MAX_CALLBACK_ID)):
        if len(str(view.get(name, ""))) > most:
            yield f"must be less than {most + 1} characters", name
