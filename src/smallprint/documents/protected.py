"""Pages that stand in for a document: "please wait" of dynamic forms, "you need another reader" of rights management."""

from __future__ import annotations

import re

_LONGEST_PLACEHOLDER = 1_800
_PLACEHOLDERS = re.compile(
    r"if this message is not eventually replaced by the proper contents"
    r"|your pdf viewer may not be able to display this type of document"
    r"|please wait\W{0,10}if this message"
    r"|to view the full contents of this document, you need a later version of the pdf viewer"
    r"|this (?:pdf )?(?:document|file) (?:is|has been) protected (?:by|with|using) "
    r"(?:azure|microsoft|adobe|information rights|rights management|purview|irm|drm|fileopen|locklizard|vitrium)"
    r"|(?:document|file|message) with restricted permission"
    r"|content is rights[- ]managed",
    re.IGNORECASE,
)


def is_placeholder(text: str) -> bool:
    """True if the text of a whole document only says that this document can't be shown here."""
    return len(text) <= _LONGEST_PLACEHOLDER and bool(_PLACEHOLDERS.search(text))
