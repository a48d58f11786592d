"""What buttons and modals carry comes back as it went out, and nothing else is believed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.errors import PromptError
from smallprint.slack.carried import Carried, CarriedRerun

NUMBERS = st.integers(0, 2**31)


@given(st.builds(Carried, st.text(), st.text(), NUMBERS, NUMBERS, st.text()))
def test_it_comes_back(carried: Carried):
    assert Carried.read(str(carried)) == carried


@given(st.builds(CarriedRerun, st.text(), st.text(), st.dictionaries(st.text(), NUMBERS)))
def test_a_rerun_comes_back(carried: CarriedRerun):
    assert CarriedRerun.read(str(carried)) == carried


@given(
    st.text()
    | st.sampled_from(["{}", "[]", "1", "null", '{"version": "x"}', '{"used": 3}', '{"version": null}'])
)
def test_anything_else_is_refused_or_empty(text: str):
    for kind in (Carried, CarriedRerun):
        with suppress(PromptError):
            kind.read(text)


@pytest.mark.parametrize("text", ["", "[1]", "nonsense"])
def test_nonsense_is_refused(text: str):
    with pytest.raises(PromptError):
        Carried.read(text)
