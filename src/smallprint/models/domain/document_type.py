"""What a document is to the people who share it. Frozen, plain, without I/O."""

from __future__ import annotations

from enum import StrEnum


class DocumentType(StrEnum):
    """Decides which checklist an analyst works through; a file's format is its `DocumentKind`."""

    CONTRACT = "contract"
    """Also leases, terms and conditions, licences, orders."""
    NDA = "nda"
    POLICY = "policy"
    """Rules of an organisation for its own people or users."""
    PRIVACY_NOTICE = "privacy_notice"
    """Also data processing agreements."""
    STATEMENT_OF_WORK = "statement_of_work"
    SECURITY_QUESTIONNAIRE = "security_questionnaire"
    FINANCIAL_REPORT = "financial_report"
    """Also budgets, forecasts and price lists."""
    PROPOSAL = "proposal"
    """Also board papers and business cases."""
    INCIDENT_REPORT = "incident_report"
    OTHER = "other"
