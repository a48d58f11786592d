"""What the job engine may store: plain JSON and `JobError`s. Never a pickle, never text of a document."""

from __future__ import annotations

import json
from typing import Any

import dbos._serialization as dbos_serialization

from smallprint.errors import SmallprintError, sentence_of

_ERROR = "job_error"


class JobError(Exception):
    """What ended a step: a stable code and the sentence for the user.

    The only exception that the engine stores, so it is the same when a step fails and when a restart
    replays the failure.
    """

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        self.sentence = sentence
        super().__init__(code)

    @classmethod
    def of(cls, error: BaseException, job_id: str) -> JobError:
        """The error as it may be kept and shown: ours as it is, any other without a word of its message."""
        if isinstance(error, cls):
            return error
        if isinstance(error, SmallprintError) and type(error) is not SmallprintError:
            return cls(error.code, error.user_message)
        return cls(SmallprintError.code, f"{SmallprintError.sentence} (Reference: {reference(job_id)})")


def sentence_for(code: str, job_id: str) -> str:
    """What a user reads of an outcome that is an error's code."""
    return sentence_of(code) or JobError.of(SmallprintError(), job_id).sentence


def reference(job_id: str) -> str:
    """The short form of a job's id that a user can pass on; every log line of the job has the whole id."""
    return job_id.removeprefix("doc-")[:8]


class SafeJson(dbos_serialization.Serializer):
    """DBOS's serializer: JSON, where every exception becomes a code and a sentence."""

    def name(self) -> str:
        return "smallprint_json"

    def serialize(self, data: Any) -> str:
        if isinstance(data, BaseException):
            data = {_ERROR: _plain(data)}
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    # DBOS names the parameter `serialized_data`
    def deserialize(self, serialized_data: str) -> Any:
        data = json.loads(serialized_data)
        if isinstance(data, dict) and data.keys() == {_ERROR}:
            return JobError(data[_ERROR]["code"], data[_ERROR]["sentence"])
        return data


def refuse_pickle() -> None:
    """Make reading a pickle an error, whatever a row of the engine's database says.

    Choosing another serializer is not enough: DBOS 3.4 unpickles every row that is marked "py_pickle", so
    whoever can write a row could run code here.
    """
    dbos_serialization.DefaultSerializer.deserialize = _refuse  # type: ignore[method-assign,assignment]


def _refuse(_serializer: object, _serialized_data: str) -> Any:
    raise ValueError("This row is a pickle, and Smallprint reads no pickles.")


def _plain(error: BaseException) -> dict[str, str]:
    if isinstance(error, JobError):
        return {"code": error.code, "sentence": error.sentence}
    return {"code": f"{SmallprintError.code}: {type(error).__name__}", "sentence": SmallprintError.sentence}
