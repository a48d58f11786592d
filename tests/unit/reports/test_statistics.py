from __future__ import annotations

import pytest

from smallprint.models.domain import RiskLevel
from smallprint.models.statistics import Figures, Spread
from smallprint.reports.statistics import facts

SOME = Figures(
    n=120,
    levels={RiskLevel.CRITICAL: 4, RiskLevel.LOW: 116},
    findings=504,
    judged=480,
    rejected=24,
    lowered=48,
    raised=0,
    added=12,
    ungrounded=60,
    cost_nano_usd=Spread(41_400_000, 1_200_000_000),
    cost_unknown=2,
    milliseconds=Spread(4_200, 125_000),
    thumbs_up=1_200,
    thumbs_down=3,
    accepted=40,
    dismissed=10,
    failures={"model_overloaded": 3, "invalid_answer": 2, "cancelled": 1, "<!channel>\u202e": 1},
)


def told(figures: Figures) -> dict[str, str]:
    return {fact.label: fact.value for fact in facts(figures)}


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Risk", "🔴 4 critical (3 %), 🟢 116 low (97 %)"),
        ("Findings per document", "4.2"),
        ("Reviewer", "rejected 5 %, lowered 10 %, raised 0 %; added 12"),
        ("Dropped, not in the document", "0.5 per document"),
        ("Readers", "👍 1,200 👎 3; findings accepted 40 (80 %), dismissed 10"),
        ("Cost", "$0.041 median, $1.200 p95, unknown for 2"),
        ("Time", "4.2 s median, 2 min 5 s p95"),
        ("Failures", "7 (model_overloaded 3, invalid_answer 2, cancelled 1, …)"),
    ],
)
def test_each_figure_in_words(label, value):
    assert told(SOME)[label] == value


def test_what_is_unknown_is_a_dash_and_never_nothing():
    values = told(Figures())
    assert (values["Risk"], values["Findings per document"], values["Cost"], values["Time"]) == ("–",) * 4
    assert values["Failures"] == "none"
    assert values["Readers"] == "nobody has said anything yet"
