"""A managed hosting agreement: mostly ordinary, with its teeth in cross references."""

from __future__ import annotations

from evaluation.datasets.house.making.labels import HouseDocument, harmless, neutral, risk
from evaluation.datasets.house.making.pdf import pdf

from smallprint.models.domain import DocumentType, RiskLevel

_TEXT = """
# MANAGED HOSTING SERVICES AGREEMENT

^ dated 16 March 2026

^ between BRACKENFOLD SYSTEMS LIMITED and ALDERMOOR HOUSING ASSOCIATION LIMITED

## Parties

(1) Brackenfold Systems Limited, a company incorporated in England and Wales whose registered office is at 4 Tannery Wharf, Leeds (the "Supplier"); and

(2) Aldermoor Housing Association Limited, a registered society whose registered office is at Aldermoor House, 18 Minster Row, Lincoln (the "Customer").

## 1. Interpretation

1.1 In this agreement "Anniversary" means each anniversary of the Commencement Date; "Charges" means the charges set out in Schedule 2; "Commencement Date" means 1 April 2026; "Contract Year" means a period of twelve months beginning on the Commencement Date or on an Anniversary; "Customer Material" means all data, software and other material that the Customer or its tenants place on the Platform; "Portal" means the Supplier's customer website; "Services" means the hosting, back-up and support services described in the Service Description; and "Service Description" means the document of that name in Schedule 1.

1.2 The Schedules form part of this agreement. If a Schedule and a clause disagree, the clause prevails.

## 2. Duration

2.1 This agreement starts on the Commencement Date and runs for an initial period of thirty-six months.

2.2 After that period this agreement shall automatically renew for successive periods of thirty-six months, unless either party gives the other written notice of non-renewal at least four months before the end of the then current period.

2.3 Either party may terminate this agreement at once by written notice if the other commits a material breach and, where the breach can be put right, has not done so within thirty days of being asked to.

## 3. The Services

3.1 The Supplier shall provide the Services with reasonable skill and care, using suitably qualified staff, from data centres in the United Kingdom.

3.2 The Supplier may revise the Service Description from time to time. A revision takes effect when it is placed on the Portal, and it is for the Customer to look there.

3.3 The Supplier shall meet the Service Levels in Schedule 1. The credits set out there are the sole and exclusive remedy of the Customer for a failure to meet a Service Level, however long the interruption and whatever its cause.

3.4 The Supplier shall take a back-up of Customer Material every night, keep each back-up for thirty-five days and test a restoration at least once in each calendar quarter.

## 4. Charges and payment

4.1 The Customer shall pay the Charges within thirty days of the date of a valid invoice. Invoices are issued monthly in arrears.

4.2 If the Customer disputes an invoice in good faith it may hold back the disputed part while the parties follow clause 12, and shall pay the rest.

4.3 Sums not paid when due carry interest at four per cent a year above the base rate of the Bank of England, from the due date until payment.

4.4 On each 1 April the Charges go up by six per cent or by the change in the Consumer Prices Index over the preceding calendar year plus three percentage points, whichever gives the higher figure.

4.5 Should this agreement come to an end before the third Anniversary for whatever reason other than termination by the Customer under clause 2.3, every Charge that would have fallen due up to that Anniversary becomes payable there and then, without allowance for costs that the Supplier no longer has.

## 5. Data protection

5.1 Where the Supplier processes personal data on the Customer's behalf it does so only on the Customer's documented instructions, under the data processing terms in Schedule 3, and shall tell the Customer of a personal data breach without undue delay and in any case within twenty-four hours of becoming aware of it.

5.2 The Supplier shall not move personal data outside the United Kingdom without the Customer's prior written consent.

## 6. Customer Material

6.1 The Customer keeps all rights in Customer Material. The Supplier may use it only to provide the Services.

6.2 The Customer answers for Customer Material. The Customer shall indemnify the Supplier on demand against all claims, losses and expenses that arise from Customer Material, including sums that the Supplier sees fit to pay in settlement and the cost of its own staff time.

## 7. Confidentiality

7.1 Each party shall keep the other's confidential information secret, use it only for the purposes of this agreement and disclose it only to those of its staff and advisers who need it and are bound to keep it secret. This does not apply to information that is public other than through a breach, that was already lawfully known to the recipient, or that the law requires to be disclosed. This clause binds both parties for three years after this agreement ends.

## 8. Liability

8.1 Nothing in this agreement limits or excludes liability for death or personal injury caused by negligence, for fraud or fraudulent misrepresentation, or for anything else for which liability cannot lawfully be limited.

8.2 Subject to clause 8.1, neither party is liable to the other for loss of profit or for any indirect or consequential loss.

8.3 Subject to clauses 8.1 and 8.4, the total liability of each party to the other arising in a Contract Year, whether in contract, tort (including negligence) or otherwise, is limited to 125 per cent of the Charges paid or payable for that Contract Year.

8.4 Clauses 8.2 and 8.3 leave untouched what the Customer owes under clauses 4.5 and 6.2.

8.5 Throughout this agreement the Supplier shall maintain professional indemnity insurance of at least £5,000,000 for each claim and shall show the Customer evidence of it once a year on request.

## 9. Transfer and change of ownership

9.1 Neither party may assign or transfer this agreement without the other's prior written consent, which is not to be unreasonably withheld or delayed, save that either may assign it to a company of its own group on written notice.

9.2 If the Customer undergoes a change of control, which includes a merger with another registered provider, the Supplier may terminate this agreement on twenty-eight days' notice; clause 4.5 then applies.

## 10. Exit

10.1 When this agreement ends the Supplier shall, for up to three months and at the day rates in Schedule 2, give the help that the Customer reasonably asks for in moving the Services elsewhere, and shall hand over Customer Material in a commonly used format free of charge.

## 11. Events outside a party's control

11.1 Neither party is in breach for as long as an event that it could not reasonably have foreseen or avoided keeps it from performing. If this lasts for more than sixty days the other may terminate this agreement on written notice.

## 12. Disputes, law and general

12.1 The parties' senior managers shall meet within ten working days of a written request to settle any dispute. If they do not succeed, either party may propose mediation. Nothing in this clause keeps a party from going to court.

12.2 A person who is not a party has no right under the Contracts (Rights of Third Parties) Act 1999 to enforce any term of this agreement.

12.3 Except as clause 3.2 allows, a variation is valid only if it is in writing and signed by both parties.

12.4 This agreement is governed by the law of England and Wales, and the courts of England and Wales have jurisdiction over any dispute arising from it.

## Schedule 1: Service Description and Service Levels (extract)

| Service Level | Target | Credit |
| Availability of the Platform in a calendar month | 99.7 % | 2 % of the monthly Charge for each full 0.5 % below the target, up to 10 % |
| Response to a priority 1 incident | 30 minutes, at all hours | 1 % of the monthly Charge for each miss, up to 5 % |
| Restoration from back-up | 8 hours | none |

## Schedule 2: Charges (extract)

| Item | Charge |
| Platform and back-up | £7,850 per month |
| Service desk | £1,900 per month |
| Help beyond the Services | £780 per day |

The Charges above assume that the Customer takes the Services for not less than forty-eight months from the Commencement Date.
"""

_EXPECTED = (
    risk(
        "term.auto_renewal",
        "Renews for three more years unless somebody objects in time",
        "2.2 After that period … then current period.",
    ),
    risk(
        "term.renewal_notice",
        "Four months' notice is needed to stop the renewal",
        "unless either party gives … then current period",
    ),
    risk(
        "term.unilateral_change",
        "The supplier rewrites what it has to deliver by posting it",
        "3.2 The Supplier may revise … to look there.",
    ),
    risk(
        "liability.cap",
        "Service credits, at most 15 % of a month, are the only remedy for an outage",
        "The credits set out there are the sole … whatever its cause.",
    ),
    risk(
        "liability.cap",
        "Mutual, above a year's charges: usual, worth knowing",
        "8.3 Subject to … for that Contract Year.",
        level="low",
    ),
    risk(
        "commercial.price_increase",
        "At least six per cent more every year, whatever inflation is",
        "4.4 On each 1 April … the higher figure.",
    ),
    risk(
        "liability.liquidated_damages",
        "All remaining charges fall due when it ends early, even without the customer's fault",
        "4.5 Should this agreement … no longer has.",
    ),
    risk(
        "indemnity.broad",
        "An indemnity also for what the supplier chooses to pay",
        "The Customer shall indemnify … staff time.",
    ),
    risk(
        "liability.uncapped",
        "The customer's two largest risks stand outside the cap, by reference",
        "8.4 Clauses 8.2 and 8.3 leave untouched what the Customer owes under clauses 4.5 and 6.2.",
    ),
    risk(
        "control.change_of_control",
        "A merger of the customer lets the supplier leave and collect the remaining charges",
        "9.2 If the Customer undergoes … clause 4.5 then applies.",
    ),
    risk(
        "document.contradiction",
        "36 months in the clause, 48 in the schedule",
        "2.1 This agreement starts on the Commencement Date and runs for an initial period of thirty-six months.",
        "The Charges above assume … the Commencement Date.",
    ),
)

_MUST_NOT_FLAG = (
    harmless("liability.uncapped", "What the law forbids to limit", "8.1 Nothing in this … be limited."),
    harmless("payment.late_interest", "Below the statutory rate", "4.3 Sums not paid … until payment."),
    neutral(
        "control.anti_assignment", "Mutual, consent not unreasonably withheld", "9.1 Neither party … notice."
    ),
    harmless(
        "term.termination_for_convenience", "Mutual, for a breach", "2.3 Either party may … being asked to."
    ),
    harmless("dispute.jurisdiction", "The parties' own courts", "12.4 This agreement … arising from it."),
    harmless(
        "third_party.beneficiary", "Rights of strangers excluded", "12.2 A person who … this agreement."
    ),
    neutral("compliance.insurance", "The supplier is insured", "8.5 Throughout this … on request."),
    neutral("term.post_termination_obligations", "Help at the exit", "10.1 When this agreement … of charge."),
)

_ABSENT = (
    "restriction.non_compete",
    "restriction.exclusivity",
    "restriction.no_solicit_customers",
    "restriction.no_solicit_employees",
    "restriction.non_disparagement",
    "commercial.most_favoured_nation",
    "commercial.revenue_share",
    "control.right_of_first_refusal",
    "ip.assignment",
    "ip.joint_ownership",
    "ip.perpetual_licence",
    "ip.covenant_not_to_sue",
    "compliance.audit_rights",
    "dispute.binding_arbitration",
    "dispute.confession_of_judgment",
    "payment.personal_guarantee",
    "document.addresses_ai",
)


def document() -> HouseDocument:
    return HouseDocument(
        id="house-services-agreement",
        title="Managed hosting services agreement, Brackenfold and Aldermoor",
        doc_type=DocumentType.CONTRACT,
        file="services-agreement.pdf",
        content=pdf(
            _TEXT,
            title="Managed Hosting Services Agreement",
            author="Brackenfold Systems Limited",
            foot="Brackenfold / Aldermoor – Managed Hosting Services Agreement",
        ),
        perspective="customer",
        level=RiskLevel.HIGH,
        expected=_EXPECTED,
        must_not_flag=_MUST_NOT_FLAG,
        labelled_absent=_ABSENT,
        facts={
            "parties": ["Brackenfold Systems Limited", "Aldermoor Housing Association Limited"],
            "dates": {"signed": "16 March 2026", "start": "1 April 2026"},
            "money": ["£7,850 per month", "£1,900 per month", "£780 per day", "£5,000,000"],
            "notice_period": "at least four months before the end of the then current period",
            "governing_law": "England and Wales",
        },
    )
