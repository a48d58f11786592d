"""Charts of usage: pictures that decode, with their figures in words, whatever the names are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from smallprint.models.usage import Grouping
from smallprint.reports.charts import MAX_ALT_CHARACTERS, Chart, usage_chart
from smallprint.reports.text import length
from tests.fakes.usage import HAIKU, OPUS, SONNET, line, table, three_days

HOSTILE = (
    "$x_1^2$",
    "_private",
    "\\frac{1}{0}$$",
    "<!channel>",
    "a\\$b$c",
    "名前",
    "😀",
    "x" * 300,
    "$",
    "%s {0}",
)


def drawn(chart: Chart | None) -> Image.Image:
    assert chart is not None
    picture = Image.open(BytesIO(chart.png))
    picture.load()
    assert picture.format == "PNG"
    return picture.convert("RGB")


def colours(picture: Image.Image) -> set[object]:
    """Those of more than a thousandth of the picture."""
    pixels = picture.width * picture.height
    return {colour for count, colour in picture.getcolors(pixels) or [] if count > pixels / 1000}


def test_days_are_columns_with_a_colour_for_each_model():
    picture = drawn(usage_chart(three_days()))
    assert (picture.width, picture.height) == (1200, 800)
    assert {(0, 114, 178), (230, 159, 0), (0, 158, 115)} <= colours(picture)


def test_the_words_hold_the_sum_the_highest_day_and_each_models_share():
    chart = usage_chart(three_days())
    assert chart is not None
    assert chart.alt.startswith("Chart. Usage by day, last 30 days (28 Oct to 26 Nov 2026): $6.75 in all")
    assert "6 documents, 12 calls" in chart.alt
    assert "Most: 13 Nov, $4.00." in chart.alt
    assert chart.alt.endswith(f"By model: {SONNET} $5.00, {OPUS} $1.00, {HAIKU} $0.75.")


@pytest.mark.parametrize("by", [grouping for grouping in Grouping if grouping is not Grouping.DAY])
def test_everything_else_is_bars_and_more_of_them_make_it_higher(by):
    few = table(by, *[line(f"N{number}", {SONNET: 1}) for number in range(2)])
    many = table(by, *[line(f"N{number}", {SONNET: 1, HAIKU: 0.5}) for number in range(40)])
    assert drawn(usage_chart(few)).height < drawn(usage_chart(many)).height < 1200


def test_unknown_costs_are_said():
    chart = usage_chart(table(Grouping.MODEL, line(SONNET, {SONNET: 1}), line(HAIKU, {HAIKU: 2}, unpriced=3)))
    assert chart is not None
    assert "≥ $3.00 in all" in chart.alt
    assert "3 calls of unknown cost" in chart.alt


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (line("C1", {SONNET: 1}),),
        (line("C1", {SONNET: 1}), line("C2", {}, unpriced=4)),
        (line("C1", {}), line("C2", {})),
    ],
)
def test_where_a_picture_says_no_more_than_a_sentence_there_is_none(lines):
    assert usage_chart(table(Grouping.CHANNEL, *lines)) is None


@pytest.mark.parametrize("by", [Grouping.CHANNEL, Grouping.MODEL])
def test_hostile_names_are_drawn_as_they_stand(by):
    lines = [line(name, {name: 1, "_other_$": 0.2, "$$": 0.1}) for name in HOSTILE]
    chart = usage_chart(table(by, *lines))
    drawn(chart)
    assert chart is not None
    assert length(chart.alt) <= MAX_ALT_CHARACTERS


@settings(max_examples=8)
@given(st.lists(st.text(st.characters(), min_size=1, max_size=12), min_size=2, max_size=4, unique=True))
def test_no_name_breaks_a_chart(names):
    drawn(usage_chart(table(Grouping.CHANNEL, *[line(name, {name: 1}) for name in names])))


def test_many_models_share_a_colour_and_nothing_is_lost():
    costs = {f"model-{number}": 1.0 for number in range(9)}
    chart = usage_chart(table(Grouping.CHANNEL, line("C1", costs), line("C2", costs)))
    assert (153, 153, 153) in colours(drawn(chart))
    assert chart is not None
    assert chart.alt.count("$2.00") == 9


def test_charts_can_be_drawn_in_several_threads_at_once():
    with ThreadPoolExecutor(2) as threads:
        charts = list(threads.map(usage_chart, [three_days()] * 4))
    assert len({chart.png for chart in charts if chart}) == 1
