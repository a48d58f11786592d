"""Our categories for labels that name theirs otherwise. Pure.

ToS;DR names a case by a sentence, cut at 60 characters: `tosdr.you_waive_your_moral_rights`. CUAD's and ContractNLI's
labels come in our categories already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

TOSDR = "tosdr."

CASES: Mapping[str, str] = {
    "dispute.binding_arbitration": r"arbitration",
    "dispute.class_action_waiver": r"class_action",
    "dispute.jurisdiction": r"court_of_law|jurisdiction|courts?_",
    "dispute.shortened_limitation": r"reduced_time_period",
    "consumer.account_termination": r"delete_your_account|suspend_your|terminate_your|account_can_be",
    "consumer.content_removal": r"delete_specific_content|remove_content|content_can_be_(?:deleted|removed)|censor",
    "consumer.content_licence": r"copyright_li[cs]en|use_your_content|li[cs]ense_user_content|li[cs]ense_on_user|rights_to_your_content|broad.*li[cs]en",
    "consumer.feedback": r"suggestions|feedback",
    "ip.moral_rights": r"moral_rights",
    "consumer.indemnity": r"indemnify",
    "consumer.no_liability": r"assumes_no_liability|not_liable|no_liability",
    "liability.cap": r"liability_on_behalf|assumes_no_liability|limited_to_the",
    "consumer.as_is": r"as_is|own_risk|sole_risk",
    "consumer.no_uptime": r"uninterrupt|software_errors|timely|error",
    "consumer.no_accuracy": r"accuracy|obtained",
    "consumer.service_discontinuation": r"stop_providing|discontinu",
    "consumer.changes": r"change_(?:these|its|the)_terms|terms_may_be_changed|modified_at_any|changes?_.*(?:notice|at_any_time)",
    "consumer.username": r"usernames?",
    "consumer.accurate_information": r"legal_name|real_name|accurate_information|truthful",
    "consumer.survival": r"surviv",
    "privacy.business_transfer": r"sell_or_otherwise_transfer|merger|bankrupt|acquisition",
    "privacy.international_transfer": r"anywhere_in_the_world|stored_(?:and|in)|transferred_to",
    "privacy.third_party_sharing": r"given_to_third|third_part(?:y|ies)_(?:may|with|involved)|involved_in_operating|shared?_.*third|third_parties_may",
    "privacy.tracking": r"tracking|cookies|fingerprint|beacon|pixel",
    "privacy.advertising": r"marketing|advertis|personali[sz]ed_ads|targeted",
    "privacy.location": r"location",
    "privacy.third_party_sources": r"through_third_part|from_third",
    "privacy.broad_collection": r"many_different_types|broad_device|biometric|device_permissi",
    "privacy.broad_use": r"many_differe.*purposes|information_for_many",
    "privacy.retention": r"keeps_user_logs|keep_personal_data|undefined_period|retain|erasure",
    "privacy.combined_profile": r"combined",
    "privacy.message_access": r"private_messages|read_your",
}
"""Our category → what the sentence of a ToS;DR case holds. The more telling category stands first."""


def ours(category: str) -> tuple[str, ...]:
    """Our categories that say the same as a label's, the most telling first; a category of ours is itself."""
    if not category.startswith(TOSDR):
        return (category,)
    return tuple(mine for mine, case in CASES.items() if re.search(case, category))


def our_name(category: str) -> str:
    """The one of ours that says most of it; a case that none of ours covers keeps its own name, and counts as missed."""
    return next(iter(ours(category)), category)
