import time

import pytest

from smallprint.agents.clause_rules import ClauseRules
from smallprint.agents.clauses import OFFLINE_MODEL, ClauseAnalyst
from smallprint.agents.profiles import ModelChoice
from smallprint.agents.requests import Assignment
from smallprint.errors import ConfigurationError
from smallprint.models.domain import Finding, PassageKind, RiskLevel, Usage
from tests.fakes.passages import document_of

CONTRACT = (
    "SERVICES AGREEMENT\n\nThis Agreement is made between the parties. Each party accepts this Agreement."
)
NDA = (
    "NON-DISCLOSURE AGREEMENT\n\nThe receiving party shall not disclose the confidential information of the"
    " disclosing party to anyone. Confidential information means all information that is disclosed."
)


@pytest.fixture(scope="module")
def analyst() -> ClauseAnalyst:
    return ClauseAnalyst()


def findings(analyst: ClauseAnalyst, *paragraphs: str) -> dict[str, Finding]:
    return {finding.category: finding for finding in analyst.read(document_of(*paragraphs)).findings}


@pytest.mark.parametrize(
    ("category", "sentence"),
    [
        (
            "control.anti_assignment",
            "Neither party may assign this Agreement without the prior written consent of the other.",
        ),
        (
            "control.anti_assignment",
            "Any purported assignment in breach of this clause shall be null and void.",
        ),
        (
            "control.change_of_control",
            "The Customer may terminate this Agreement upon a change of control of the Supplier.",
        ),
        (
            "control.right_of_first_refusal",
            "The Buyer shall have a right of first refusal over any further lots.",
        ),
        (
            "restriction.non_compete",
            "During the Term the Consultant shall not engage in any business that competes with the Company.",
        ),
        (
            "restriction.exclusivity",
            "The Company hereby appoints the Distributor as its exclusive distributor in the Territory.",
        ),
        ("restriction.exclusivity", "The Distributor shall not purchase the Products from any other source."),
        (
            "restriction.no_solicit_employees",
            "For one year neither party shall solicit or hire any employee of the other.",
        ),
        (
            "restriction.no_solicit_customers",
            "The Agent shall not solicit any customer of the Company for two years.",
        ),
        ("restriction.non_disparagement", "The Consultant agrees not to disparage the Company."),
        (
            "commercial.most_favoured_nation",
            "Prices shall be no less favourable than those offered to any other customer.",
        ),
        (
            "commercial.price_restriction",
            "The Supplier may increase the fees once a year by not more than 3 %.",
        ),
        ("commercial.revenue_share", "The Licensee shall pay a royalty of 5% of net sales."),
        ("commercial.minimum_commitment", "The Customer shall purchase a minimum of 500 units in each year."),
        ("commercial.volume_restriction", "The licence covers up to 25 named users."),
        (
            "ip.assignment",
            "The Contractor hereby assigns to the Client all right, title and interest in the Deliverables.",
        ),
        ("ip.joint_ownership", "All inventions made together shall be jointly owned by the parties."),
        (
            "ip.perpetual_licence",
            "The Supplier grants the Customer a perpetual, irrevocable licence to use the Software.",
        ),
        ("ip.unlimited_licence", "The licence allows an unlimited number of users."),
        ("ip.covenant_not_to_sue", "The Licensee shall not contest the validity of the trademarks."),
        ("ip.source_code_escrow", "The source code shall be deposited with an escrow agent."),
        (
            "liability.cap",
            "In no event shall the Supplier's liability exceed the fees paid in the last twelve months.",
        ),
        (
            "liability.uncapped",
            "The foregoing limitation shall not apply to breach of confidentiality or gross negligence.",
        ),
        (
            "liability.liquidated_damages",
            "For each week of delay the Supplier shall pay liquidated damages of $5,000.",
        ),
        (
            "term.termination_for_convenience",
            "The Customer may terminate this Agreement at any time without cause.",
        ),
        ("term.auto_renewal", "This Agreement shall automatically renew for successive one-year terms."),
        (
            "term.renewal_notice",
            "It renews for one year unless either party gives notice at least 90 days before the end of the term.",
        ),
        (
            "term.post_termination_obligations",
            "After termination the Distributor may continue to sell its inventory.",
        ),
        (
            "compliance.audit_rights",
            "The Licensor shall have the right to audit the books and records of the Licensee.",
        ),
        ("compliance.insurance", "The Contractor shall maintain commercial general liability insurance."),
        (
            "third_party.beneficiary",
            "The Affiliates are intended third party beneficiaries of this Agreement.",
        ),
        (
            "dispute.confession_of_judgment",
            "The Borrower authorises any attorney to confess judgment against it.",
        ),
        ("payment.personal_guarantee", "The Director personally guarantees all amounts due."),
    ],
)
def test_a_clause_is_found_as_lawyers_word_it_and_quoted_whole(analyst, category, sentence):
    found = findings(analyst, CONTRACT, "1. Terms", f"First, something else. {sentence} And something after.")
    assert sentence in [quotation.text for quotation in found[category].quotations]


@pytest.mark.parametrize(
    ("category", "sentence"),
    [
        ("control.anti_assignment", "The Contractor shall not change the assigned personnel."),
        ("control.anti_assignment", "This Agreement binds the parties and their successors and assigns."),
        (
            "restriction.exclusivity",
            "The licence is non-exclusive and the remedies are the sole and exclusive remedies.",
        ),
        ("restriction.exclusivity", "The courts of Berlin have exclusive jurisdiction."),
        (
            "restriction.non_compete",
            "Nothing in this Agreement shall prevent either party from competing with the other.",
        ),
        ("ip.perpetual_licence", "The Buyer irrevocably submits to the courts of Paris."),
        ("commercial.revenue_share", "The licence is royalty-free."),
        ("commercial.minimum_commitment", "The Customer gives at least 30 days' notice."),
        ("commercial.minimum_commitment", "Insurance with a minimum coverage of $1,000,000 shall be held."),
        (
            "control.change_of_control",
            '"Change of Control" means a merger or the sale of all assets of a party.',
        ),
        (
            "term.termination_for_convenience",
            "Either party may terminate this Agreement upon notice if the other is in breach.",
        ),
        ("term.auto_renewal", "The term may be extended by mutual written agreement."),
        ("third_party.beneficiary", "There are no third party beneficiaries of this Agreement."),
        ("liability.liquidated_damages", "Roberts scored the first penalty of the shoot-out."),
        (
            "ip.source_code_escrow",
            "The Customer shall not attempt to derive the source code or to reverse engineer it.",
        ),
        ("ip.joint_ownership", "The parties are jointly and severally liable."),
    ],
)
def test_words_without_their_context_are_no_clause(analyst, category, sentence):
    assert category not in findings(analyst, CONTRACT, sentence)


def test_headings_and_the_table_of_contents_are_never_quoted(analyst):
    found = findings(
        analyst, CONTRACT, "Automatic Renewal", "5. Automatic Renewal ........ 12", "Exclusive Licence Grant"
    )
    assert "term.auto_renewal" not in found
    assert "restriction.exclusivity" not in found


def test_a_category_is_one_finding_with_at_most_three_quotations(analyst):
    sentences = [
        f"Party number {number} may not assign this Agreement without consent." for number in range(9)
    ]
    found = [
        f
        for f in analyst.read(document_of(CONTRACT, *sentences)).findings
        if f.category == "control.anti_assignment"
    ]
    assert [len(finding.quotations) for finding in found] == [3]


def test_every_quotation_names_the_passage_it_stands_in(analyst):
    document = document_of(CONTRACT, "The Agent shall not solicit any customer of the Company for two years.")
    for finding in analyst.read(document).findings:
        for quotation in finding.quotations:
            assert quotation.text in document.passages[quotation.passage - 1].text


def test_a_confidentiality_agreement_is_told_what_it_lacks(analyst):
    found = findings(analyst, NDA)
    assert {
        "nda.no_return_or_destruction",
        "nda.no_survival",
        "nda.no_notice_of_compelled_disclosure",
    } <= found.keys()
    assert found["nda.no_return_or_destruction"].quotations == ()


def test_a_protection_that_is_there_is_not_missed(analyst):
    found = findings(
        analyst,
        NDA,
        "On request the receiving party shall return or destroy all confidential information and copies.",
        "These obligations survive termination of this agreement for five years.",
        "If required by law to disclose, the receiving party shall give the disclosing party prompt notice.",
        "It shall use the confidential information only for the purpose.",
    )
    assert (
        not {
            "nda.no_return_or_destruction",
            "nda.no_survival",
            "nda.no_notice_of_compelled_disclosure",
            "nda.no_use_limitation",
        }
        & found.keys()
    )


def test_nothing_is_said_to_lack_in_a_document_of_another_kind(analyst):
    assert not [category for category in findings(analyst, CONTRACT) if category.startswith("nda.")]


def test_the_notice_period_of_a_renewal_is_stated(analyst):
    found = findings(
        analyst,
        CONTRACT,
        "This Agreement renews automatically unless either party gives notice 90 days before the end of the term.",
    )
    assert "90 days" in found["term.renewal_notice"].statement
    assert "{" not in found["term.auto_renewal"].statement
    assert "[" not in found["term.auto_renewal"].statement


def test_the_gravest_finding_comes_first_and_ids_are_numbered(analyst):
    document = document_of(
        CONTRACT, "The liability of the Contractor is unlimited.", "It shall maintain insurance."
    )
    found = analyst.read(document).findings
    assert found[0].severity is RiskLevel.CRITICAL
    assert [finding.id for finding in found] == [f"F{number}" for number in range(1, len(found) + 1)]


def test_the_summary_says_that_rules_made_it_and_names_kind_and_parties(analyst):
    opening = (
        "This Agreement is made between Alpha Software, Inc., a Delaware corporation (“Supplier”),"
        " and Beta Bank Ltd. (“Customer”). The parties agree as follows in this Agreement."
    )
    summary = analyst.read(document_of("MASTER AGREEMENT", opening)).summary
    assert "offline rules (no AI)" in summary
    assert "a contract between Alpha Software, Inc. and Beta Bank Ltd" in summary


def test_a_document_without_clauses_says_what_was_looked_for(analyst):
    analysis = analyst.read(document_of("Minutes of the meeting", "We talked about the garden."))
    assert analysis.findings == ()
    assert "automatic renewal" in analysis.looked_for_not_found
    assert "found none" in analysis.summary


async def test_a_run_costs_nothing_and_is_labelled_offline(analyst):
    _, run = await analyst.analyse(document_of(CONTRACT), None, Assignment("a1", ModelChoice("")))
    assert (run.agent, run.model, run.prompt_version) == ("document_analysis", OFFLINE_MODEL, None)
    assert (run.usage, run.cost_nano_usd) == (Usage(), 0)
    assert analyst.offline


@pytest.mark.parametrize(
    "text",
    [
        "assign " * 150_000,
        " " * 1_000_000,
        "a" * 1_000_000,
        "shall not, solicit, any, " * 40_000,
        '"x" ' * 250_000,
        "A. " * 330_000,
    ],
    ids=["a word", "spaces", "a letter", "commas", "quotes", "initials"],
)
def test_hostile_text_is_read_in_bounded_time(analyst, text):
    started = time.process_time()
    analyst.read(document_of(text))
    assert time.process_time() - started < 5


def test_there_are_many_categories_and_each_tells_what_to_do():
    rules = ClauseRules.packaged().rules
    assert len(rules) >= 35
    assert all(rule.title and rule.says and rule.why and rule.ask for rule in rules)


GOOD_RULE = """
  - {category: a.b, title: T, severity: low, says: S, why: W, ask: A, words: [x], find: ['x+']"""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("rules: [", "not valid YAML"),
        ("other: 1", "need `rules`"),
        ("rules: [1]", "not a mapping"),
        (f"rules:{GOOD_RULE}, wrong: 1}}", "unknown fields: wrong"),
        (f"rules:{GOOD_RULE}}}{GOOD_RULE}}}", "'a.b' twice"),
        (f"rules:{GOOD_RULE}, kinds: [novel]}}", "unknown kinds: novel"),
        (f"rules:{GOOD_RULE}, absent: true}}", "must name the kinds"),
        (f"rules:{GOOD_RULE}}}".replace("x+", "(x"), "does not compile"),
        (f"rules:{GOOD_RULE}}}".replace("x+", "{nope}"), "vocabulary does not hold"),
        (f"rules:{GOOD_RULE}}}".replace("low", "awful"), "unknown severity 'awful'"),
        (f"rules:{GOOD_RULE}}}".replace("[x]", "[true]"), "not a text"),
        (f"rules:{GOOD_RULE}}}".replace("title: T, ", ""), "has no 'title'"),
    ],
)
def test_a_fault_in_the_rules_is_named_with_its_rule(text, complaint):
    with pytest.raises(ConfigurationError, match=complaint):
        ClauseRules.parse(text)


def test_what_we_computed_from_a_table_is_no_clause_of_the_document():
    words = "The Supplier's liability under this agreement is unlimited."

    assert ClauseAnalyst().read(document_of((PassageKind.TABLE, words))).findings
    assert not ClauseAnalyst().read(document_of((PassageKind.PROFILE, words))).findings


def test_a_document_in_another_language_is_told_as_such():
    german = (
        "Der Lieferant haftet unbegrenzt für alle Schäden, die dem Kunden aus der Verletzung dieses Vertrages entstehen. "
        * 12
    )
    summary = ClauseAnalyst().read(document_of(german)).summary
    assert "another language" in summary


def test_english_contracts_are_not_taken_for_another_language():
    english = "The Supplier shall be liable for any loss that is caused by a breach of this Agreement. " * 12
    assert "another language" not in ClauseAnalyst().read(document_of(english)).summary
