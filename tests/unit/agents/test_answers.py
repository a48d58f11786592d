"""The form of the answers, and what happens to one that does not keep it."""

import json
import re
from typing import Any

import pytest
from anthropic import transform_schema
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from smallprint.agents.answers import SHAPES, SUPPORTED_CONTRACTS
from smallprint.agents.answers.analysis import ANALYSIS_SHAPES, AnalystAnswer, SidedAnalystAnswer, to_fact
from smallprint.agents.answers.fields import MAX_FACTS, MAX_FINDINGS, MAX_MISSED, normal_category
from smallprint.agents.answers.findings import FindingAnswer, to_finding
from smallprint.agents.answers.review import REVIEW_SHAPES, ReviewerAnswer, VerdictAnswer
from smallprint.agents.answers.rulings import RulingAnswer
from smallprint.agents.answers.triage import TriageAnswer
from smallprint.agents.structured import parse_answer
from smallprint.errors import InvalidAnswer
from smallprint.models.domain import DocumentType, FactKind, Quotation
from tests.fakes.answers import (
    a_fact,
    a_finding,
    a_review,
    a_sided_analysis,
    a_triage,
    a_verdict,
    an_analysis,
    some_evidence,
)
from tests.fakes.claude.answers import good_answer
from tests.fakes.claude.api_rules import check_schema

EVERY_SHAPE = pytest.mark.parametrize("answer", SHAPES.values(), ids=SHAPES)


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


@EVERY_SHAPE
def test_the_api_takes_the_whole_schema_and_nothing_of_it_turns_into_prose(answer):
    assert transform_schema(answer) == without_types_of_enums(answer.model_json_schema())


@EVERY_SHAPE
def test_the_api_accepts_the_form_of_every_answer(answer):
    check_schema(transform_schema(answer))


@EVERY_SHAPE
def test_every_field_of_the_schema_is_required(answer):
    schema = answer.model_json_schema()

    for part in [schema, *schema["$defs"].values()]:
        assert part["required"] == list(part["properties"])
        assert part["additionalProperties"] is False


@pytest.mark.parametrize("answer", [FindingAnswer, VerdictAnswer, RulingAnswer])
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
        for shape in SHAPES.values():
            fields = list(shape.model_json_schema()["$defs"].get(name, {}).get("properties", {}))
            assert not fields or fields.index("evidence") < fields.index("severity")


def test_both_forms_go_by_the_same_name():
    assert {shape.model_json_schema()["title"] for shape in ANALYSIS_SHAPES.values()} == {"AnalystAnswer"}
    assert {shape.model_json_schema()["title"] for shape in REVIEW_SHAPES.values()} == {"ReviewerAnswer"}


# --- what kind of document, for whom, and key facts --------------------------------------------------------


def test_every_kind_of_document_and_of_fact_can_be_named():
    for kind in DocumentType:
        assert parse_answer(SidedAnalystAnswer, a_sided_analysis(document_type=kind.value.upper()))
        assert parse_answer(TriageAnswer, a_triage(document_type=f" {kind.value.title()} "))
    for fact in FactKind:
        parsed = parse_answer(SidedAnalystAnswer, a_sided_analysis(key_facts=[a_fact("x", kind=fact.value)]))
        assert to_fact(parsed.key_facts[0]).kind is fact


def test_a_kind_of_document_that_we_do_not_know_is_a_fault():
    assert "document_type: Input should be 'contract'" in fault_of(
        SidedAnalystAnswer, a_sided_analysis(document_type="poem")
    )


def test_a_fact_is_quoted_before_its_value_is_written():
    fields = list(SidedAnalystAnswer.model_json_schema()["$defs"]["FactAnswer"]["properties"])

    assert fields.index("evidence") < fields.index("value")


def test_too_many_facts_are_a_fault():
    text = a_sided_analysis(key_facts=[a_fact("x")] * (MAX_FACTS + 1))

    assert f"key_facts: Value error, at most {MAX_FACTS}" in fault_of(SidedAnalystAnswer, text)


def test_the_triage_names_at_most_three_places_that_speak_to_an_ai():
    place = {"passage": 1, "quotation": "Dear AI"}

    assert "addressing_ai: Value error, at most 3, not 4" in fault_of(TriageAnswer, a_triage(*[place] * 4))


def test_what_a_fact_rests_on_may_stand_on_a_picture():
    fact = a_fact(evidence=[some_evidence("Acme Ltd", passage=0, page=2)])
    parsed = parse_answer(SidedAnalystAnswer, a_sided_analysis(key_facts=[fact]))

    assert to_fact(parsed.key_facts[0]).quotations == (Quotation("Acme Ltd", None, 2),)


def test_every_contract_goes_by_a_name_and_a_number():
    assert set(SHAPES) == SUPPORTED_CONTRACTS
    assert all(re.fullmatch(r"[a-z]+/[1-9]", contract) for contract in SHAPES)


# --- the fake model's answers ------------------------------------------------------------------------------


@EVERY_SHAPE
def test_a_good_answer_of_the_fake_model_keeps_the_form(answer):
    text = good_answer(
        {
            "output_config": {"format": {"schema": transform_schema(answer)}},
            "messages": [{"content": [_data("[P1] The tenant pays the rent every month in advance.")]}],
        }
    )

    assert parse_answer(answer, text)


@pytest.mark.parametrize(("contract", "items"), [("repair/1", "repaired"), ("ruling/1", "rulings")])
def test_the_fake_model_answers_on_each_finding_that_it_was_shown(contract, items):
    body = {
        "output_config": {"format": {"schema": transform_schema(SHAPES[contract])}},
        "messages": [{"content": [_data("[P4] The tenant pays the rent."), _data('{"shown": [{}, {}]}')]}],
    }

    answered = json.loads(good_answer(body))[items]

    assert [each["finding"] for each in answered] == [1, 2]
    assert answered[0]["evidence"] == [some_evidence("The tenant pays the rent.", passage=4)]


def _data(text: str) -> dict[str, Any]:
    return {"type": "document", "source": {"data": text}}
