"""A language model that says what it was told to say, and remembers what it was asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from smallprint.errors import SmallprintError
from smallprint.models.completion import Completion, CompletionRequest
from smallprint.models.domain import Usage

Answer = str | SmallprintError | Callable[[CompletionRequest], str]

SCRIPTED_USAGE = Usage(input_tokens=1_000, output_tokens=100)
SCRIPTED_COST_NANO_USD = 3_000_000
SCRIPTED_SECONDS = 2.0


class ScriptedModel:
    """Gives its answers one after the other; an error among them is raised, a function gets the request.

    Like the real client it replays an answer that was paid for: the same key is asked once.
    """

    def __init__(
        self, *answers: Answer, cost_nano_usd: int | None = SCRIPTED_COST_NANO_USD, sees: bool = True
    ) -> None:
        self.sees = sees
        self.requests: list[CompletionRequest] = []
        self._answers = deque(answers)
        self._cost = cost_nano_usd
        self._paid: dict[str, Completion] = {}

    async def complete(self, request: CompletionRequest) -> Completion:
        if request.key in self._paid:
            return self._paid[request.key]
        self.requests.append(request)
        answer = self._answers.popleft()
        if isinstance(answer, SmallprintError):
            raise answer
        text = answer if isinstance(answer, str) else answer(request)
        completion = Completion(text, request.model, SCRIPTED_USAGE, self._cost, SCRIPTED_SECONDS)
        self._paid[request.key] = completion
        return completion

    @property
    def asked(self) -> CompletionRequest:
        """The only request there was."""
        (request,) = self.requests
        return request
