"""The points of an answer while it is still being written: each as soon as its JSON object is complete.

What has come so far is looked at once, character by character, and only whole objects in the list "points" are parsed:
so nothing half said is ever shown.
"""

from __future__ import annotations

import json

from pydantic import ValidationError

from smallprint.agents.answers.answer import PointAnswer, to_point
from smallprint.models.domain import StatedPoint

POINTS = '"points"'


class PointStream:
    """For one answer. Never raises, whatever it is fed."""

    def __init__(self) -> None:
        self._text = ""
        self._position = 0
        self._reset()

    def feed(self, text: str) -> list[StatedPoint]:
        """The points that are complete in `text`, the answer so far, and were not given before.

        A text that does not continue the last one is another answer: it begins anew.
        """
        if not text.startswith(self._text):
            self._reset()
        self._text = text
        found = []
        for position in range(self._position, len(text)):
            if self._ends_point(text[position], position):
                found += self._point(text[self._begin : position + 1])
        self._position = len(text)
        return found

    def _reset(self) -> None:
        self._position = self._depth = self._begin = 0
        self._list_depth: int | None = None
        """Of the list's bracket; None before it, -1 behind it."""
        self._key_begin = -1
        self._last_string = ""
        self._in_string = self._escaped = False

    def _ends_point(self, character: str, position: int) -> bool:
        """Take one step; True at the brace that closes a point."""
        if self._in_string:
            self._step_in_string(character, position)
        elif character == '"':
            self._in_string, self._key_begin = True, position
        elif character in "{[":
            self._open(character, position)
        elif character in "}]":
            return self._close()
        return False

    def _step_in_string(self, character: str, position: int) -> None:
        if self._escaped:
            self._escaped = False
        elif character == "\\":
            self._escaped = True
        elif character == '"':
            self._in_string = False
            self._last_string = self._text[self._key_begin : position + 1]

    def _open(self, character: str, position: int) -> None:
        self._depth += 1
        if character == "[" and self._list_depth is None and self._last_string == POINTS:
            self._list_depth = self._depth
        elif self._list_depth is not None and self._depth == self._list_depth + 1:
            self._begin = position

    def _close(self) -> bool:
        closed = self._depth
        self._depth = max(0, closed - 1)
        if self._list_depth is None:
            return False
        if closed == self._list_depth:
            self._list_depth = -1
        return closed > 0 and closed == self._list_depth + 1

    @staticmethod
    def _point(text: str) -> list[StatedPoint]:
        try:
            return [to_point(PointAnswer.model_validate(json.loads(text)))]
        except (ValueError, ValidationError, RecursionError):
            return []  # the whole answer's check will say what is wrong
