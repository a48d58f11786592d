import re

import pytest

from smallprint.agents.clause_rules import ClauseRules
from smallprint.models.domain import DocumentType
from smallprint.prompts.checklists import checklist_text, checklists
from smallprint.prompts.templates import PromptTemplates
from tests.fakes.claude.tokens import tokens_in

CATEGORIES = {name for each in checklists(1).values() for name in each.categories}
EVERY_KIND = tuple(DocumentType)


def test_there_is_a_list_for_every_kind_of_document():
    assert set(checklists(1)) == set(DocumentType)
    assert all(each.title and each.categories for each in checklists(1).values())


def test_a_category_is_two_words_with_a_dot_and_says_what_to_look_for():
    for each in checklists(1).values():
        for name, look_for in each.categories.items():
            assert re.fullmatch(r"[a-z_]+\.[a-z_]+", name)
            assert look_for


def test_every_list_but_the_general_one_says_what_such_a_document_should_have():
    empty = [kind for kind, each in checklists(1).items() if not each.expected]

    assert empty == [DocumentType.OTHER]


def test_no_category_of_the_version_before_is_lost():
    body = PromptTemplates().get("document_analysis", 3).body.split("# Marked passages")[0]
    before = set(re.findall(r"\b[a-z_]+\.[a-z_]+\b", body))

    assert before - CATEGORIES == set()


def test_most_clauses_that_the_rules_know_have_the_same_name_here():
    known = {rule.category for rule in ClauseRules.packaged().rules}

    assert len(known & CATEGORIES) > 0.75 * len(known)


def test_all_lists_together_stay_short():
    assert tokens_in(checklist_text(1, EVERY_KIND)) < 2_500
    assert tokens_in(checklist_text(1, [])) < 200


def test_only_the_wanted_lists_are_shown_and_the_general_one_always():
    text = checklist_text(1, [DocumentType.NDA])

    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Confidentiality agreements", "Every document"]
    assert "worth an entry in looked_for_and_not_found when absent: use for the purpose only;" in text


@pytest.mark.parametrize("kind", DocumentType)
def test_a_list_never_looks_like_a_template(kind):
    assert "${" not in checklist_text(1, [kind])
