from __future__ import annotations

from smallprint.documents.slides.charts import chart_rows
from smallprint.documents.xml_tree import parse_xml


def points(tag: str, *values: str) -> str:
    listed = "".join(f'<pt idx="{index}"><v>{value}</v></pt>' for index, value in enumerate(values))
    return f"<{tag}><numRef><numCache>{listed}</numCache></numRef></{tag}>"


def rows(*series: str, title: str = "") -> tuple[str, list[list[str]]]:
    head = f"<title><tx><rich><p><r><t>{title}</t></r></p></rich></tx></title>" if title else ""
    body = "".join(f"<ser>{each}</ser>" for each in series)
    return chart_rows(
        parse_xml(f"<chartSpace><chart>{head}<plot>{body}</plot></chart></chartSpace>".encode())
    )


def named(name: str) -> str:
    return f"<tx><strRef><strCache><pt idx='0'><v>{name}</v></pt></strCache></strRef></tx>"


def test_a_chart_is_a_table_of_categories_and_series() -> None:
    years = points("cat", "2024", "2025")
    found = rows(
        named("Fees") + years + points("val", "1", "2.5"),
        named("Costs") + years + points("val", "0.30000000000000004", "4"),
        title="By year",
    )
    assert found == ("By year", [["", "Fees", "Costs"], ["2024", "1", "0.3"], ["2025", "2.5", "4"]])


def test_points_of_a_scatter_chart_stand_side_by_side() -> None:
    assert rows(points("xVal", "1", "2") + points("yVal", "10", "20")) == ("", [["1", "10"], ["2", "20"]])


def test_points_without_a_category_are_numbered() -> None:
    assert rows(points("val", "7", "8")) == ("", [["1", "7"], ["2", "8"]])


def test_a_chart_without_data_is_nothing() -> None:
    assert rows() == ("", [])
