from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.passages import number_passages

BLOCKS = st.lists(
    st.tuples(st.text(min_size=1), st.one_of(st.none(), st.integers(1, 9)), st.text(max_size=5))
)


@given(BLOCKS)
def test_every_passage_is_a_slice_of_the_text(blocks: list[tuple[str, int | None, str]]) -> None:
    text, passages = number_passages(blocks)
    assert [passage.number for passage in passages] == list(range(1, len(blocks) + 1))
    assert all(text[passage.start : passage.end] == passage.text for passage in passages)
    assert text == "\n\n".join(passage.text for passage in passages)
