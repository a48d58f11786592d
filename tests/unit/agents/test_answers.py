"""The form of the answers, and what happens to one that does not keep it."""

from typing import Any

import pytest
from anthropic import transform_schema
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from smallprint.agents.answers import (
    ANALYSIS_SHAPES,
    MAX_FINDINGS,
    MAX_MISSED,
    REVIEW_SHAPES,
    AnalystAnswer,
    FindingAnswer,
    ReviewerAnswer,
    VerdictAnswer,
    normal_category,
    to_finding,
)
from smallprint.agents.structured import parse_answer
from smallprint.errors import InvalidAnswer
from smallprint.models.domain import Quotation
from tests.fakes.answers import a_finding, a_review, a_verdict, an_analysis

BOTH = pytest.mark.parametrize("answer", [*ANALYSIS_SHAPES.values(), *REVIEW_SHAPES.values()])


def fault_of(shape: type[BaseModel], text: str) -> str:
    with pytest.raises(InvalidAnswer) as caught:
        parse_answer(shape, text)
    assert caught.value.user_message == InvalidAnswer.sentence
    return caught.value.fault


def without_types_of_enums(schema: Any) -> Any:
    """The only thing that the SDK leaves out: an enum's type follows from its values."""
    if isinstance(schema, list):
        return [without_types_of_enums(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: without_types_of_enums(value)
        for key, value in schema.items()
        if not (key == "type" and "enum" in schema)
    }


@BOTH
def test_the_api_takes_the_whole_schema_and_nothing_of_it_turns_into_prose(answer):
    assert transform_schema(answer) == without_types_of_enums(answer.model_json_schema())


@BOTH
def test_every_field_of_the_schema_is_required(answer):
    schema = answer.model_json_schema()

    for part in [schema, *schema["$defs"].values()]:
        assert part["required"] == list(part["properties"])
        assert part["additionalProperties"] is False


@pytest.mark.parametrize("answer", [FindingAnswer, VerdictAnswer])
def test_evidence_is_written_before_the_judgement(answer):
    fields = list(answer.model_fields)

    assert fields.index("evidence") < fields.index("severity")
    assert fields[-1] == "severity"


def test_a_severity_in_capitals_is_understood():
    parsed = parse_answer(AnalystAnswer, an_analysis(a_finding("x", severity="High ")))

    assert parsed.findings[0].severity == "high"


def test_a_markdown_fence_round_the_answer_is_forgiven():
    assert parse_answer(AnalystAnswer, f"```json\n{an_analysis()}\n```").findings == []


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("liability.uncapped", "liability.uncapped"),
        ("Liability / Un-capped", "liability.un_capped"),
        ("  IP › Assignment ", "ip.assignment"),
        ("privacy..data sharing.", "privacy.data_sharing"),
        ("Haftung", "haftung"),
        ("责任", "other"),
        ("", "other"),
    ],
)
def test_a_category_is_put_into_our_form_instead_of_being_refused(raw, normal):
    assert normal_category(raw) == normal


@given(st.text(max_size=200))
def test_every_category_ends_up_dotted_and_lower_case(raw):
    category = normal_category(raw)

    assert category
    assert all(category.split("."))
    assert set(category) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.")
    assert normal_category(category) == category


def test_long_prose_is_shortened_at_a_word_and_shows_it():
    parsed = parse_answer(AnalystAnswer, an_analysis(a_finding("x", statement="word " * 1_000)))

    statement = parsed.findings[0].statement
    assert len(statement) <= 1_202
    assert statement.endswith("word …")


def test_control_characters_do_not_get_in():
    parsed = parse_answer(AnalystAnswer, an_analysis(a_finding("x", title="Nul\x00 and bell\x07")))

    assert parsed.findings[0].title == "Nul  and bell"


def test_blank_quotations_and_impossible_passages_are_left_out():
    answer = FindingAnswer.model_validate(a_finding("Words.", passage=-4))
    blank = FindingAnswer.model_validate(a_finding("   "))

    assert [(each.text, each.passage) for each in to_finding(answer, "F1").quotations] == [("Words.", None)]
    assert to_finding(blank, "F1").quotations == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am sorry, but", "Invalid JSON"),
        ("{}", "findings: Field required; looked_for_and_not_found: Field required; summary: Field required"),
        (an_analysis(a_finding("x", severity="severe")), "findings.0.severity: Input should be 'low'"),
        (an_analysis(a_finding("x", title=" ")), "findings.0.title: Value error, must not be empty"),
        (
            an_analysis(a_finding("x" * 2_001)),
            "findings.0.evidence.0.quotation: Value error, 2001 characters",
        ),
        (an_analysis(a_finding("x", passage="12")), "findings.0.evidence.0.passage: Input should be a valid"),
        (an_analysis(a_finding("x", score=7)), "findings.0.score: Extra inputs are not permitted"),
        (an_analysis(*[a_finding("x")] * (MAX_FINDINGS + 1)), "findings: Value error, at most 60, not 61"),
    ],
)
def test_the_fault_tells_the_model_where_and_what(text, expected):
    assert expected in fault_of(AnalystAnswer, text)


def test_the_fault_does_not_repeat_what_the_model_wrote():
    assert "SECRET" not in fault_of(AnalystAnswer, an_analysis(summary=["SECRET"]))


def test_many_faults_are_summed_up():
    text = an_analysis(*[a_finding("x", severity="?")] * 20)

    assert fault_of(AnalystAnswer, text).endswith("and 12 more of this kind")


def test_a_reviewer_may_not_add_more_than_five_findings():
    text = a_review(missed=[a_finding("x")] * (MAX_MISSED + 1))

    assert "missed: Value error, at most 5, not 6" in fault_of(ReviewerAnswer, text)


def test_a_verdict_in_capitals_is_understood():
    parsed = parse_answer(ReviewerAnswer, a_review(a_verdict(1, "Not_Checkable")))

    assert parsed.verdicts[0].verdict == "not_checkable"


# --- words on a picture ----------------------------------------------------------------------------------


def quotation_of(evidence: dict[str, object], contract: str = "analysis/2") -> Quotation:
    answer = parse_answer(ANALYSIS_SHAPES[contract], an_analysis(a_finding(evidence=[evidence])))
    [quotation] = to_finding(answer.findings[0], "F1").quotations
    return quotation


def test_words_on_a_picture_come_with_its_page_and_without_a_passage():
    assert quotation_of({"passage": 0, "page": 3, "quotation": "so be it"}) == Quotation("so be it", None, 3)


def test_words_in_a_passage_come_without_the_page_of_a_picture():
    assert quotation_of({"passage": 7, "page": 0, "quotation": "so be it"}) == Quotation("so be it", 7)


def test_the_first_contract_knows_no_pages_of_pictures():
    assert quotation_of({"passage": 7, "quotation": "so be it"}, "analysis/1") == Quotation("so be it", 7)
    assert "Extra inputs" in fault_of(
        AnalystAnswer, an_analysis(a_finding(evidence=[{"passage": 0, "page": 3, "quotation": "so be it"}]))
    )


def test_evidence_stands_before_the_severity_in_every_form():
    for name in ("FindingAnswer", "PagedFindingAnswer"):
        for shape in (*ANALYSIS_SHAPES.values(), *REVIEW_SHAPES.values()):
            fields = list(shape.model_json_schema()["$defs"].get(name, {}).get("properties", {}))
            assert not fields or fields.index("evidence") < fields.index("severity")


def test_both_forms_go_by_the_same_name():
    assert {shape.model_json_schema()["title"] for shape in ANALYSIS_SHAPES.values()} == {"AnalystAnswer"}
    assert {shape.model_json_schema()["title"] for shape in REVIEW_SHAPES.values()} == {"ReviewerAnswer"}
