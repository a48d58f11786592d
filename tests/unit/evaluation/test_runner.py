"""An evaluation analyses every document as often as it should and survives what happens to any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from smallprint.documents.reader import DocumentReader
from smallprint.errors import EncryptedDocument, ModelOverloaded, RecordingMissing
from smallprint.evaluation.runner import analysis_id, evaluate, repeat_of
from smallprint.evaluation.values import DocumentRun, LabelledDocument
from smallprint.models.domain import Brief, Document, Profile
from tests.fakes.analyser import HarmlessAnalyser
from tests.fakes.labelled import labelled

BRIEF = Brief(profile=Profile.ECONOMY, again=True)


class CountingReader:
    """The real one; it counts, and refuses what it is told to refuse."""

    def __init__(self, *refused: str) -> None:
        self.read_names: list[str] = []
        self._refused = refused
        self._reader = DocumentReader()

    async def read(self, name: str, content: bytes) -> Document:
        self.read_names.append(name)
        if name in self._refused:
            raise EncryptedDocument
        return await self._reader.read(name, content)


@pytest.fixture
def documents(tmp_path):
    return [labelled(tmp_path, name) for name in ("a", "b", "c")]


async def run(
    documents: Sequence[LabelledDocument],
    analyser: HarmlessAnalyser,
    reader: CountingReader | None = None,
    **options: Any,
) -> tuple[tuple[DocumentRun, ...], list[DocumentRun]]:
    heard: list[DocumentRun] = []
    options = {"brief": BRIEF, "progress": heard.append, **options}
    return await evaluate(documents, reader or CountingReader(), analyser, **options), heard


async def test_every_document_is_analysed_as_often_as_wanted_and_in_order(documents):
    runs, heard = await run(documents, HarmlessAnalyser(), repeats=2)
    places = [("a", 0), ("a", 1), ("b", 0), ("b", 1), ("c", 0), ("c", 1)]
    assert [(each.document_id, each.repeat) for each in runs] == places
    assert sorted((each.document_id, each.repeat) for each in heard) == places
    assert all(each.report is not None for each in runs)


async def test_the_analyser_gets_the_wishes_and_an_id_of_its_own_for_each_repeat(documents):
    analyser = HarmlessAnalyser()
    await run(documents[:1], analyser, repeats=3)
    assert sorted(analyser.runs) == ["eval:a:0", "eval:a:1", "eval:a:2"]
    assert {(request.brief, request.trigger) for request in map(_hashable, analyser.requests)} == {
        (BRIEF.profile, "eval")
    }
    assert analyser.last_tries == [True] * 3


def _hashable(request):
    return replace(request, brief=request.brief.profile)


async def test_a_file_is_read_once_for_all_its_repeats(documents):
    reader = CountingReader()
    await run(documents, HarmlessAnalyser(), reader, repeats=3)
    assert sorted(reader.read_names) == ["a.txt", "b.txt", "c.txt"]


async def test_no_more_are_analysed_at_once_than_allowed(documents):
    analyser = HarmlessAnalyser(seconds=0.01)
    await run(documents, analyser, repeats=4, at_once=2)
    assert analyser.most_at_once == 2


async def test_one_documents_trouble_is_in_its_run_and_the_others_go_on(documents):
    documents[2].file.unlink()
    runs, _ = await run(documents, HarmlessAnalyser(ModelOverloaded()), CountingReader("b.txt"), at_once=1)
    assert [each.error for each in runs] == ["model_overloaded", "encrypted", "unreadable_file"]
    assert [each.report for each in runs] == [None] * 3


async def test_a_bug_costs_one_document_and_its_words_reach_no_log(documents, capsys):
    runs, _ = await run(documents, HarmlessAnalyser(ValueError("confidential words")), at_once=1)
    assert [each.error for each in runs] == ["internal", "", ""]
    said = capsys.readouterr()
    assert "ValueError" in said.out + said.err
    assert "confidential" not in said.out + said.err


async def test_an_evaluation_without_a_recording_it_needs_stops(documents):
    with pytest.raises(RecordingMissing):
        await run(documents, HarmlessAnalyser(RecordingMissing()))


@pytest.mark.parametrize("document", ["nda-dev-02", "a:1", "9", ""])
def test_the_repeat_is_read_off_the_id_of_an_analysis(document):
    assert [repeat_of(analysis_id(document, repeat)) for repeat in (0, 7)] == [0, 7]


@pytest.mark.parametrize("other", ["an1", "eval:a:x", "T1:C1:2", ""])
def test_the_id_of_anything_else_is_for_the_first_repeat(other):
    assert repeat_of(other) == 0
