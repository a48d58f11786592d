"""A friendly letter in which there is nothing to find."""

from __future__ import annotations

import textwrap
from email.message import EmailMessage
from email.policy import SMTP

from evaluation.datasets.house.making.labels import HouseDocument, harmless

from smallprint.models.domain import DocumentType, RiskLevel

_HEADERS = {
    "From": "Marguerite Oakes <m.oakes@thistledown-stationers.example>",
    "To": "Ben Achterberg <ben@achterberg-architecten.example>",
    "Subject": "New opening hours and a new telephone number from January",
    "Date": "Mon, 30 Nov 2026 09:12:00 +0000",
    "Message-ID": "<20261130091200.4711@thistledown-stationers.example>",
}

_TEXT = """
Dear Mr Achterberg,

Thank you for another good year. It was a pleasure to supply the paper for your competition drawings, and we were delighted to read that you won.

Two small things change in January. Our counter in York will be open from half past eight to half past five, Monday to Friday, half an hour longer than today. And we have a new telephone number, 01904 496 0112. The old one keeps working until the end of March and will then play a message with the new one.

Everything else stays as it is. You order when you need something and are not obliged to order anything. Prices are those of the catalogue that you have, until the end of 2027. You pay within thirty days of the invoice, to the account you know; should anybody ever write to you about a different account, please ring us first. What you do not like you may send back within thirty days, and we pay the postage.

We keep your address and your orders so that we can deliver and invoice, and show them to nobody else.

We are closed from 24 December to 1 January. Orders that reach us by noon on 22 December leave on the same day.

With best wishes for the holidays, to the whole office and to the dog,

Marguerite Oakes
Thistledown Stationers Limited, York
"""

_MUST_NOT_FLAG = (
    harmless("commercial.minimum_commitment", "Nothing need be ordered", "You order when you need … order anything."),
    harmless("payment.terms", "Thirty days, and a warning of fraud", "You pay within thirty days … ring us first."),
    harmless("privacy.third_party_sharing", "Shown to nobody", "We keep your address … nobody else."),
    harmless("acceptance.deemed", "May be sent back", "What you do not like … the postage."),
    harmless("term.unilateral_change", "Longer hours", "Our counter in York … than today."),
)  # fmt: skip

_ABSENT = (
    "commercial.minimum_commitment",
    "payment.terms",
    "privacy.third_party_sharing",
    "acceptance.deemed",
    "term.unilateral_change",
    "term.auto_renewal",
    "liability.cap",
    "document.addresses_ai",
    "document.hidden_text",
    "document.contradiction",
    "document.missing_attachment",
    "document.blank_or_placeholder",
    "document.unsupported_claim",
)


def _mail() -> bytes:
    message = EmailMessage(policy=SMTP)
    for name, value in _HEADERS.items():
        message[name] = value
    paragraphs = _TEXT.strip().split("\n\n")
    *body, signature = paragraphs
    text = "\n\n".join([*(textwrap.fill(paragraph, 76) for paragraph in body), signature])
    message.set_content(text + "\n", cte="quoted-printable")
    return message.as_bytes()


def document() -> HouseDocument:
    return HouseDocument(
        id="house-letter",
        title="Letter of Thistledown Stationers",
        doc_type=DocumentType.OTHER,
        file="new-opening-hours.eml",
        content=_mail(),
        perspective="customer",
        level=RiskLevel.LOW,
        must_not_flag=_MUST_NOT_FLAG,
        labelled_absent=_ABSENT,
        facts={
            "parties": ["Thistledown Stationers Limited"],
            "dates": {"old number until": "the end of March"},
            "notice_period": "within thirty days of the invoice",
        },
    )
