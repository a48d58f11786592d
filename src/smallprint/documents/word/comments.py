"""The comments of a Word file, with what they are about. Child process only.

Format: ECMA-376 part 1, §17.13.4; whether one is resolved, and which it answers: [MS-DOCX] §2.5.1 (commentsExtended).
"""

from __future__ import annotations

from smallprint.documents.reading import tidy
from smallprint.documents.word.markup import Mark, MarkupReader, by_whom

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.xml_tree import Element

COMMENT, REPLY = "comment", "reply"
RESOLVED = ", resolved"
ON = " on “{anchor}”"

_LONGEST_ANCHOR = 80


def comment_marks(comments: Element, extended: Element | None, reader: MarkupReader) -> list[Mark]:
    """One for each comment that says anything, in the order of the file."""
    states = _states(extended)
    marks = []
    for comment in comments.all("comment"):
        text = tidy(" ".join(_paragraph_text(paragraph) for paragraph in comment.all("p")))
        if text:
            number = comment.get("id")
            resolved, reply = _state(comment, states)
            what = by_whom(REPLY if reply else COMMENT, comment) + (RESOLVED if resolved else "")
            what += _on(reader.anchors.get(number, ""))
            marks.append(Mark("comment", text, what, reader.commented.get(number)))
    return marks


def _states(extended: Element | None) -> dict[str, tuple[bool, bool]]:
    """(resolved, a reply) by the id of a comment's last paragraph."""
    if extended is None:
        return {}
    return {
        each.get("paraId"): (each.get("done") in ("1", "true"), bool(each.get("paraIdParent")))
        for each in extended.all("commentEx")
    }


def _state(comment: Element, states: dict[str, tuple[bool, bool]]) -> tuple[bool, bool]:
    paragraphs = [paragraph.get("paraId") for paragraph in comment.all("p")] if states else []
    return next((states[each] for each in reversed(paragraphs) if each in states), (False, False))


def _paragraph_text(paragraph: Element) -> str:
    return "".join(
        " " if each.tag in ("tab", "br") else each.text for each in paragraph.all("t", "tab", "br")
    )


def _on(anchor: str) -> str:
    anchor = tidy(anchor)
    if len(anchor) > _LONGEST_ANCHOR:
        anchor = anchor[:_LONGEST_ANCHOR].rsplit(" ", 1)[0] + " …"
    return ON.format(anchor=anchor) if anchor else ""
