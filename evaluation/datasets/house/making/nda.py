"""A non-disclosure agreement in negotiation: one tracked change, one comment, and a licence for what is remembered."""

from __future__ import annotations

from evaluation.datasets.house.making.labels import HouseDocument, harmless, lacks, neutral, risk
from evaluation.datasets.house.making.word import word

from smallprint.models.domain import DocumentType, RiskLevel

_TEXT = """
# NON-DISCLOSURE AGREEMENT

This agreement is made on 4 May 2026 between Hollin & Wray Biologics Limited of 2 Granary Court, Norwich, England (the "Discloser") and Kestrel Vantage Partners GmbH of Neuer Wall 71, Hamburg, Germany (the "Recipient").

## Background

(A) The Discloser has developed a process for growing and drying bacterial cultures (the "Process").

(B) The Recipient is considering an investment in the Discloser (the "Purpose") and wishes to look into the Process, its costs and the Discloser's customers.

## 1. What is confidential

1.1 In this agreement "Confidential Information" means the information about the Process and about the Discloser's business that the Discloser makes available to the Recipient for the Purpose and that is clearly marked "Confidential" in writing at the time of disclosure.

1.2 Information disclosed orally or on a visit is Confidential Information only if it is identified as confidential when it is disclosed and confirmed in writing within seven days.

1.3 Information is not Confidential Information if it is or becomes public other than through a breach of this agreement, if the Recipient can show from its records that it held it lawfully beforehand, or if a third party that was free to do so gave it to the Recipient.

## 2. What the Recipient must do

2.1 The Recipient shall keep Confidential Information secret, guard it with at least the care that it uses for its own, and use it for the Purpose and for nothing else.

2.2 The Recipient may let its employees and professional advisers see Confidential Information as far as they need it for the Purpose, provided that they are bound to keep it secret. The same holds for the companies in which funds advised by the Recipient hold shares, and for those who may wish to invest beside it.

2.3 If a court or an authority requires the Recipient to disclose Confidential Information, the Recipient shall tell the Discloser beforehand, as far as the law allows, so that the Discloser can seek protection, and shall disclose no more than it must.

2.4 The Recipient shall tell the Discloser without delay when it learns of any unauthorised use or disclosure of Confidential Information.

## 3. What the Recipient may do

3.1 The people of the Recipient who have seen Confidential Information need not unlearn it. What they carry in their heads, without having memorised it on purpose, the Recipient and its portfolio companies may put to use in any field and free of charge, under whatever patents and other rights of the Discloser that takes.

3.2 Nothing in this agreement prevents the Recipient, or a company in which it holds an interest, from independently developing the same or a similar process and bringing it to market.

## 4. Return

4.1 Within fourteen days of the Discloser's written request the Recipient shall give back or destroy all Confidential Information in its possession and confirm in writing that it has done so. The Recipient may retain such copies as its general counsel thinks fit, and those that its systems make in the ordinary course.

## 5. Duration

5.1 This agreement takes effect on the date above and runs for {-five-}{+two+} years.{>HW: our standard is five years, Kestrel changed this to two. Legal to confirm before anybody signs.<}

5.2 On the day on which it runs out the parties are quit of one another, and whatever was owed under clauses 2 and 4 is owed no longer.

5.3 Either party may bring the talks about the Purpose to an end at any time and for any reason, without owing the other anything for doing so.

## 6. Staff

6.1 For twelve months after the talks about the Purpose end, neither party shall solicit or employ any employee of the other whom it met in the course of them. Answering a public advertisement does not count as soliciting.

## 7. General

7.1 Neither party is bound to enter into any further agreement. The Discloser gives no assurance that Confidential Information is complete.

7.2 Each party accepts that damages may not be enough to make good a breach, and that the other may ask a court for an injunction.

7.3 Neither party may assign this agreement without the written consent of the other.

7.4 This agreement may be changed only in writing signed by both parties. It is governed by the law of England and Wales, and the courts of England and Wales have non-exclusive jurisdiction.

Signed for Hollin & Wray Biologics Limited: ______________________

Signed for Kestrel Vantage Partners GmbH: ______________________
"""

_EXPECTED = (
    risk(
        "nda.only_marked_information_protected",
        "Without the mark nothing is protected",
        "that is clearly marked “Confidential” in writing at the time of disclosure",
    ),
    risk(
        "nda.oral_information_not_protected",
        "What is said is protected only after a written summary",
        "1.2 Information disclosed orally … within seven days.",
    ),
    risk(
        "nda.third_party_sharing_allowed",
        "Portfolio companies and co-investors may see everything, and are bound by nothing",
        "The same holds for the companies … invest beside it.",
    ),
    risk(
        "nda.licence_granted",
        "A free licence, also under patents, for all that is remembered",
        "What they carry in their heads … that takes.",
    ),
    risk(
        "nda.independent_development_allowed",
        "The recipient and its companies may build the same process",
        "3.2 Nothing in this … to market.",
    ),
    risk(
        "nda.retention_allowed",
        "Copies stay at the general counsel's choice and in the systems",
        "The Recipient may retain such copies … ordinary course.",
    ),
    risk(
        "nda.no_survival",
        "All duties end on the last day",
        "5.2 On the day on which it runs out … owed no longer.",
    ),
    risk(
        "restriction.no_solicit_employees",
        "Staff may not be enticed away, mutual",
        "6.1 For twelve months … in the course of them.",
    ),
    risk(
        "document.tracked_changes",
        "A change that nobody has accepted or rejected",
        "5.1 This agreement takes … two years.",
        "five two HW:",  # where the reader lists the changes themselves
    ),
    risk(
        "document.change_not_agreed",
        "Two years instead of five",
        "5.1 This agreement takes … two years.",
    ),
    risk(
        "document.comment_disputes_text",
        "A comment doubts the change and asks for legal's word",
        "HW: our standard … anybody signs.",
    ),
    lacks("nda.no_reverse_engineering_ban", "No ban on taking samples of the cultures apart"),
)

_MUST_NOT_FLAG = (
    harmless("nda.no_use_limitation", "Use for the purpose only", "2.1 The Recipient shall … nothing else."),
    harmless(
        "nda.no_notice_of_compelled_disclosure",
        "Notice before a compelled disclosure",
        "2.3 If a court … than it must.",
    ),
    harmless("nda.only_marked_information_protected", "The usual exceptions", "1.3 Information … Recipient."),
    harmless(
        "term.termination_for_convenience", "Either may end the talks", "5.3 Either party … for doing so."
    ),
    neutral("control.anti_assignment", "Mutual", "7.3 Neither party … of the other."),
    harmless("dispute.jurisdiction", "The discloser's own courts", "It is governed … jurisdiction."),
)

_ABSENT = (
    "nda.no_use_limitation",
    "nda.no_notice_of_compelled_disclosure",
    "nda.only_technical_information_protected",
    "nda.copying_allowed",
    "restriction.non_compete",
    "restriction.exclusivity",
    "restriction.no_solicit_customers",
    "liability.liquidated_damages",
    "liability.uncapped",
    "compliance.audit_rights",
    "term.auto_renewal",
    "dispute.binding_arbitration",
    "document.addresses_ai",
)


def document() -> HouseDocument:
    return HouseDocument(
        id="house-nda",
        title="Non-disclosure agreement, Hollin & Wray and Kestrel Vantage",
        doc_type=DocumentType.NDA,
        file="nda-kestrel-redline.docx",
        content=word(
            _TEXT,
            title="Non-disclosure agreement",
            author="Imogen Salter",
            header="Draft 3 – subject to contract",
        ),
        perspective="disclosing party",
        level=RiskLevel.HIGH,
        expected=_EXPECTED,
        must_not_flag=_MUST_NOT_FLAG,
        labelled_absent=_ABSENT,
        facts={
            "parties": ["Hollin & Wray Biologics Limited", "Kestrel Vantage Partners GmbH"],
            "dates": {"signed": "4 May 2026"},
            "notice_period": "fourteen days",
            "governing_law": "England and Wales",
        },
    )
