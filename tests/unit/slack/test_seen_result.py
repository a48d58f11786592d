from __future__ import annotations

import json

import pytest

from smallprint.errors import ReportGone
from smallprint.slack.seen_result import SeenResult

SEEN = SeenResult("doc-1-again", "C0CONTRACT", "1795714036.403330", "1795714036.000001", 3, "P2.F1", "V1")


def test_what_a_modal_carries_is_read_back():
    assert SeenResult.read(str(SEEN)) == SEEN
    short = SeenResult("doc-1", "C1", "1.0")
    assert SeenResult.read(str(short)) == short


def test_it_holds_nothing_but_ids_and_numbers():
    assert set(json.loads(str(SEEN))) == {
        "analysis_id", "channel", "message_ts", "thread_ts", "page", "finding_id", "list_view",
    }  # fmt: skip
    assert len(str(SEEN)) < 300


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '{"analysis_id": "doc-1"}',
        '{"analysis_id": "d", "channel": "C", "message_ts": "1", "page": "x"}',
    ],
)
def test_what_is_none_of_ours_is_told_kindly(text: str):
    with pytest.raises(ReportGone, match="what this button stands for"):
        SeenResult.read(text)
