"""A vendor's answers to a security questionnaire: short, confident, with the bad news in the third column."""

from __future__ import annotations

from evaluation.datasets.house.making.labels import HouseDocument, harmless, neutral, risk
from evaluation.datasets.house.making.workbook import Sheet, workbook

from smallprint.models.domain import DocumentType, RiskLevel

_COVER = Sheet(
    rows=(
        ("Vendor security questionnaire",),
        ("Vendor", "Plinth Payroll Limited, Cardiff"),
        ("Service", "Plinth Cloud: payroll and absence records"),
        ("Asked by", "Ferrand Médical SAS, Lyon"),
        ("Completed by", "Rhys Penhallow, Head of Operations"),
        ("Date", "2 March 2026"),
        ("How to answer", "Yes, No, Partly, Planned or N/A, and a comment wherever the answer is not Yes."),
        (
            "Statement",
            "Plinth takes security extremely seriously: our protection is bank-grade and we are fully compliant with every applicable law.",
        ),
    ),
    widths=(18, 90),
    bold_rows=frozenset({0}),
)

_QUESTIONS = Sheet(
    rows=(
        ("No.", "Question", "Answer", "Comment"),
        ("1.1", "Is there an information security policy approved by management?", "Yes", "Reviewed every January."),
        ("1.2", "Is there a named person responsible for information security?", "Yes", "Head of Operations."),
        ("1.3", "Are staff screened before they start and trained every year?", "Yes", "References and right to work are checked; e-learning with a test."),
        ("1.4", "Which certificates do you hold?", "Yes", "ISO/IEC 27001:2022, certificate IS 58812, valid until 31 January 2026."),
        ("2.1", "Is customer data encrypted in transit?", "Yes", "TLS 1.2 or higher everywhere."),
        ("2.2", "Is customer data encrypted at rest?", "Partly", "The database is. Nightly copies on the backup appliance and the exports for the bank are kept in the clear so that a restore stays quick."),
        ("2.3", "Is customer data of different customers kept apart?", "Yes", "One schema for each customer."),
        ("3.1", "Is multi-factor authentication enforced for customers' users?", "Yes", "App or hardware key; customers cannot switch it off."),
        ("3.2", "Is multi-factor authentication enforced for your own administrators?", "Planned", "On the roadmap for the fourth quarter. Until then the two administrators share a strong password, changed every 90 days."),
        ("3.3", "Are leavers' accounts closed on their last day?", "Yes", "By a ticket from HR; checked monthly."),
        ("4.1", "When was the last penetration test by an independent party, and may we see the summary?", "N/A", "Our developers run a scanner before each release, which we find more thorough."),
        ("4.2", "Are critical patches installed within 14 days?", "Yes", "Usually within 72 hours."),
        ("4.3", "Are backups restored as a test at least once a year?", "Yes", "Every quarter; last test 14 January 2026."),
        ("5.1", "Do you have a written plan for security incidents, rehearsed in the last 12 months?", "No", "We are a small team and know what to do. Whoever is on call decides."),
        ("5.2", "Within how many hours do you tell customers of a breach of their data?", "Yes", "24 hours from discovery, by telephone and e-mail."),
        ("6.1", "Does all customer data stay in the European Economic Area or the United Kingdom?", "Yes", "All of it."),
        ("6.2", "Do you tell customers before a new subcontractor gets access to their data?", "No", "The list in the next sheet is current at the time of writing and may be asked for at any time."),
        ("6.3", "Is there a written contract under Article 28 GDPR with each subcontractor?", "Partly", "With the larger ones."),
        ("7.1", "Is data deleted at the end of the contract?", "Yes", "Within 30 days, confirmed in writing."),
        ("7.2", "What is your recovery time objective?", "tbc", ""),
    ),
    widths=(6, 60, 10, 80),
    bold_rows=frozenset({0}),
)  # fmt: skip

_SUBCONTRACTORS = Sheet(
    rows=(
        ("Subcontractor", "What it does", "Where", "Contract under Article 28"),
        ("Skerry Hosting ApS", "Hosting of the database", "Odense, Denmark", "Yes"),
        ("Tallow Print GmbH", "Printing of payslips", "Kassel, Germany", "Yes"),
        ("Brightdesk Inc.", "Support tickets with payslips attached", "Austin, Texas", "No"),
        ("Loggia Analytics LLC", "Application logs with names and bank details", "Ashburn, Virginia", "No"),
    ),
    widths=(26, 50, 24, 26),
    bold_rows=frozenset({0}),
)

_EXPECTED = (
    risk(
        "security.certificate_expired",
        "The certificate ran out a month before the answers were given",
        "ISO/IEC 27001:2022, certificate IS 58812, valid until 31 January 2026.",
    ),
    risk(
        "security.no_encryption",
        "Backups and bank files are not encrypted, behind a 'Partly'",
        "Nightly copies on the backup appliance … stays quick.",
    ),
    risk(
        "security.no_mfa",
        "Administrators have no second factor and share a password",
        "Until then the two administrators share a strong password, changed every 90 days.",
    ),
    risk(
        "security.no_pen_test",
        "No independent test, behind an 'N/A'",
        "Our developers run a scanner before each release, which we find more thorough.",
    ),
    risk(
        "security.no_incident_process",
        "No plan for incidents",
        "We are a small team and know what to do. Whoever is on call decides.",
    ),
    risk(
        "security.subprocessors",
        "New subcontractors without notice, some without a contract",
        "The list in the next sheet is current at the time of writing and may be asked for at any time.",
        "With the larger ones.",
    ),
    risk(
        "security.data_location",
        "Names, bank details and payslips are in the United States",
        "Application logs with names and bank details … Ashburn, Virginia",
        "Support tickets with payslips attached … Austin, Texas",
    ),
    risk(
        "document.contradiction",
        "'All of it' stays in Europe, says 6.1; the list of subcontractors says otherwise",
        "Does all customer data stay in the European Economic Area or the United Kingdom? … All of it.",
        "Brightdesk Inc.",
    ),
    risk(
        "document.unsupported_claim",
        "Big words with nothing behind them",
        "our protection is bank-grade and we are fully compliant with every applicable law",
        level="low",
    ),
    risk(
        "document.blank_or_placeholder",
        "The recovery time is not answered",
        "What is your recovery time objective? | tbc",
    ),
)

_MUST_NOT_FLAG = (
    harmless("security.no_encryption", "Encrypted on the way", "TLS 1.2 or higher everywhere."),
    harmless("security.no_mfa", "Customers' users have it", "App or hardware key; customers cannot switch it off."),
    harmless("incident.late_notification", "Told within a day", "24 hours from discovery, by telephone and e-mail."),
    harmless("security.no_incident_process", "Backups are tested", "Every quarter; last test 14 January 2026."),
    harmless("privacy.retention", "Deleted within 30 days", "Within 30 days, confirmed in writing."),
    neutral("security.subprocessors", "A European host with a contract", "Hosting of the database"),
)  # fmt: skip

_ABSENT = (
    "privacy.retention",
    "incident.late_notification",
    "incident.repeat",
    "document.figures_do_not_add_up",
    "document.formula_error",
    "document.hidden_text",
    "document.missing_attachment",
    "document.addresses_ai",
    "liability.cap",
)


def document() -> HouseDocument:
    return HouseDocument(
        id="house-security-questionnaire",
        title="Security questionnaire answered by Plinth Payroll",
        doc_type=DocumentType.SECURITY_QUESTIONNAIRE,
        file="vendor-security-questionnaire.xlsx",
        content=workbook(
            {"Cover": _COVER, "Questionnaire": _QUESTIONS, "Subcontractors": _SUBCONTRACTORS},
            title="Vendor security questionnaire",
            author="Rhys Penhallow",
        ),
        perspective="customer of the vendor",
        level=RiskLevel.HIGH,
        expected=_EXPECTED,
        must_not_flag=_MUST_NOT_FLAG,
        labelled_absent=_ABSENT,
        facts={
            "parties": ["Plinth Payroll Limited", "Ferrand Médical SAS"],
            "dates": {"completed": "2 March 2026", "certificate until": "31 January 2026"},
        },
    )
