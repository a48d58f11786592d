"""The privacy notice of a health app: friendly, exact about rights, vague where it matters."""

from __future__ import annotations

from evaluation.datasets.house.making.labels import HouseDocument, harmless, neutral, risk
from evaluation.datasets.house.making.page import page

from smallprint.models.domain import DocumentType, RiskLevel

_TEXT = """
# Privacy notice: how Tidewell looks after your information

^ Last updated on 9 February 2026

Tidewell is run by Tidewell Health Limited, Harbourside 12, Bristol, and, for members in the European Union, by Tidewell Health (Ireland) DAC, 30 Fitzgibbon Place, Dublin. When we say "we", we mean both. Each is the controller for its own members. You can write to our data protection officer, [name to be confirmed], at privacy@tidewell.example.

## The short version

- We ask only for what the app needs to work.

- What you tell us stays inside Tidewell. We do not pass it to anybody else.

- You can see, correct, download and delete your information at any time.

## What we ask you for

To open an account we need an e-mail address and the year in which you were born. A nickname will do; we don't need your real name. You decide what to write in your journal and which readings, such as weight, sleep or blood pressure, you enter or let your watch send us.

The app never asks for the whereabouts of your phone, your contacts or your photographs, and it works without them.

## What reaches us by other routes

If you joined through a health insurer or an employer's benefits scheme, we also receive information about you from these third parties, such as your membership tier, your claims history and how often you visit a gym, so that your programme fits you better.

## What we use it for

We use your information to show you your own trends, to let your coach advise you and to bill you. We rely on the contract with you for this, and on your explicit consent for information about your health. You can withdraw the consent in the settings, in one step, and we then stop.

## Conversations with your coach

Your coach is a qualified nutritionist or nurse. To keep standards high, members of our quality team open a sample of conversations each week, and the software that suggests replies learns from all of them.

## Companies that support the programme

Makers of medicines and foods help to keep Tidewell affordable. They do not receive your name. They can choose that an offer is shown to members of a certain age, with a certain condition or on a certain treatment, and they learn which of those members opened it. Universities and companies with which we work on studies receive journal entries and readings under a number instead of your name.

## Where it is kept

Your journal is kept on encrypted servers in Dublin. Your information may also be accessed from or stored in countries outside the United Kingdom and the European Union: the people who answer support requests at night sit in Manila, and the supplier that counts how features are used runs its machines in Virginia.

## How long we keep it

If you close your account, your profile disappears from the app on the same day. The journal and the readings behind it stay with us for such time as they may be of use to our work. Invoices are kept for six years because tax law says so, and then deleted.

## If Tidewell changes hands

In a merger, acquisition or sale of all or part of our business, your personal information may be transferred to the new owner, whose notice will then apply to it.

## Cookies on this website

This website sets one cookie, which keeps you signed in and is gone when you close the browser. There are no others, and nobody else's.

## Your rights

You may ask us for a copy of your information, for corrections, for deletion, for a restriction or for a file that you can take elsewhere, and you may object to what we do. We answer within one month and charge nothing. If you are unhappy with us you can complain to the Information Commissioner's Office or, in Ireland, to the Data Protection Commission.

## Security

Information is encrypted on its way and at rest. Staff sign in with two factors. If a breach is likely to put you at risk we will tell you without undue delay.

## Changes to this notice

We will send you an e-mail at least thirty days before a change that matters, and will ask for your consent again where the law requires it.
"""

_EXPECTED = (
    risk(
        "privacy.message_access",
        "Conversations about health are opened by staff, and all of them train software",
        "To keep standards high, members of our quality team … all of them.",
    ),
    risk(
        "privacy.third_party_sources",
        "Insurers and employers supply claims history and gym visits",
        "If you joined through a health insurer … fits you better.",
    ),
    risk(
        "privacy.advertising",
        "Makers of medicines aim offers by age, condition and treatment, and learn who opened them",
        "They can choose that an offer is shown … opened it.",
    ),
    risk(
        "privacy.third_party_sharing",
        "Journals and readings go to universities and companies under a number",
        "Universities and companies with which we work … instead of your name.",
    ),
    risk(
        "privacy.international_transfer",
        "Support in Manila and analytics in Virginia; no safeguard is named",
        "Your information may also be accessed from … Virginia.",
    ),
    risk(
        "privacy.retention",
        "Health data stays for an open time after the account is closed",
        "The journal and the readings behind it … our work.",
    ),
    risk(
        "privacy.business_transfer",
        "Records pass to a buyer, under the buyer's notice",
        "In a merger, acquisition or sale … apply to it.",
    ),
    risk(
        "document.contradiction",
        "'Stays inside Tidewell' against what the notice says of studies",
        "What you tell us stays inside Tidewell. We do not pass it to anybody else.",
        "receive journal entries and readings under a number instead of your name",
        level="high",
    ),
    risk(
        "document.blank_or_placeholder",
        "The data protection officer is not named",
        "[name to be confirmed]",
    ),
)

_MUST_NOT_FLAG = (
    harmless("privacy.location", "It does not ask for the location", "The app never asks … without them."),
    harmless("privacy.broad_collection", "Little is asked for", "To open an account … your real name."),
    harmless("privacy.tracking", "One cookie, which is needed", "This website sets … nobody else's."),
    harmless("privacy.retention", "Kept as tax law demands", "Invoices are kept … then deleted."),
    harmless("consumer.changes", "Told thirty days before", "We will send you an e-mail … requires it."),
    neutral(
        "privacy.broad_use", "Use for the service, by consent", "We use your information … we then stop."
    ),
    harmless("security.no_encryption", "Encrypted, two factors", "Information is encrypted … two factors."),
)

_ABSENT = (
    "privacy.location",
    "privacy.tracking",
    "privacy.broad_collection",
    "consumer.changes",
    "consumer.account_termination",
    "consumer.content_licence",
    "consumer.indemnity",
    "dispute.binding_arbitration",
    "dispute.class_action_waiver",
    "term.auto_renewal",
    "security.no_encryption",
    "security.no_mfa",
    "document.addresses_ai",
)


def document() -> HouseDocument:
    return HouseDocument(
        id="house-privacy-notice",
        title="Privacy notice of the Tidewell app",
        doc_type=DocumentType.PRIVACY_NOTICE,
        file="tidewell-privacy-notice.html",
        content=page(
            _TEXT,
            title="Privacy notice",
            site="Tidewell Health Limited",
            links=("Programmes", "Coaches", "Prices", "Help"),
        ),
        perspective="member of the app",
        level=RiskLevel.HIGH,
        expected=_EXPECTED,
        must_not_flag=_MUST_NOT_FLAG,
        labelled_absent=_ABSENT,
        facts={
            "parties": ["Tidewell Health Limited", "Tidewell Health (Ireland) DAC"],
            "dates": {"updated": "9 February 2026"},
            "notice_period": "thirty days before a change that matters",
        },
    )
