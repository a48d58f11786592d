"""The terms of a service that prints photographs, in the chatty voice of such pages."""

from __future__ import annotations

from evaluation.datasets.house.making.labels import HouseDocument, harmless, risk
from evaluation.datasets.house.making.page import page

from smallprint.models.domain import DocumentType, RiskLevel

_TEXT = """
# Larkpost terms of use

^ In force from 1 March 2026

Hello! Larkpost prints your photographs and posts them to the people you love. These terms are the contract between you and Larkpost Limited, 5 Sandpiper Quay, Whitby ("Larkpost", "we"). Please read them.

## 1. Your account

You need to be 18 or over. Keep your password to yourself and tell us if somebody else has it. You can close your account in the settings whenever you like.

We may suspend or terminate your account, and delete the pictures kept in it, at any time, for any reason and without notice. Prints that you have paid for but not yet ordered then lapse.

## 2. Plans and prices

A plan gives you a number of prints each month for a fixed price, which you see with tax and postage before you pay. If you have ordered by mistake, you have fourteen days to change your mind and get all your money back for prints that we have not made yet.

Your plan runs for twelve months and renews automatically for another twelve, and we charge the card on file, unless you cancel at least six weeks before it ends.

If we want to change the price of your plan, we write to you at least thirty days before, and you may leave free of charge before the new price starts.

## 3. Your pictures

Your pictures are yours. So that we can print them you allow us to copy, crop and send them.

You also let us, and companies that we choose, show your pictures and the names of people in them wherever we tell the world about Larkpost, in any medium, changed or unchanged, without paying you, for as long as copyright lasts. Closing your account makes no difference to this.

You will not ask to be named as the one who took a picture, nor mind what is done to it.

Don't send us pictures that break the law or that belong to somebody who has not agreed. If a picture seems unlawful we will ask you about it before we do anything else, unless a court or the police tell us otherwise.

## 4. Prints that go wrong

If a print is faulty, late or not as we described it, tell us and we will print it again or give you your money back, as you prefer. The law gives you rights about goods and services, and nothing in these terms takes them away.

## 5. The service

We work to keep Larkpost open around the clock. We may drop any part of it, or all of it, on any day; storage that you have paid for ahead is then not made up for.

Beyond what section 4 says, whatever comes of using Larkpost, be it the loss of every picture you have entrusted to us, is something that you take upon yourself, even where we could have prevented it.

Nothing here limits what we owe for death or injury caused by our carelessness, or for fraud.

## 6. Claims by others

You agree to indemnify us against every claim, loss and expense, the fees of lawyers of our choice included, that arises from what you upload, write or do, whether or not you are to blame.

## 7. Changes

We may change these terms at any time by posting a new version on this page. If you continue to use Larkpost, you accept it.

## 8. If we fall out

Talk to us first: most things are settled within a week by help@larkpost.example.

If that fails, the matter goes to a single neutral person from the Whitby Panel of Neutrals, who decides once and for all, in place of a judge. Each of us brings our own grievance only, and never joins it to that of other people.

English law applies. If you live in Scotland, Northern Ireland or another country of Europe, you keep the protection of the consumer law of your home.

## 9. Privacy

Our privacy notice says what we do with information about you. We don't sell it.
"""

_EXPECTED = (
    risk(
        "consumer.account_termination",
        "Accounts and pictures go without warning or reason, paid prints lapse",
        "We may suspend or terminate your account … then lapse.",
    ),
    risk(
        "term.auto_renewal",
        "Another twelve months begin by themselves",
        "Your plan runs for twelve months … before it ends.",
    ),
    risk(
        "term.renewal_notice",
        "Six weeks' notice to leave",
        "unless you cancel at least six weeks before it ends",
    ),
    risk(
        "consumer.content_licence",
        "Pictures and names in advertising, for ever, free of charge",
        "You also let us, and companies … no difference to this.",
    ),
    risk(
        "ip.moral_rights",
        "The photographer gives up being named and objecting",
        "You will not ask to be named … done to it.",
    ),
    risk(
        "consumer.service_discontinuation",
        "The service may end any day, without a refund of storage",
        "We may drop any part of it … made up for.",
    ),
    risk(
        "consumer.no_liability",
        "No answer for lost pictures, even where it is their fault",
        "Beyond what section 4 says … prevented it.",
    ),
    risk(
        "consumer.indemnity",
        "The consumer pays the company's lawyers without being to blame",
        "You agree to indemnify us … to blame.",
    ),
    risk(
        "consumer.changes",
        "New terms bind whoever comes back, without a notice",
        "We may change these terms … you accept it.",
    ),
    risk(
        "dispute.binding_arbitration",
        "Arbitration without the word, by the company's local panel",
        "If that fails, the matter goes … place of a judge.",
    ),
    risk(
        "dispute.class_action_waiver",
        "No joint claims",
        "Each of us brings our own grievance only … other people.",
    ),
)

_MUST_NOT_FLAG = (
    harmless("consumer.account_termination", "You may leave at any time", "You can close your account … you like."),
    harmless("payment.terms", "Fourteen days to withdraw", "If you have ordered by mistake … made yet."),
    harmless("consumer.changes", "A price change with notice and a way out", "If we want to change … price starts."),
    harmless("consumer.content_licence", "What printing needs", "So that we can print them you allow us to copy, crop and send them."),
    harmless("consumer.content_removal", "Asked before anything is removed", "If a picture seems unlawful … otherwise."),
    harmless("consumer.no_liability", "The consumer's rights stand", "The law gives you rights … takes them away."),
    harmless("liability.uncapped", "What the law forbids to limit", "Nothing here limits … for fraud."),
    harmless("dispute.jurisdiction", "The law of the home stays", "If you live in Scotland … your home."),
    harmless("privacy.third_party_sharing", "Nothing is sold", "We don't sell it."),
)  # fmt: skip

_ABSENT = (
    "consumer.content_removal",
    "consumer.username",
    "consumer.feedback",
    "dispute.jurisdiction",
    "dispute.shortened_limitation",
    "privacy.tracking",
    "privacy.location",
    "privacy.third_party_sharing",
    "restriction.non_compete",
    "restriction.exclusivity",
    "document.addresses_ai",
)


def document() -> HouseDocument:
    return HouseDocument(
        id="house-consumer-terms",
        title="Terms of use of Larkpost",
        doc_type=DocumentType.CONTRACT,
        file="larkpost-terms.html",
        content=page(
            _TEXT, title="Terms of use", site="Larkpost Limited", links=("Shop", "Plans", "Help", "Privacy")
        ),
        perspective="consumer",
        level=RiskLevel.HIGH,
        expected=_EXPECTED,
        must_not_flag=_MUST_NOT_FLAG,
        labelled_absent=_ABSENT,
        facts={
            "parties": ["Larkpost Limited"],
            "dates": {"in force": "1 March 2026"},
            "notice_period": "at least six weeks before it ends",
        },
    )
