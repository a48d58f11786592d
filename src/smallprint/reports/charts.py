"""What was spent as a picture: columns by day, bars by everything else, in the colours of the models.

No word of a document is in it. matplotlib is imported when a chart is drawn. Nothing global is touched, so that several
threads may draw at once: no pyplot, which keeps its figures, and no `rc_context`, which changes everybody's settings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from smallprint.models.domain import NANO_USD_PER_USD
from smallprint.models.usage import Grouping, UsageLine, UsageTable
from smallprint.reports.text import plain, shorten
from smallprint.reports.usage import (
    TITLES,
    day_name,
    days,
    in_usd,
    line_name,
    money,
    sentences,
    title,
)
from smallprint.reports.wording import cost, counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEADING = "{total} by {grouping}, {period}"
OTHERS = "{count} others"
OTHER_MODELS = "other models"
BY_MODEL = "By model: {costs}."
MOST_BARS, MOST_MODELS = 10, 4
MAX_ALT_CHARACTERS = 1_000
"""Slack's limit for the alternative text of a file."""

_INK, _QUIET, _GRID = "#1c2430", "#5a6675", "#dde2e8"
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7")
"""Told apart by colour-blind people too (Okabe and Ito)."""
_OTHER_COLOUR = "#999999"
_WIDTH_IN, _HEIGHT_IN, _BAR_IN, _PAD_IN, _DPI = 6.0, 4.0, 0.36, 0.1, 200
_SIZE_PT = 13
"""As wide as a phone's screen, this is what its own text has."""
_BOLD: Mapping[str, Any] = {"size": _SIZE_PT + 1, "weight": "bold"}
_FONT, _NO_GLYPH = "DejaVu Sans", "□"
"""It comes with matplotlib."""
_LONGEST_NAME, _TICKS = 20, 6


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and what it says."""

    png: bytes
    alt: str
    """Its main figures in words."""


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    cost_by_model: Counter[str]
    """Nano-USD."""


def usage_chart(table: UsageTable) -> Chart | None:
    """None when a picture would say no more than a sentence: fewer than two lines with a known cost.

    Takes about half a second of a processor: call it from a thread.
    """
    if sum(line.spending.cost_nano_usd > 0 for line in table.lines) <= 1:
        return None
    models = _models(table)
    bars = [_with_others(bar, models) for bar in _bars(table)]
    return Chart(_drawn(table, bars, models), _alt(table))


def _alt(table: UsageTable) -> str:
    costs = sorted(_cost_by_model(table).items(), key=lambda item: -item[1])
    models = ", ".join(f"{plain(model)} {cost(in_usd(nano_usd))}" for model, nano_usd in costs if nano_usd)
    said = [f"Chart. {title(table)}:", *sentences(table)]
    return shorten(" ".join([*said, BY_MODEL.format(costs=models)]), MAX_ALT_CHARACTERS)


# --- what is drawn -----------------------------------------------------------------------------------------


def _models(table: UsageTable) -> list[str]:
    """In the order of the colours: what cost most comes first; what comes late has to share one."""
    costs = _cost_by_model(table)
    ordered = sorted((model for model in costs if costs[model]), key=lambda model: (-costs[model], model))
    return ordered if len(ordered) <= MOST_MODELS else [*ordered[: MOST_MODELS - 1], OTHER_MODELS]


def _cost_by_model(table: UsageTable) -> Counter[str]:
    return sum((Counter(line.cost_by_model) for line in table.lines), Counter())


def _with_others(bar: _Bar, models: Sequence[str]) -> _Bar:
    shown: Counter[str] = Counter()
    for model, nano_usd in bar.cost_by_model.items():
        shown[model if model in models else OTHER_MODELS] += nano_usd
    return _Bar(bar.label, shown)


def _bars(table: UsageTable) -> list[_Bar]:
    if table.grouping is Grouping.DAY:
        return list(_every_day(table))
    shown = table.lines if len(table.lines) <= MOST_BARS else table.lines[: MOST_BARS - 1]
    bars = [_Bar(_label(line, table.grouping), Counter(line.cost_by_model)) for line in shown]
    rest = table.lines[len(shown) :]
    if rest:
        costs = sum((Counter(line.cost_by_model) for line in rest), Counter())
        bars.append(_Bar(OTHERS.format(count=len(rest)), costs))
    return bars


def _every_day(table: UsageTable) -> Iterator[_Bar]:
    """Days without a call too: a gap is a figure."""
    lines = {line.name: line for line in table.lines}
    for number in range((table.last_day - table.first_day).days + 1):
        day = table.first_day + timedelta(days=number)
        line = lines.get(day.isoformat())
        yield _Bar(day_name(day), Counter(line.cost_by_model if line else {}))


def _label(line: UsageLine, grouping: Grouping) -> str:
    return shorten(line_name(line, grouping), _LONGEST_NAME)


# --- drawing -----------------------------------------------------------------------------------------------


def _drawn(table: UsageTable, bars: Sequence[_Bar], models: Sequence[str]) -> bytes:
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second, for those who want a picture

    upright = table.grouping is Grouping.DAY
    height_in = _HEIGHT_IN if upright else 1.4 + _BAR_IN * max(len(bars), 4)
    written = BytesIO()
    figure = Figure(figsize=(_WIDTH_IN, height_in), facecolor="white")
    figure.set_layout_engine("constrained", w_pad=_PAD_IN, h_pad=_PAD_IN)
    axes = figure.subplots()
    (_columns if upright else _rows)(axes, bars, models)
    _style(axes, "y" if upright else "x")
    _heading(figure, table, models)
    figure.savefig(written, format="png", dpi=_DPI)
    return written.getvalue()


def _columns(axes: Axes, bars: Sequence[_Bar], models: Sequence[str]) -> None:
    places = range(len(bars))
    bottoms = [0.0] * len(bars)
    for model, colour in zip(models, _colours(models), strict=True):
        heights = [bar.cost_by_model[model] / NANO_USD_PER_USD for bar in bars]
        axes.bar(places, heights, bottom=bottoms, width=0.8, color=colour)
        bottoms = [bottom + height for bottom, height in zip(bottoms, heights, strict=True)]
    shown = range(len(bars) - 1, -1, -max(1, -(-len(bars) // _TICKS)))
    axes.set_xticks(list(shown), [_literal(bars[place].label) for place in shown])
    axes.set_xlim(-0.6, len(bars) - 0.4)
    axes.yaxis.set_major_formatter(_dollars)


def _rows(axes: Axes, bars: Sequence[_Bar], models: Sequence[str]) -> None:
    places = range(len(bars))
    lefts = [0.0] * len(bars)
    for model, colour in zip(models, _colours(models), strict=True):
        widths = [bar.cost_by_model[model] / NANO_USD_PER_USD for bar in bars]
        axes.barh(places, widths, left=lefts, height=0.7, color=colour)
        lefts = [left + width for left, width in zip(lefts, widths, strict=True)]
    for place, bar in enumerate(bars):
        text = _literal(f" {cost(in_usd(bar.cost_by_model.total()))}")
        axes.text(lefts[place], place, text, va="center", fontsize=_SIZE_PT - 2, color=_INK)
    axes.set_yticks(list(places), [_literal(bar.label) for bar in bars])
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.margins(x=0.2)
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(_dollars)


def _style(axes: Axes, along: Literal["x", "y"]) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(_QUIET)
    axes.tick_params(labelsize=_SIZE_PT - 1, labelcolor=_INK, color=_QUIET)
    axes.grid(visible=True, axis=along, color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def _heading(figure: Figure, table: UsageTable, models: Sequence[str]) -> None:
    """What it shows, the colours where they say something that the bars don't, and the dates."""
    said = HEADING.format(
        total=money(table.total), grouping=table.grouping.value, period=TITLES[table.period]
    )
    if len(models) > 1 and table.grouping is not Grouping.MODEL:
        _legend(figure, _literal(said), models)
    else:
        figure.suptitle(_literal(said), x=0.02, ha="left", color=_INK, **_BOLD)
    note = f"{days(table)}, UTC"
    if table.total.unpriced_calls:
        note += f"; {counted(table.total.unpriced_calls, 'call')} of unknown cost left out"
    figure.supxlabel(_literal(note), x=0.02, ha="left", size=_SIZE_PT - 2, color=_QUIET)


def _legend(figure: Figure, heading: str, models: Sequence[str]) -> None:
    from matplotlib.patches import Patch  # noqa: PLC0415 - as above

    patches = [Patch(color=colour) for colour in _colours(models)]
    legend = figure.legend(
        patches,
        [""] * len(patches),
        loc="outside upper left",
        ncols=2,
        title=heading,
        title_fontproperties=_BOLD,
        alignment="left",
        frameon=False,
        fontsize=_SIZE_PT - 1,
        labelcolor=_INK,
        handlelength=1,
        columnspacing=1.2,
    )
    for text, model in zip(legend.get_texts(), models, strict=True):
        # Set afterwards: a legend leaves out what begins with "_".
        text.set_text(_literal(shorten(plain(model), _LONGEST_NAME)))


def _colours(models: Sequence[str]) -> list[str]:
    return [
        _OTHER_COLOUR if model == OTHER_MODELS else colour
        for model, colour in zip(models, _COLOURS, strict=False)
    ]


def _dollars(value: float, _position: float) -> str:
    decimals = 0 if value >= 10 or value == 0 else 2 if value >= 0.1 else 3  # noqa: PLR2004 - cents matter below ten dollars
    return _literal(f"${value:,.{decimals}f}")


def _literal(text: str) -> str:
    """Drawn as it stands, but for letters that the font has not.

    Between two dollar signs matplotlib reads mathematics, where "_" lowers what follows; escaped ones are signs.
    """
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415 - as above

    font = get_font(findfont(_FONT))
    return "".join(sign if font.get_char_index(ord(sign)) else _NO_GLYPH for sign in text).replace("$", r"\$")
