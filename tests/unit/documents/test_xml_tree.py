from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents import xml_tree
from smallprint.documents.reading import Refused
from smallprint.documents.xml_tree import parse_xml


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        parse_xml(content)
    return refused.value.code


def test_elements_lose_their_prefix_and_attributes_are_found_with_or_without() -> None:
    root = parse_xml(b'<p:sld xmlns:p="x" xmlns:r="y"><p:ref r:id="rId1" id="256">text</p:ref></p:sld>')
    child = root.child("ref")
    assert child is not None
    assert (root.tag, child.get("id"), child.get("r:id"), child.text) == ("sld", "256", "rId1", "text")
    assert (child.get("missing"), child.get("missing", "0"), root.child("ref", "deeper")) == ("", "0", None)


def test_all_walks_in_the_order_of_the_document() -> None:
    root = parse_xml(b"<a><b>1<b>2</b></b><c><b>3</b></c><b>4</b></a>")
    assert [element.text for element in root.all("b")] == ["1", "2", "3", "4"]


def test_document_types_and_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "yyyy">]><a>&x;</a>'
    assert refusal(bomb) == "unsafe_archive"
    assert refusal(b'<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>') == "unsafe_archive"


def test_nesting_and_number_of_elements_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(b"<a>" * 300 + b"</a>" * 300) == "unsafe_archive"
    monkeypatch.setattr(xml_tree, "MAX_ELEMENTS", 100)  # so that the test needs no million
    assert refusal(b"<a>" + b"<b/>" * 100 + b"</a>") == "unsafe_archive"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a>",
        b"<a></b>",
        b"\x00\x01",
        b'<?xml version="1.0" encoding="ATF-8"?><a/>',
        b'<?xml version="1.0" encoding="gbk"?><a/>',
    ],
)
def test_what_is_no_xml_is_damaged(content: bytes) -> None:
    assert refusal(content) == "corrupt"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_tree_or_refused(content: bytes) -> None:
    try:
        parse_xml(b"<a>" + content + b"</a>")
    except Refused as refused:
        assert refused.code in {"corrupt", "unsafe_archive"}  # noqa: PT017 - either way is right
