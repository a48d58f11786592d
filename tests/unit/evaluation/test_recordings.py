"""A recorded answer is given again for exactly the same question, and for no other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.errors import EvaluationError, ModelOverloaded, ModelRefused, RecordingMissing
from smallprint.evaluation.recordings import RecordedModel, request_hash
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import Picture
from smallprint.models.evaluation import RecordingMode
from tests.fakes.language_model import SCRIPTED_COST_NANO_USD, SCRIPTED_USAGE, ScriptedModel

REQUEST = CompletionRequest(
    analysis_id="eval:nda:0",
    agent="document_analysis",
    purpose="main",
    model="claude-sonnet-5-5",
    effort="medium",
    max_tokens=16_000,
    system="Rules.",
    task="Today is 2026-11-26. Read the document.",
    document_name="nda.pdf",
    document_text="[P1 p.1] Confidential words.",
    output_schema={"type": "object"},
    prompt_version=4,
    attachment='{"findings": []}',
    pictures=(Picture("image/png", b"page", 1),),
)
REPLAY, RECORD, LIVE = RecordingMode.REPLAY, RecordingMode.RECORD, RecordingMode.LIVE


def recording(folder, *answers) -> RecordedModel:
    return RecordedModel(folder, RECORD, ScriptedModel(*answers))


async def test_what_was_recorded_is_replayed_with_what_it_cost(tmp_path):
    await recording(tmp_path, "the answer").complete(REQUEST)
    answer = await RecordedModel(tmp_path, REPLAY).complete(REQUEST)
    assert (answer.text, answer.model, answer.replayed) == ("the answer", REQUEST.model, True)
    assert (answer.usage, answer.cost_nano_usd) == (SCRIPTED_USAGE, SCRIPTED_COST_NANO_USD)


async def test_who_asked_and_when_makes_no_difference(tmp_path):
    await recording(tmp_path, "the answer").complete(REQUEST)
    another_day = replace(
        REQUEST,
        analysis_id="eval:other:0",
        purpose="part 2 of 3",
        task=REQUEST.task.replace("2026-11-26", "2027-01-02"),
        stream=True,
        cache=True,
    )
    assert (await RecordedModel(tmp_path, REPLAY).complete(another_day)).text == "the answer"


@pytest.mark.parametrize(
    "change",
    [
        {"agent": "findings_review"},
        {"model": "claude-haiku-5-5"},
        {"effort": "high"},
        {"max_tokens": 8_000},
        {"system": "Other rules."},
        {"task": "Read the document twice."},
        {"document_name": "lease.pdf"},
        {"document_text": "[P1 p.1] Other words."},
        {"output_schema": {"type": "array"}},
        {"attachment": None},
        {"faulty_answer": "{", "fault": "not JSON"},
        {"pictures": (Picture("image/png", b"other", 1),)},
        {"pictures": (Picture("image/png", b"page", 2),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_question_is_another_recording(change):
    assert request_hash(replace(REQUEST, **change)) != request_hash(REQUEST)


@given(st.text(), st.text())
def test_what_stands_in_the_document_and_what_stands_beside_it_never_run_together(text, attachment):
    moved = replace(REQUEST, document_text=text + attachment, attachment="")
    apart = replace(REQUEST, document_text=text, attachment=attachment)
    assert (request_hash(moved) == request_hash(apart)) == (attachment == "")


async def test_each_repeat_has_an_answer_of_its_own(tmp_path):
    recorder = recording(tmp_path, "first", "second")
    again = replace(REQUEST, analysis_id="eval:nda:1")
    await recorder.complete(REQUEST)
    await recorder.complete(again)
    replayed = RecordedModel(tmp_path, REPLAY)
    assert [(await replayed.complete(each)).text for each in (again, REQUEST)] == ["second", "first"]


async def test_a_miss_names_the_agent_the_version_the_model_and_the_way_out(tmp_path):
    with pytest.raises(RecordingMissing) as missing:
        await RecordedModel(tmp_path, REPLAY).complete(REQUEST)
    for part in ("document_analysis v4", "claude-sonnet-5-5", "nda.pdf", "repeat 1", "--mode record"):
        assert part in missing.value.user_message
    assert "Confidential" not in missing.value.user_message


async def test_recording_goes_on_where_it_broke_off_and_pays_for_nothing_twice(tmp_path):
    await recording(tmp_path, "paid").complete(REQUEST)
    other = replace(REQUEST, document_text="[P1] Other words.")
    second = ScriptedModel("new")
    recorder = RecordedModel(tmp_path, RECORD, second)
    assert [(await recorder.complete(each)).text for each in (REQUEST, other)] == ["paid", "new"]
    assert second.asked is other


async def test_live_neither_reads_nor_keeps(tmp_path):
    await recording(tmp_path, "old").complete(REQUEST)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    live = RecordedModel(tmp_path, LIVE, ScriptedModel("new"))
    assert (await live.complete(REQUEST)).text == "new"
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


async def test_a_refusal_is_an_answer_and_is_replayed(tmp_path):
    with pytest.raises(ModelRefused):
        await recording(tmp_path, ModelRefused()).complete(REQUEST)
    with pytest.raises(ModelRefused):
        await RecordedModel(tmp_path, REPLAY).complete(REQUEST)


async def test_a_passing_fault_is_not_recorded(tmp_path):
    with pytest.raises(ModelOverloaded):
        await recording(tmp_path, ModelOverloaded()).complete(REQUEST)
    with pytest.raises(RecordingMissing):
        await RecordedModel(tmp_path, REPLAY).complete(REQUEST)


async def test_the_document_is_not_kept_only_the_answer(tmp_path):
    await recording(tmp_path, "the answer").complete(REQUEST)
    (file,) = tmp_path.iterdir()
    assert file.name == "document_analysis-0004.jsonl"
    kept = file.read_text()
    assert "the answer" in kept
    assert "Confidential" not in kept
    assert "Read the document" not in kept


async def test_line_separators_in_an_answer_do_not_break_the_file(tmp_path):
    strange = "one\u2028two\u0085three\nfour\r"
    await recording(tmp_path, strange).complete(REQUEST)
    assert (await RecordedModel(tmp_path, REPLAY).complete(REQUEST)).text == strange


async def test_a_broken_line_is_named_without_its_words(tmp_path):
    (tmp_path / "document_analysis-0004.jsonl").write_text('\n{"text": "secret"\n')
    with pytest.raises(EvaluationError, match=r"Line 2 .*document_analysis-0004") as broken:
        await RecordedModel(tmp_path, REPLAY).complete(REQUEST)
    assert "secret" not in str(broken.value)


async def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match="another folder"):
        await recording(tmp_path / "file", "the answer").complete(REQUEST)


async def test_whether_pictures_may_be_asked_about_is_the_models_affair(tmp_path):
    assert RecordedModel(tmp_path, REPLAY).sees
    assert not RecordedModel(tmp_path, REPLAY, sees=False).sees
    assert not RecordedModel(tmp_path, RECORD, ScriptedModel(sees=False)).sees
