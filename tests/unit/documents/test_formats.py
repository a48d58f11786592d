from __future__ import annotations

import importlib
import inspect

import pytest

from smallprint.documents import formats
from smallprint.documents.formats import read_as
from smallprint.models.domain import DocumentKind


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_kind_has_a_reader_that_takes_what_it_is_given(kind: DocumentKind) -> None:
    module, function, wanted = formats._READERS[kind.value]
    read = getattr(importlib.import_module(f"smallprint.documents.{module}"), function)
    inspect.signature(read).bind(b"", **dict.fromkeys(wanted))


def test_a_document_is_read_as_what_it_is() -> None:
    assert [block.text for block in read_as("text", b"A clause.", 600).blocks] == ["A clause."]
    assert read_as("csv", b"a,b\n1,2\n", 600).blocks[-1].place == "A1:B2"
