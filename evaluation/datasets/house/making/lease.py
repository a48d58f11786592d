"""A commercial lease in the old style: the tenant's duties hide in what a definition says."""

from __future__ import annotations

from evaluation.datasets.house.making.labels import HouseDocument, harmless, neutral, risk
from evaluation.datasets.house.making.pdf import pdf

from smallprint.models.domain import DocumentType, RiskLevel

_TEXT = """
# LEASE

^ of Unit 6, Cooper's Yard, Tewkesbury

^ dated 14 September 2026

## Particulars

| Landlord | Oxmead Estates Limited, 9 Priory Gate, Gloucester |
| Tenant | Larch & Lantern Limited, Unit 6, Cooper's Yard, Tewkesbury |
| Surety | Agnes Thorley, 33 Orchard Rise, Tewkesbury |
| Premises | Unit 6, being the ground and first floors edged red on the plan |
| Term | Ten years from and including 29 September 2026 |
| Rent | £42,000 a year, in advance by equal payments on the usual quarter days |
| Review Date | 29 September 2031 |
| Break Date | 28 September 2031 |
| Service Charge share | [●] per cent |
| Permitted use | Workshop and showroom for lamps and furniture |

## 1. Grant

1.1 The Landlord lets the Premises to the Tenant for the Term at the Rent. The security of tenure given by sections 24 to 28 of the Landlord and Tenant Act 1954 applies to this lease.

1.2 The Landlord agrees with the Tenant that, while the Tenant pays the Rent and performs its covenants, the Tenant may hold the Premises peaceably and without interruption by the Landlord or anyone claiming under it.

## 2. Rent and review

2.1 The Tenant is to pay the Rent without deduction or set-off, save as the law requires, and is to pay the Service Charge on account with it.

2.2 From the Review Date the Rent is the sum that a willing tenant would give for the Premises in the open market on the terms of this lease or, where that sum is the smaller, the Rent that was payable on the day before. It is to be supposed in the valuation that the Premises are fitted out and ready for use and that the covenants in this lease have been performed.

2.3 If the parties have not agreed the new Rent by the Review Date it is settled by an independent surveyor, acting as an expert, whom they appoint together or, failing that, whom the President of the Royal Institution of Chartered Surveyors names. The cost is shared equally.

2.4 A sum that is more than twenty-one days late bears interest at three per cent a year above the base rate of the Landlord's bank.

## 3. Upkeep

3.1 The Tenant is at all times to put and keep the Premises in good and substantial order, whatever their state at the start of the Term, renewing such parts as cannot be mended.

3.2 In this lease "the Premises" takes in the foundations, the roof over Unit 6 and the pipes and cables that serve it alone, wherever they run.

3.3 A record of the state of the Premises at the start of the Term is in Schedule 2, which the Landlord's surveyor is to supply after completion.

3.4 In the last year of the Term the Tenant is to redecorate the inside with two coats of good paint.

## 4. Insurance

4.1 The Landlord is to insure the building with a reputable insurer against fire and the other usual risks for its full cost of reinstatement, and is to show the Tenant the policy on request. The Tenant repays a fair share of the premium.

4.2 If an insured risk makes the Premises unfit for use, the Rent stops until they are fit again, for up to three years. If they are not rebuilt within that time either party may end this lease.

## 5. Dealings

5.1 The Tenant shall not assign, underlet, charge or part with possession of the whole or any part of the Premises, nor share their occupation.

5.2 The Tenant may alter partitions inside the Premises without consent. Other alterations need the Landlord's written consent, which is not to be unreasonably withheld.

## 6. Ending the lease early

6.1 The Tenant may end this lease on the Break Date by at least nine months' written notice, if on that date it has performed each of its covenants to the letter, no sum whatever is owing under this lease, whether demanded or not, and nothing and nobody remains on the Premises.

6.2 Rent paid in advance for a time after the Break Date stays with the Landlord.

6.3 If the Rent is more than twenty-one days late, or the Tenant commits a substantial breach that it fails to put right within a reasonable time of being asked, the Landlord may enter and end this lease. The Tenant's right to ask a court for relief is not affected.

## 7. Loss and surety

7.1 The Tenant shall indemnify the Landlord against all claims, costs and losses arising from the state or the use of the Premises, including those to which the Landlord or its contractors have contributed.

7.2 The Surety, who is a director of the Tenant, answers to the Landlord for everything that the Tenant has undertaken in this lease as if she had undertaken it herself, and goes on doing so if the Tenant is wound up or the lease is changed.

## 8. General

8.1 Notices are to be in writing and sent to the addresses in the Particulars, or to a new address of which the other party has been told.

8.2 This lease is governed by the law of England and Wales. Nobody other than the parties and the Surety may enforce it.

## Schedule 1: Service Charge

The Service Charge is the fair share of the cost of lighting, cleaning and repairing the yard and the gates. The Landlord is to send an account certified by an accountant within four months of the end of each year, and the Tenant may inspect the invoices.
"""

_EXPECTED = (
    risk(
        "lease.rent_review",
        "The rent can only go up; and the tenant's own fit-out counts towards it",
        "2.2 From the Review Date … been performed.",
    ),
    risk(
        "lease.repair_obligation",
        "Put and keep, renew, with roof and foundations by definition",
        "3.1 The Tenant is at all times … mended.",
        "3.2 In this lease … wherever they run.",
    ),
    risk(
        "document.missing_attachment",
        "The record of the state is to follow after completion",
        "3.3 A record … after completion.",
    ),
    risk(
        "control.anti_assignment",
        "No assignment, no subletting, no sharing, not even with consent",
        "5.1 The Tenant shall not assign … occupation.",
    ),
    risk(
        "lease.break_clause",
        "Any unpaid sum or breach, however small, kills the break; no refund of rent",
        "6.1 The Tenant may end … on the Premises.",
        "6.2 Rent paid in advance … with the Landlord.",
    ),
    risk(
        "indemnity.broad",
        "An indemnity that covers the landlord's own part",
        "7.1 The Tenant shall indemnify … have contributed.",
    ),
    risk(
        "payment.personal_guarantee",
        "A director stands in for the company without limit",
        "7.2 The Surety … is changed.",
    ),
    risk(
        "document.blank_or_placeholder",
        "The share of the service charge is blank",
        "[●] per cent",
        level="medium",
    ),
)

_MUST_NOT_FLAG = (
    harmless("lease.break_clause", "Quiet enjoyment", "1.2 The Landlord agrees … under it."),
    harmless("lease.rent_review", "An independent expert, cost shared", "2.3 If the parties … shared equally."),
    harmless("payment.late_interest", "A usual rate after three weeks", "2.4 A sum that … Landlord's bank."),
    neutral("compliance.insurance", "The landlord insures", "4.1 The Landlord is to insure … premium."),
    harmless("control.anti_assignment", "Consent not unreasonably withheld", "5.2 The Tenant may alter … withheld."),
    neutral("lease.repair_obligation", "Ordinary redecoration", "3.4 In the last year … good paint."),
    harmless("term.termination_for_convenience", "Ordinary forfeiture, relief is open", "6.3 If the Rent … not affected."),
    harmless("dispute.jurisdiction", "Ordinary law", "8.2 This lease is governed … enforce it."),
)  # fmt: skip

_ABSENT = (
    "restriction.non_compete",
    "restriction.exclusivity",
    "commercial.revenue_share",
    "term.auto_renewal",
    "dispute.binding_arbitration",
    "dispute.confession_of_judgment",
    "control.right_of_first_refusal",
    "liability.liquidated_damages",
    "document.hidden_text",
    "document.addresses_ai",
)


def document() -> HouseDocument:
    return HouseDocument(
        id="house-lease",
        title="Lease of Unit 6, Cooper's Yard",
        doc_type=DocumentType.CONTRACT,
        file="lease-unit-6-coopers-yard.pdf",
        content=pdf(
            _TEXT, title="Lease of Unit 6", author="Oxmead Estates Limited", foot="Lease – Unit 6, Cooper's Yard"
        ),
        perspective="tenant",
        level=RiskLevel.HIGH,
        expected=_EXPECTED,
        must_not_flag=_MUST_NOT_FLAG,
        labelled_absent=_ABSENT,
        facts={
            "parties": ["Oxmead Estates Limited", "Larch & Lantern Limited", "Agnes Thorley"],
            "dates": {
                "signed": "14 September 2026",
                "start": "29 September 2026",
                "review": "29 September 2031",
                "break": "28 September 2031",
            },
            "money": ["£42,000 a year"],
            "notice_period": "at least nine months' written notice",
        },
    )  # fmt: skip
