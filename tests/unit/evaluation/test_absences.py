"""What a report names as missing, in words, counts for and against it like a finding."""

from dataclasses import replace

import pytest

from smallprint.evaluation.absences import named_missing
from smallprint.evaluation.scoring import score
from tests.fakes.judged import NO_CAP, document, expected, run

SURVIVAL = "survival after the end"


@pytest.mark.parametrize(
    ("phrase", "category"),
    [
        ("survival after the end", "nda.no_survival"),
        ("return or destruction", "nda.no_return_or_destruction"),
        ("use for the purpose only", "nda.no_use_limitation"),
        ("a limit on the use of the information", "nda.no_use_limitation"),
        ("notice before compelled disclosure", "nda.no_notice_of_compelled_disclosure"),
        ("a ban on reverse-engineering", "nda.no_reverse_engineering_ban"),
        ("no licence by implication", "nda.no_licence_disclaimer"),
        ("a bad case", "proposal.missing_downside"),
    ],
)
def test_a_phrase_names_the_category_of_what_is_missing(phrase, category):
    assert category in named_missing([phrase])


@pytest.mark.parametrize(
    "phrase",
    ["a cap on liability", "a perpetual or irrevocable licence", "governing law", "a right to keep copies"],
)
def test_other_phrases_name_none(phrase):
    assert named_missing([phrase]) == frozenset()


def scored(*phrases: str, labels=(), absent=()):
    made = run()
    assert made.report is not None
    report = replace(made.report, looked_for_not_found=phrases)
    labelled = document(*labels, labelled_absent=frozenset(absent))
    return score(labelled, replace(made, report=report))


def test_a_missing_protection_that_is_named_is_found_and_right():
    got = scored(SURVIVAL, labels=[expected(NO_CAP, quote="")])

    assert [each.hit for each in got.expected] == [True]
    assert [each.right for each in got.predictions] == [True]


def test_a_protection_that_is_there_and_named_as_missing_is_a_false_alarm():
    got = scored(SURVIVAL, absent=[NO_CAP])

    assert [each.right for each in got.predictions] == [False]


def test_what_nobody_looked_for_is_not_judged():
    assert scored(SURVIVAL).predictions == ()
