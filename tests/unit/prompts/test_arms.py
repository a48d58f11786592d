from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.models.domain import Choices
from smallprint.prompts.arms import bucket, preferred
from tests.fakes.prompt_files import prompt

LIVE = prompt(1)
CANARY = replace(prompt(2), arm="canary")
PIN = replace(prompt(3), arm="pin")

hashes = st.text("0123456789abcdef", min_size=64, max_size=64)


def document(*, below: int) -> str:
    """A hash whose bucket is below that."""
    return next(f"{number:064x}" for number in range(10_000) if bucket(f"{number:064x}") < below)


def test_the_channels_pin_comes_before_the_canary_and_the_live_version():
    choices = Choices(live=LIVE, canary=CANARY, percent=99, pin=PIN)
    assert list(preferred(choices, document(below=99))) == [PIN, LIVE]


@pytest.mark.parametrize("percent", [1, 10, 50, 99])
def test_the_canary_gets_its_share_of_the_documents(percent):
    choices = Choices(live=LIVE, canary=CANARY, percent=percent)
    documents = [f"{number:064x}" for number in range(4_000)]
    tried = sum(next(preferred(choices, each)) is CANARY for each in documents)
    assert tried / 40 == pytest.approx(percent, abs=2.5)


@given(hashes, st.integers(1, 98))
def test_a_document_stays_in_the_canary_when_its_share_grows(sha256, percent):
    before = next(preferred(Choices(LIVE, CANARY, percent), sha256))
    after = next(preferred(Choices(LIVE, CANARY, percent + 1), sha256))
    assert (before, after) != (CANARY, LIVE)


@given(hashes)
def test_a_document_has_the_same_place_for_every_agent_and_each_time(sha256):
    reviewers = Choices(prompt(1, agent="findings_review"), prompt(2, agent="findings_review"), 50)
    analysts = next(preferred(Choices(LIVE, CANARY, 50), sha256))
    assert analysts.version == next(preferred(reviewers, sha256)).version
    assert 0 <= bucket(sha256) < 100


def test_what_cannot_be_used_falls_to_the_live_version():
    assert list(preferred(Choices(LIVE, CANARY, 99), document(below=99))) == [CANARY, LIVE]


def test_without_a_document_nothing_is_tried():
    assert list(preferred(Choices(LIVE, CANARY, 99), "")) == [LIVE]


def test_a_canary_that_went_live_by_another_way_is_no_canary_any_more():
    choices = Choices(replace(CANARY, arm="live"), CANARY, 99)
    assert [each.arm for each in preferred(choices, document(below=99))] == ["live"]


def test_before_the_first_import_there_is_nothing_to_prefer():
    assert list(preferred(Choices(), "ab")) == []
