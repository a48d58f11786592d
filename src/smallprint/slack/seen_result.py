"""What a modal that belongs to a result carries to Slack and back: ids and numbers, no word of a document."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from smallprint.errors import ReportGone
from smallprint.slack.listeners.press import Press

NOT_OURS = "I don't know what this button stands for any more. Please share the file again for a new result."


@dataclass(frozen=True, slots=True)
class SeenResult:
    """Which message with a result somebody looked at, and what they did there."""

    analysis_id: str
    channel: str
    message_ts: str
    thread_ts: str = ""
    """Root of the message's thread; the message itself where it stands in none."""
    page: int = 0
    """Of “All findings”, from 0."""
    finding_id: str = ""
    list_view: str = ""
    """Id of the modal with all findings that this one stands on; empty when there is none."""

    @classmethod
    def of(cls, press: Press, analysis_id: str, finding_id: str = "") -> SeenResult:
        """What stands under the message that was pressed."""
        thread = press.thread_ts or press.message_ts
        return cls(analysis_id, press.channel, press.message_ts, thread, finding_id=finding_id)

    def __str__(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def read(cls, text: str) -> SeenResult:
        """Raises ReportGone for what we did not write."""
        try:
            value = json.loads(text)
            words = {
                field.name: str(value.get(field.name, "")) for field in fields(cls) if field.name != "page"
            }
            if not (words["analysis_id"] and words["channel"] and words["message_ts"]):
                raise ReportGone(NOT_OURS)
            return cls(**words, page=int(value.get("page", 0)))
        except (ValueError, TypeError, AttributeError):
            raise ReportGone(NOT_OURS) from None
