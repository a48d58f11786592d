"""A first quick look at a document. Frozen, plain, without I/O."""

from __future__ import annotations

from dataclasses import dataclass

from smallprint.models.domain.document_type import DocumentType
from smallprint.models.domain.finding import Quotation


@dataclass(frozen=True, slots=True)
class Triage:
    """What a cheap model makes of a document's beginning and end. It can add a finding, never take one away."""

    document_type: DocumentType
    language: str
    """English name of the document's main language: "German"; empty when unknown."""
    addressing_ai: tuple[Quotation, ...] = ()
    """Words that speak to an AI, unverified."""
