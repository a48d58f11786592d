"""What rules without AI find in every document, whoever analyses it: no model can be talked out of these."""

from __future__ import annotations

from smallprint.agents.hidden_text import find_hidden_text
from smallprint.agents.injection import find_instructions_to_ai
from smallprint.agents.tracked_changes import find_tracked_changes
from smallprint.models.domain import Document, Finding


def screen(document: Document) -> tuple[Finding, ...]:
    """Text that speaks to an AI (A1), text that readers cannot see (H1), changes that are not agreed yet (T1). Pure."""
    return (
        *find_instructions_to_ai(document),
        *find_hidden_text(document),
        *find_tracked_changes(document),
    )
