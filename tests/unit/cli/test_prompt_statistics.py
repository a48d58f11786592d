"""What `smallprint prompts stats` prints."""

from __future__ import annotations

import io

from rich.console import Console

from smallprint.cli.prompt_statistics import _print
from smallprint.models.domain import RiskLevel
from smallprint.models.statistics import DEFAULT_PERIOD, Figures, Period, VersionStatistics
from tests.unit.reports.test_statistics import SOME


def printed(*compared: VersionStatistics, period: Period = DEFAULT_PERIOD) -> str:
    out = io.StringIO()
    _print("document_analysis", compared, period, Console(file=out, width=100, force_terminal=True))
    return out.getvalue()


def test_the_newest_version_stands_first_and_what_is_thin_in_grey():
    few = Figures(n=29, levels={RiskLevel.LOW: 29})
    out = printed(
        VersionStatistics("document_analysis", 3, SOME), VersionStatistics("document_analysis", 4, few)
    )
    assert out.index("v4") < out.index("v3")
    assert "\x1b[2mv4  n = 29  too few" in out
    assert "\nv3  n = 120\n" in out


def test_arms_are_told_apart_only_where_there_are_several():
    version = VersionStatistics("document_analysis", 3, SOME, {"live": SOME, "canary": SOME})
    assert "  canary  n = 120" in printed(version)
    assert "live  n" not in printed(VersionStatistics("document_analysis", 3, SOME, {"live": SOME}))


def test_the_period_is_named():
    assert "document_analysis, last 30d" in printed()
    assert "document_analysis, since ever" in printed(period=Period.parse("all"))
