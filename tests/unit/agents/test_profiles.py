"""A profile changes models and effort, and nothing else."""

import pytest

from smallprint.agents.profiles import ModelChoice, Models, Staffing, staffings
from smallprint.models.domain import Profile

MODELS = Models(analyst="sonnet", reviewer="haiku", adjudicator="opus")
TRIAGE = ModelChoice("haiku", "low")


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (Profile.ECONOMY, Staffing(ModelChoice("haiku", "medium"), ModelChoice("haiku", "low"), TRIAGE)),
        (Profile.BALANCED, Staffing(ModelChoice("sonnet"), ModelChoice("haiku"), TRIAGE)),
        (
            Profile.THOROUGH,
            Staffing(
                ModelChoice("sonnet", "high"),
                ModelChoice("haiku", "high"),
                TRIAGE,
                ModelChoice("opus", "high"),
            ),
        ),
    ],
)
def test_who_reads_in_each_profile(profile, expected):
    assert staffings(MODELS)[profile] == expected


def test_every_profile_is_staffed():
    assert set(staffings(MODELS)) == set(Profile)
