"""A board paper that asks for a yes today."""

from __future__ import annotations

from evaluation.datasets.house.making.labels import HouseDocument, harmless, lacks, neutral, risk
from evaluation.datasets.house.making.pdf import pdf

from smallprint.models.domain import DocumentType, RiskLevel

_TEXT = """
# Project Heron: purchase of Fenmarsh Cold Storage

^ Paper for the board of Saltmere Foods plc, meeting of 23 June 2026, item 7 – for decision

^ From: Caroline Dunmore, Director of Strategy

## 1. Decision asked for

The board is asked to approve the purchase of all shares in Fenmarsh Cold Storage Limited ("Fenmarsh") for £9.2 million and to authorise any two directors to sign. The sellers' offer of exclusive talks ends at midnight on the day of the meeting.

## 2. Why

Saltmere rents cold stores at eleven sites and pays £3.1 million a year for them. Fenmarsh owns two stores near Boston with 38,000 pallet places, 22 years of operation and a trained staff of 64. Owning capacity has been part of the strategy that the board approved in November 2024. Fenmarsh is beyond doubt the best run operator in the east of England, and customers everywhere prefer it.

With Fenmarsh the group would serve itself from 2027 and win outside customers for the rest of the space. The purchase pays for itself within four and a half years.

## 3. The business case

| Year to March, £ million | 2026 actual | 2027 | 2028 | 2029 |
| Revenue | 4.1 | 5.2 | 6.1 | 6.3 |
| Costs | 3.6 | 3.8 | 4.0 | 4.1 |
| Operating profit | 0.5 | 1.4 | 2.1 | 2.2 |

The figures rest on two movements. The stores, 71 per cent full on average over the past five years, are to be 95 per cent full by next March and to stay so. The price of electricity, hedged until December 2026 only, is taken to fall by a fifth in 2027. Operators of this size reached 78 per cent in the survey of the trade association in 2025.

## 4. Price and funding

| Use | £ million |
| Price of the shares | 9.2 |
| Refrigeration at the older store | 2.1 |
| Advisers, tax and integration | 0.6 |
| Total | 11.4 |

£7 million comes from the facility with the group's bank, which the bank has confirmed in writing; net debt then stands at 1.9 times EBITDA, against a covenant of 3.0. The rest comes from cash, of which £8.6 million was on deposit on 31 May 2026.

## 5. Diligence

Counsel have read the leases, the customer contracts and the employment terms and found nothing out of the ordinary; their report is in the board's electronic folder. The survey of the buildings and of the refrigeration plant is at Appendix 2 and will be sent round after the meeting.

The price was arrived at with the help of Marlpit Advisers LLP, who introduced the business. Marlpit, in which the author's husband is a partner, is paid £180,000 when the purchase completes and nothing if it does not.

## 6. Value

At a discount rate of 9 per cent, set by group finance for all projects, the net present value is £1.3 million. On the cash flows of Appendix 1 the outlay is earned back in the seventh year.

## 7. People

Fenmarsh's staff keep their terms under the transfer rules. Their representatives will be consulted from July, and no posts are to be cut.

## 8. Next steps

Signature on 24 June 2026, completion on 31 July 2026. The purchase needs no clearance by the competition authority, as counsel confirmed on 9 June 2026.

## Appendix 1: Cash flows (£ million)

| 2027 | 2028 | 2029 | 2030 | 2031 | 2032 | 2033 |
| 0.9 | 1.5 | 1.7 | 1.8 | 1.8 | 1.8 | 1.9 |
"""

_EXPECTED = (
    risk(
        "proposal.optimistic_assumption",
        "From 71 to 95 per cent full in a year, where the trade has 78, and cheaper power",
        "The stores, 71 per cent full … fall by a fifth in 2027.",
        level="high",
    ),
    risk(
        "proposal.conflict_of_interest",
        "The author's husband is paid only if the board says yes",
        "Marlpit, in which the author's husband … if it does not.",
    ),
    lacks(
        "proposal.missing_downside", "No case in which the stores stay as full as they are; no alternative"
    ),
    risk(
        "proposal.short_validity",
        "The board is to decide on the evening on which the offer ends",
        "The sellers' offer of exclusive talks ends at midnight on the day of the meeting.",
    ),
    risk(
        "document.figures_do_not_add_up",
        "9.2, 2.1 and 0.6 make 11.9, not 11.4",
        "Total | 11.4",
    ),
    risk(
        "document.contradiction",
        "Four and a half years in section 2, the seventh year in section 6",
        "The purchase pays for itself within four and a half years.",
        "the outlay is earned back in the seventh year",
    ),
    risk(
        "document.missing_attachment",
        "The survey is sent after the decision",
        "The survey of the buildings … sent round after the meeting.",
    ),
    risk(
        "document.unsupported_claim",
        "Praise without a source",
        "Fenmarsh is beyond doubt the best run operator … customers everywhere prefer it.",
        level="low",
    ),
)

_MUST_NOT_FLAG = (
    harmless("document.unsupported_claim", "The bank has confirmed", "£7 million comes from … covenant of 3.0."),
    harmless("document.missing_attachment", "Counsel's report is there", "Counsel have read … electronic folder."),
    harmless("document.unsupported_claim", "No clearance, says counsel", "The purchase needs no clearance … 9 June 2026."),
    neutral("proposal.optimistic_assumption", "The group's own rate", "At a discount rate … £1.3 million."),
    harmless("proposal.missing_downside", "Staff keep their terms", "Fenmarsh's staff keep … to be cut."),
)  # fmt: skip

_ABSENT = (
    "document.hidden_text",
    "document.formula_error",
    "document.blank_or_placeholder",
    "document.outlier",
    "document.addresses_ai",
    "liability.uncapped",
    "term.auto_renewal",
)


def document() -> HouseDocument:
    return HouseDocument(
        id="house-board-paper",
        title="Board paper of Saltmere Foods: Project Heron",
        doc_type=DocumentType.PROPOSAL,
        file="board-paper-project-heron.pdf",
        content=pdf(
            _TEXT,
            title="Project Heron",
            author="Saltmere Foods plc",
            foot="Saltmere Foods plc – Board, 23 June 2026, item 7 – Confidential",
            serif=False,
        ),
        perspective="member of the board",
        level=RiskLevel.HIGH,
        expected=_EXPECTED,
        must_not_flag=_MUST_NOT_FLAG,
        labelled_absent=_ABSENT,
        facts={
            "parties": ["Saltmere Foods plc", "Fenmarsh Cold Storage Limited", "Marlpit Advisers LLP"],
            "dates": {"meeting": "23 June 2026", "signature": "24 June 2026", "completion": "31 July 2026"},
            "money": ["£9.2 million", "£7 million", "£180,000"],
        },
    )
