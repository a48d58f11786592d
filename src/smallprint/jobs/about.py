"""What people say to us that is about no document, and what we answer without an AI: thanks, and questions about ourselves
in the words that Slack suggests to them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from smallprint.errors import FORMATS

ABOUT: Mapping[str, str] = {
    "what_i_read": f"I read {FORMATS}, canvases and posts of Slack too. I look for what you should know before you rely on a"
    " document: liability, terms and renewals, payment, data, intellectual property, what contradicts itself, what is"
    " missing that is usually there, and text that is hidden or speaks to an AI. Send me a document here, or share it in a"
    " channel I'm in, and ask me about it in its thread.",
    "how_i_check": "A program, not an AI, looks every quotation up in the document; what is not there word for word, or"
    " nearly, is never shown as a quotation. A second AI reads the document and judges every finding without knowing the"
    " first one's opinion, and you see where they disagree. All the same, an AI wrote it: check what you rely on.",
    "what_i_keep": "I keep results, questions and answers, what they cost, and ids, for as long as this installation says;"
    " never the document itself. The document goes to the AI that reads it. To have one forgotten, delete it in Slack or"
    " use “/smallprint forget” with its link.",
    "welcome": "You're welcome. Ask me more about the document whenever you like.",
}
_ASKED = {
    "what can you read": "what_i_read",
    "how do you check yourself": "how_i_check",
    "how do you make sure that a quotation": "how_i_check",
    "what do you store": "what_i_keep",
}
_COURTESIES = frozenset(
    {"thanks", "thank you", "many thanks", "thanks a lot", "thank you very much", "thx", "ty", "cheers", "ok", "okay",
     "great", "perfect", "danke", "vielen dank", "merci", "gracias", "grazie", "obrigado", "obrigada", "dank je"}
)  # fmt: skip


def courtesy(said: str) -> str:
    """A code of ABOUT for words that ask nothing; empty for anything else."""
    words = " ".join(re.findall(r"\w+", said.casefold()))
    return "welcome" if words in _COURTESIES else ""


def about(question: str) -> str:
    """A code of ABOUT; empty for any other question."""
    said = question.casefold().strip()
    return next((code for words, code in _ASKED.items() if said.startswith(words)), "")
