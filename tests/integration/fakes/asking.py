"""What the fake Slack's contract tests ask with."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


async def refusal(call: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response
