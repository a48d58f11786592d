"""Names of files that we post hold nothing that a file system, a thread or a reader could mistake."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.slack.file_names import file_name, mark_of


def test_a_file_is_called_after_its_document():
    mark = mark_of("job-1")
    assert file_name("lease 2024.pdf", "smallprint", "job-1") == f"lease-2024-smallprint-{mark}.md"
    assert file_name("Vertrag (März).docx", "changes", "job-1", "pdf") == f"Vertrag-März-changes-{mark}.pdf"


@pytest.mark.parametrize("nameless", ["", ".", "..", "???.pdf", "\u202e"])
def test_a_document_without_a_name_is_called_one(nameless):
    assert file_name(nameless, "smallprint", "job-1").startswith("document-smallprint-")


@given(st.text(), st.text())
def test_whatever_the_document_is_called_the_name_is_short_and_harmless(document, tag):
    name = file_name(document, "smallprint", tag)
    assert re.fullmatch(r"[\w-]{1,60}-smallprint-[0-9a-f]{8}\.md", name)


def test_files_of_one_document_for_different_reasons_have_different_names():
    assert file_name("a.pdf", "smallprint", "job-1") != file_name("a.pdf", "smallprint", "job-1-again")
