"""What a user reads when something goes wrong with a document or a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from smallprint import errors
from smallprint.errors import DocumentError, FileError, SmallprintError


def below(error: type[SmallprintError]) -> Iterator[type[SmallprintError]]:
    yield error
    for child in error.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from below(child)


ABOUT_DOCUMENTS = [*below(DocumentError), *below(FileError)]
BLAME = re.compile(r"\b(?:error|exception|invalid|failed|illegal|traceback|None)\b", re.IGNORECASE)


@pytest.mark.parametrize("error", ABOUT_DOCUMENTS, ids=lambda error: error.code)
def test_a_document_that_cannot_be_read_ends_in_a_sentence_that_says_what_to_do(error: type[SmallprintError]):
    *_, last = re.split(r"(?<=[.!?])\s+", error.sentence)
    assert last.startswith("Please ")
    assert error.sentence.endswith(".")


@pytest.mark.parametrize("error", ABOUT_DOCUMENTS, ids=lambda error: error.code)
def test_the_sentences_are_short_and_in_plain_words(error: type[SmallprintError]):
    assert len(error.sentence) <= 240
    assert not BLAME.search(error.sentence)


def test_each_error_has_its_own_code_and_documents_have_their_own_sentences():
    every = list(below(SmallprintError))
    codes = Counter(error.code for error in every)
    assert [code for code, count in codes.items() if count > 1] == []
    sentences = Counter(error.sentence for error in ABOUT_DOCUMENTS)
    assert [sentence for sentence, count in sentences.items() if count > 1] == []


def test_nothing_about_a_document_is_worth_a_retry():
    assert [error.code for error in below(DocumentError) if error.retryable] == []


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes():
    drawn = re.findall(r"^[│ ]*[├└]── (\w+)", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(
        error.__name__ for error in below(SmallprintError) if error is not SmallprintError
    )
