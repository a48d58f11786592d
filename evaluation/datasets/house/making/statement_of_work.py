"""A statement of work: friendly terms, loose scope, a price table that does not add up."""

from __future__ import annotations

from evaluation.datasets.house.making.labels import HouseDocument, harmless, neutral, risk
from evaluation.datasets.house.making.word import word

from smallprint.models.domain import DocumentType, RiskLevel

_TEXT = """
# STATEMENT OF WORK No. 3

^ Warehouse portal, release 2

This Statement of Work is made on 9 February 2026 under the Framework Agreement of 2 September 2024 between Corvane Digital GmbH, Hamburg ("Corvane"), and Lindqvist & Holm A/S, Aarhus (the "Client"). Words defined in the Framework Agreement mean the same here.

## 1. Purpose

The Client runs three warehouses and wishes to give its customers a portal in which they see stock, book deliveries and download delivery notes. Release 1 has been live since May 2025. This Statement of Work covers release 2.

## 2. Scope

2.1 Corvane shall design, build, test and put into operation:

- the booking calendar for all three warehouses, as in the screens of Annex A;

- the connection to the Client's transport system, in both directions, as in Annex B;

- single sign-on for the Client's customers.

2.2 Corvane shall also bring over the historic data from the old portal as far as this makes sense, and shall see to such further adjustments as are usual in a release of this kind.

2.3 Not in scope: changes to the transport system itself, hardware, and the training of the Client's customers.

2.4 Whether a request is part of the scope is for Corvane's project lead to say. Time spent on a request that turns out not to be, the looking into it and the estimate included, is charged at the rates of section 5 from the first hour, whether or not the Client goes ahead.

## 3. Milestones

| Milestone | Deliverable | Date |
| M1 | Discovery report | 12 January 2026 |
| M2 | Booking calendar in the test environment | 30 April 2026 |
| M3 | Connection to the transport system | 12 June 2026 |
| M4 | Go-live and hand-over | 10 July 2026 |

Corvane starts with M1 once this Statement of Work is signed.

## 4. Acceptance

4.1 The Client tests each Deliverable against the acceptance criteria in Annex C and reports defects in writing. Corvane puts defects right at its own cost and presents the Deliverable again.

4.2 A Deliverable of which Corvane has heard nothing after three working days is in order. So is one that has been put to use in any way, a trial run with live data being such a use.

## 5. Price

| Item | Days | Price |
| Discovery and design | 40 | EUR 38,000 |
| Booking calendar and sign-on | 68 | EUR 64,500 |
| Connection to the transport system | 29 | EUR 27,500 |
| Total | 137 | EUR 135,000 |

5.1 The price is fixed for the scope of section 2. Further work is charged at EUR 950 per day, and travel within Denmark and Germany is included.

5.2 Sixty per cent of the price is invoiced on signature, thirty per cent at M2 and the balance at M3. Invoices are payable within fourteen days.

## 6. Team

6.1 Corvane's project lead is Jette Ravn. Corvane replaces her only for good reason and with somebody of equal experience, after talking to the Client.

6.2 During this project and for twelve months after it, neither party shall solicit or hire any member of the other's project team.

## 7. Results

7.1 Software, designs and documents made under this Statement of Work shall be jointly owned by the parties in equal shares. Each may exploit them as it likes, also by licensing them to others, and need not account to the other for what it earns.

7.2 Standard components of Corvane that existed before remain Corvane's; the Client may use them within the portal without limit in time and at no further charge.

## 8. Warranty and liability

8.1 For six months after M4 Corvane puts right free of charge every defect that the Client reports.

8.2 The limits of liability in clause 11 of the Framework Agreement, which are the same for both parties, apply to this Statement of Work.

## 9. Ending early

9.1 Either party may end this Statement of Work on thirty days' written notice at the end of a month. The Client then pays for the work done until that day on the basis of section 5 and receives all results as they stand; nothing further is owed.

## 10. Annexes

Annex A (screens) and Annex B (interfaces) are attached to this Statement of Work.

Aarhus and Hamburg, 9 February 2026

===

## Annex A: Screens (list)

Calendar by day and week; booking form; list of bookings; delivery note; sign-in.

## Annex B: Interfaces (list)

Bookings to the transport system every five minutes; status from the transport system on every change; master data of hauliers once a night.
"""

_EXPECTED = (
    risk(
        "scope.unclear",
        "Data migration 'as far as this makes sense' and 'usual' adjustments",
        "2.2 Corvane shall also bring over … of this kind.",
    ),
    risk(
        "scope.change_requests",
        "The supplier decides what is a change, and bills even for looking into it",
        "2.4 Whether a request is part of the scope … goes ahead.",
    ),
    risk(
        "document.deadline_passed",
        "M1 lies four weeks before the day of signature",
        "M1 | Discovery report | 12 January 2026",
    ),
    risk(
        "acceptance.deemed",
        "Silence for three working days or a trial run is acceptance",
        "4.2 A Deliverable of which Corvane has heard nothing … such a use.",
    ),
    risk(
        "document.figures_do_not_add_up",
        "The items come to EUR 130,000, the total says 135,000",
        "Total | 137 | EUR 135,000",
    ),
    risk(
        "payment.terms",
        "Sixty per cent before any work, and everything before go-live",
        "5.2 Sixty per cent … the balance at M3.",
    ),
    risk(
        "ip.joint_ownership",
        "Both own the results, and the supplier may license them to competitors",
        "7.1 Software, designs … what it earns.",
    ),
    risk(
        "restriction.no_solicit_employees",
        "No offers to the other's team, mutual",
        "6.2 During this project … project team.",
    ),
    risk(
        "document.missing_attachment",
        "The acceptance criteria stand in an annex that is not there",
        "the acceptance criteria in Annex C",
        "Annex A (screens) and Annex B (interfaces) are attached to this Statement of Work.",
    ),
)

_MUST_NOT_FLAG = (
    neutral(
        "term.termination_for_convenience",
        "Mutual, and only work done is paid",
        "9.1 Either party … nothing further is owed.",
    ),
    harmless("liability.warranty_disclaimer", "Six months' warranty", "8.1 For six months … reports."),
    neutral("liability.cap", "The framework's limits, equal for both", "8.2 The limits … Statement of Work."),
    harmless("scope.unclear", "What is out of scope is said", "2.3 Not in scope: … customers."),
    harmless("ip.perpetual_licence", "A licence for the client", "7.2 Standard components … further charge."),
    harmless("acceptance.deemed", "Defects are put right at no cost", "Corvane puts defects right … again."),
)

_ABSENT = (
    "liability.uncapped",
    "liability.liquidated_damages",
    "indemnity.broad",
    "restriction.non_compete",
    "restriction.exclusivity",
    "commercial.minimum_commitment",
    "commercial.most_favoured_nation",
    "control.change_of_control",
    "ip.assignment",
    "term.auto_renewal",
    "term.unilateral_change",
    "compliance.audit_rights",
    "document.outlier",
    "document.addresses_ai",
)


def document() -> HouseDocument:
    return HouseDocument(
        id="house-statement-of-work",
        title="Statement of work no. 3, Corvane and Lindqvist & Holm",
        doc_type=DocumentType.STATEMENT_OF_WORK,
        file="sow-3-warehouse-portal.docx",
        content=word(
            _TEXT, title="Statement of Work No. 3", author="Corvane Digital GmbH", header="Corvane – SOW 3"
        ),
        perspective="client",
        level=RiskLevel.MEDIUM,
        expected=_EXPECTED,
        must_not_flag=_MUST_NOT_FLAG,
        labelled_absent=_ABSENT,
        facts={
            "parties": ["Corvane Digital GmbH", "Lindqvist & Holm A/S"],
            "dates": {"signed": "9 February 2026", "go-live": "10 July 2026"},
            "money": ["EUR 38,000", "EUR 64,500", "EUR 27,500", "EUR 135,000", "EUR 950 per day"],
            "notice_period": "thirty days' written notice at the end of a month",
        },
    )
