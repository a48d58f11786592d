"""What somebody filled in, out of a view_submission's view: as they did, checked by nobody.

https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload: a block's state stands under its
block_id and its element's action_id, which are one name in our forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class FilledForm:
    """Empty for a block that the form does not have, and for one that was left empty."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values: Mapping[str, Any] = view["state"]["values"]

    def asks(self, name: str) -> bool:
        """True if the form has such a block."""
        return name in self._values

    def element(self, name: str) -> Mapping[str, Any]:
        """The state of the block's element, as Slack has it."""
        found: Mapping[str, Any] = self._values.get(name, {}).get(name) or {}
        return found

    def typed(self, name: str) -> str:
        return str(self.element(name).get("value") or "").strip()

    def chosen(self, name: str) -> str:
        """The value of the one option."""
        return str((self.element(name).get("selected_option") or {}).get("value") or "")

    def ticked(self, name: str) -> list[str]:
        """The values of the options."""
        return [str(each["value"]) for each in self.element(name).get("selected_options") or ()]
