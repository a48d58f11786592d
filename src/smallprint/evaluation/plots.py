"""The plots of an evaluation as SVG: reliability, recall per category, what runs cost against what they find.

matplotlib is imported when a plot is drawn: it takes a third of a second, and most commands draw none.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from smallprint.errors import EvaluationError
from smallprint.evaluation.calibration import Calibration
from smallprint.evaluation.intervals import wilson
from smallprint.evaluation.metrics import Metrics, NamedRate
from smallprint.evaluation.tables import CATEGORIES, RELIABILITY, SPENDING
from smallprint.models.domain import NANO_USD_PER_USD
from smallprint.reports.text import plain, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NO_CHARTS = (
    "The plots are left out: they need matplotlib, which is not installed here."
    " Every figure is in the tables."
)

_INK, _QUIET, _BLUE = "#1c2430", "#5a6675", "#1f5fa8"
_LONGEST_LABEL = 42
_SETTINGS: Mapping[Any, Any] = {
    "font.family": "sans-serif",
    "font.size": 10,
    "svg.fonttype": "none",
    "text.parse_math": False,
    "text.color": _INK,
    "axes.edgecolor": _QUIET,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": _QUIET,
    "ytick.color": _QUIET,
}


def figures(metrics: Metrics, runs: Mapping[str, Metrics]) -> Iterator[tuple[str, str]]:
    """(title of its table, SVG) of each plot that there are figures for; costs from two priced runs on.

    Raises:
        EvaluationError: matplotlib is not installed.
    """
    if metrics.calibration is not None:
        yield RELIABILITY, reliability(metrics.calibration)
    if metrics.categories:
        yield CATEGORIES, categories(metrics.categories)
    if len(_priced(runs)) > 1:
        yield SPENDING, costs(runs)


def reliability(calibration: Calibration) -> str:
    """Stated confidence against the share that is right, with the number of findings in each bin."""
    return _drawn(RELIABILITY, 6.4, 5.2, partial(_draw_reliability, calibration))


def categories(rates: Sequence[NamedRate]) -> str:
    """A bar per category with its 95 % interval, most labels on top."""
    return _drawn(CATEGORIES, 8, 1.3 + 0.27 * len(rates), partial(_draw_categories, rates))


def costs(runs: Mapping[str, Metrics]) -> str:
    """A point per priced run: mean cost of a document against recall, with its 95 % interval."""
    return _drawn(SPENDING, 8, 4.6, partial(_draw_costs, runs))


def _draw_reliability(calibration: Calibration, figure: Figure) -> None:
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    upper.plot((0, 1), (0, 1), color=_QUIET, linestyle="--", linewidth=1)
    upper.annotate("as sure as right", (0.14, 0.17), color=_QUIET, rotation=33, fontsize=9)
    for each in calibration.bins:
        interval = wilson(each.right * each.count, each.count)
        error = ([each.right - interval.low], [interval.high - each.right])
        _point(upper, each.mean_confidence, each.right, error)
    upper.set(ylim=(0, 1.04), ylabel="share that is right, with its 95 % interval")
    count = sum(each.count for each in calibration.bins)
    upper.set_title(f"Reliability (n = {count} judged findings)", loc="left")
    _grid(upper, "both")
    middles = [(each.low + each.high) / 2 for each in calibration.bins]
    bars = lower.bar(middles, [each.count for each in calibration.bins], width=0.09, color=_BLUE, alpha=0.55)
    lower.bar_label(bars, fontsize=9, color=_INK, padding=1)
    lower.margins(y=0.3)
    lower.set(xlim=(0, 1), xlabel="stated confidence", ylabel="findings")
    lower.set_xticks([tenth / 10 for tenth in range(11)])


def _draw_categories(rates: Sequence[NamedRate], figure: Figure) -> None:
    axes = figure.subplots()
    places = range(len(rates))
    found = [each.rate.value or 0.0 for each in rates]
    intervals = [each.rate.wilson for each in rates]
    low = [share - interval.low for share, interval in zip(found, intervals, strict=True)]
    high = [interval.high - share for share, interval in zip(found, intervals, strict=True)]
    axes.barh(places, found, height=0.62, color=_BLUE, alpha=0.55)
    axes.errorbar(found, places, xerr=(low, high), fmt="none", ecolor=_INK, elinewidth=1, capsize=2)
    for place, each in zip(places, rates, strict=True):
        axes.text(1.03, place, f"{each.rate.successes} of {each.rate.total}", va="center", color=_QUIET)
    axes.set_yticks(places, [_label(each.name) for each in rates])
    axes.set(xlim=(0, 1), ylim=(len(rates) - 0.4, -0.6), xlabel="recall, with its 95 % interval")
    axes.set_title(f"Recall per category (n = {sum(each.rate.total for each in rates)} labels)", loc="left")
    _grid(axes, "x")


def _draw_costs(runs: Mapping[str, Metrics], figure: Figure) -> None:
    axes = figure.subplots()
    priced = _priced(runs)
    middle = max(dollars for dollars, _ in priced.values()) / 2
    for title, (dollars, metrics) in priced.items():
        recall, interval = metrics.recall.value or 0.0, metrics.recall.interval or metrics.recall.wilson
        _point(axes, dollars, recall, ([recall - interval.low], [interval.high - recall]))
        # Labels stand towards the middle, where there is room.
        to_the_right = dollars <= middle
        axes.annotate(
            f"{_label(title)} (n = {metrics.documents})",
            (dollars, recall),
            xytext=(8 if to_the_right else -8, 5),
            textcoords="offset points",
            horizontalalignment="left" if to_the_right else "right",
        ).set_in_layout(False)
    axes.margins(x=0.08, y=0.15)
    axes.set(xlabel="mean cost of a document, US dollars", ylabel="recall, with its 95 % interval")
    axes.set_title("Cost against quality (n = documents)", loc="left")
    _grid(axes, "both")


def _priced(runs: Mapping[str, Metrics]) -> dict[str, tuple[float, Metrics]]:
    return {
        title: (metrics.cost_nano_usd.mean / NANO_USD_PER_USD, metrics)
        for title, metrics in runs.items()
        if metrics.cost_nano_usd is not None and metrics.recall.total
    }


def _drawn(salt: str, width: float, height: float, draw: Callable[[Figure], None]) -> str:
    """The SVG element alone, inches wide and high; ids in it are the plot's own, several stand in one page."""
    try:
        from matplotlib import rc_context  # noqa: PLC0415 - an optional extra
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as error:
        raise EvaluationError(NO_CHARTS) from error
    written = StringIO()
    with rc_context({**_SETTINGS, "svg.hashsalt": salt}), warnings.catch_warnings():
        # Names may hold letters that its font has not; the page is shown in the reader's fonts.
        warnings.filterwarnings("ignore", "Glyph ", UserWarning)
        # Without pyplot, which would keep every figure in a global list.
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure)
        figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()[written.getvalue().index("<svg") :]


def _point(axes: Axes, x: float, y: float, error: tuple[list[float], list[float]]) -> None:
    axes.errorbar(
        [x], [y], yerr=error, fmt="o", color=_BLUE, ecolor=_QUIET, markersize=7, capsize=3, clip_on=False
    )


def _grid(axes: Axes, along: Literal["both", "x"]) -> None:
    axes.grid(visible=True, axis=along, color="#dde2e8", linewidth=0.8)


def _label(text: str) -> str:
    return shorten(plain(text), _LONGEST_LABEL)
