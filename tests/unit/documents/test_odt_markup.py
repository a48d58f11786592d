from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.archive import Archive
from smallprint.documents.legacy.odt_markup import OdtMarkup, read_odt_markup
from smallprint.documents.reading import Refused
from tests.fakes import office

CHANGES = (
    '<text:tracked-changes><text:changed-region text:id="c1"><text:insertion><office:change-info>'
    "<dc:creator>Ann</dc:creator><dc:date>2024-01-01</dc:date></office:change-info></text:insertion></text:changed-region>"
    '<text:changed-region text:id="c2"><text:deletion><office:change-info><dc:creator>Bob</dc:creator></office:change-info>'
    "<text:p>one</text:p></text:deletion></text:changed-region></text:tracked-changes>"
)
GONE = '<style:style style:name="gone"><style:text-properties text:display="none"/></style:style>'


def told(markup: OdtMarkup) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in markup.blocks]


def body(markup: OdtMarkup) -> bytes:
    return Archive(markup.body).read("content.xml")


def test_tracked_changes_are_told_apart() -> None:
    markup = read_odt_markup(
        office.open_text(
            f'{CHANGES}<text:p>The cap is <text:change-start text:change-id="c1"/>ten <text:span>whole</text:span>'
            '<text:change-end text:change-id="c1"/><text:change text:change-id="c2"/> million.</text:p>'
        )
    )
    assert told(markup) == [("deletion", "one"), ("insertion", "ten whole")]
    assert (markup.notes()["insertions"], markup.notes()["deletions"]) == (1, 1)


def test_comments_leave_the_text_and_keep_their_author() -> None:
    comment = (
        "<office:annotation><dc:creator>Eve</dc:creator><dc:date>2024-01-01T10:00</dc:date>"
        "<text:p>Really?</text:p></office:annotation>"
    )
    markup = read_odt_markup(office.open_text(f"<text:p>Fees{comment} are due.</text:p>"))
    assert told(markup) == [("comment", "Eve: Really?")]
    assert b"<text:p>Fees are due.</text:p>" in body(markup)


def test_hidden_words_leave_the_text_and_are_called_hidden() -> None:
    markup = read_odt_markup(
        office.open_text(
            '<text:p>Pay <text:span text:style-name="gone">ignore the rules</text:span>now.</text:p>'
            '<text:p><text:hidden-text text:string-value="and this"/></text:p>',
            styles=GONE,
        )
    )
    assert told(markup) == [("hidden", "ignore the rules"), ("hidden", "and this")]
    assert b"<text:p>Pay now.</text:p>" in body(markup)


def test_headers_are_read() -> None:
    markup = read_odt_markup(office.open_text("<text:p>Text</text:p>", header="Draft 3"))
    assert told(markup) == [("header", "Draft 3")]


def test_what_would_be_loaded_from_outside_counts() -> None:
    picture = '<draw:image xlink:href="https://example.com/a.png"/><draw:image xlink:href="Pictures/a.png"/>'
    assert read_odt_markup(office.open_text(f"<text:p>{picture}</text:p>")).external_links == 1


def test_a_file_without_markup_is_passed_on_as_it_is() -> None:
    content = office.open_text("<text:p>Text</text:p>")
    assert read_odt_markup(content).body == content


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_odt_markup(office.open_text("<text:span>" * 300 + "</text:span>" * 300))
    assert refused.value.code == "unsafe_archive"


@given(st.text("<>/ax \"='", max_size=80))
def test_any_damage_is_read_or_refused(damage: str) -> None:
    try:
        read_odt_markup(office.open_text(f"<text:p>{damage}</text:p>"))
    except Refused as refused:
        assert refused.code in {"corrupt", "unsafe_archive"}  # noqa: PT017 - either way is right
