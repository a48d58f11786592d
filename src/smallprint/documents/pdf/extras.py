"""Form fields and annotations of a PDF as passages of their own. Child process only."""

from __future__ import annotations

from smallprint.documents.reading import Block, split_long, tidy

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from typing import Any

CHECKED, NOT_CHECKED = "checked", "not checked"
COMMENT = "comment"
COMMENT_BY = "comment by {author}"

_TOGGLES = ("checkbox", "radio")
_PASSWORD_FIELD = 1 << 13  # PDF 1.7, table 228
_WITHOUT_WORDS = frozenset({"widget", "link", "popup"})
_LONGEST_AUTHOR = 80
_FORM_CHARACTERS = 1_000


def form_blocks(page: Any) -> list[Block]:
    """The page's fields as "name: value", some in a passage; empty fields and buttons are left out."""
    lines: list[str] = []
    for field in page.form_fields or ():
        line = _field_line(field)
        if line and line not in lines:
            lines.append(line)
    return [Block(text, page.page_num, "", "form") for text in _together(lines)]


def annotation_blocks(page: Any) -> list[Block]:
    """Comments, sticky notes and marks that carry words."""
    blocks = []
    for annotation in page.annotations or ():
        text = tidy(annotation.contents or "")
        if text and annotation.subtype not in _WITHOUT_WORDS:
            place = f"p. {page.page_num}, {_comment_by(annotation.title)}"
            blocks += [Block(piece, page.page_num, "", "comment", place) for piece in split_long(text)]
    return blocks


def _field_line(field: Any) -> str:
    name = tidy(field.alternate_name or "") or tidy((field.name or "").rpartition(".")[2])
    value = _value(field)
    return f"{name}: {value}" if name and value else ""


def _value(field: Any) -> str:
    if field.field_type in _TOGGLES:
        return _toggled(field)
    if field.field_type == "pushbutton" or (
        field.field_type == "text" and field.field_flags & _PASSWORD_FIELD
    ):
        return ""
    chosen = ", ".join(tidy(option) for option in field.selected_options)
    return chosen or tidy(field.value or "")


def _toggled(field: Any) -> str:
    if field.field_type == "checkbox":
        return CHECKED if field.checked else NOT_CHECKED
    return tidy(field.export_value or "") or CHECKED if field.checked else ""


def _together(lines: list[str]) -> list[str]:
    """Fields in passages of some size: a form may have hundreds."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + len(line) < _FORM_CHARACTERS:
            texts[-1] += "\n" + line
        else:
            texts.append(line)
    return texts


def _comment_by(author: str | None) -> str:
    name = tidy(author or "")[:_LONGEST_AUTHOR]
    return COMMENT_BY.format(author=name) if name else COMMENT
