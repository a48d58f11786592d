from __future__ import annotations

import base64
import pickle

import pytest
from dbos._serialization import DefaultSerializer

from smallprint.errors import ScannedDocument, SmallprintError
from smallprint.jobs.serialization import JobError, SafeJson, refuse_pickle


def test_a_job_error_is_the_same_after_it_was_stored() -> None:
    stored = SafeJson().serialize(JobError("scanned", "This is a scan."))
    error = SafeJson().deserialize(stored)
    assert isinstance(error, JobError)
    assert (error.code, error.sentence) == ("scanned", "This is a scan.")


def test_any_other_error_is_stored_without_its_message() -> None:
    stored = SafeJson().serialize(ValueError("the secret clause"))
    assert "secret" not in stored
    assert "ValueError" in stored
    assert isinstance(SafeJson().deserialize(stored), JobError)


def test_the_arguments_of_a_workflow_come_back() -> None:
    inputs = {"args": ["doc-1"], "kwargs": {}}
    assert SafeJson().deserialize(SafeJson().serialize(inputs)) == inputs


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(TypeError):
        SafeJson().serialize(object())


def test_an_error_of_ours_becomes_its_code_and_sentence() -> None:
    error = JobError.of(ScannedDocument("Pages 1–3 are pictures."), "doc-1")
    assert (error.code, error.sentence) == ("scanned", "Pages 1–3 are pictures.")


@pytest.mark.parametrize(
    "unexpected", [ValueError("the secret clause"), SmallprintError("the secret clause")]
)
def test_an_unexpected_error_becomes_a_reference_to_the_log(unexpected) -> None:
    error = JobError.of(unexpected, "doc-0123456789abcdef")
    assert error.code == "internal"
    assert error.sentence == f"{SmallprintError.sentence} (Reference: 01234567)"


def test_no_pickle_is_opened() -> None:
    refuse_pickle()
    with pytest.raises(ValueError, match="no pickles"):
        DefaultSerializer().deserialize(base64.b64encode(pickle.dumps([1])).decode())
