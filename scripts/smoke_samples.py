"""What `live_smoke` plants: statements about the sample agreement, true and false, and the mistakes of text recognition."""

from __future__ import annotations

from smallprint.models.domain import Finding, Quotation, RiskLevel

FALSE_STATEMENTS = (
    ("The initial term is twelve months.", "The initial term is thirty-six (36) months"),
    ("The customer can leave with thirty days' notice.", "The Customer has no right to terminate"),
    ("Fees are fixed for the whole term.", "The Supplier may increase the fees at any time"),
    ("The supplier's liability is unlimited.", "shall not exceed the fees paid in the one (1) month"),
    (
        "The customer's liability is capped at twelve months' fees.",
        "liability under this Agreement is unlimited",
    ),
    ("Interest on late payments is 15 % per month.", "Late payments bear interest at 1.5 % per month"),
    ("The supplier guarantees 99.5 % availability with credits.", "gives no right to a credit or refund"),
    ("Data stays within the European Union.", "may transfer data to any country"),
    ("The agreement is governed by German law.", "governed by the laws of Ireland"),
    ("Either party may assign the agreement freely.", "The Customer may not assign this Agreement"),
)
TRUE_STATEMENTS = (
    ("The agreement renews by itself for twenty-four months.", "twenty-four (24) months"),
    ("The supplier may use patients' data for any purpose.", "perpetual, irrevocable, worldwide licence"),
    (
        "The customer may not buy competing services for two years after the term.",
        "for two (2) years thereafter",
    ),
)
MISREADINGS = {"l": "1", "o": "0", "e": "c", "m": "rn"}  # as text recognition makes them
MISREAD_EVERY = 90
"""Letters between two misreadings."""


def a_finding(finding_id: str, statement: str, quotation: str) -> Finding:
    return Finding(finding_id, "other", statement, statement, "", "", RiskLevel.HIGH, (Quotation(quotation),))


def misread(text: str) -> str:
    """Every ninetieth letter or the next one that text recognition confuses."""
    out, since = [], 0
    for letter in text:
        since += 1
        wrong = MISREADINGS.get(letter) if since >= MISREAD_EVERY else None
        out.append(wrong or letter)
        since = 0 if wrong else since
    return "".join(out)
