"""What FakeClaude raises when the real API would refuse."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ApiRefusal(Exception):
    """An error response: the API's word, not a failure of the fake."""

    status: int
    type: str
    message: str
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def invalid(message: str) -> ApiRefusal:
    return ApiRefusal(400, "invalid_request_error", message)
