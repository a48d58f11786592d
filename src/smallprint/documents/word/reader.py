"""DOCX → blocks, by anydoc: the only light parser that keeps the clause numbers. Child process only."""

from __future__ import annotations

from smallprint.documents.office_tree import TreeWalker, parse_office
from smallprint.documents.protected import is_placeholder
from smallprint.documents.reading import Reading, Refused
from smallprint.documents.word.extras import WordExtras
from smallprint.documents.word.numbers import with_right_numbers

_FEW = 20  # blocks: a page that stands in for a protected document has fewer


def read_word(content: bytes) -> Reading:
    """Headings, paragraphs, list items with their numbers, tables by row, footnotes; then what stands beside the text.

    The body is the text as if all tracked changes were accepted. Hidden text is in passages of its own only.
    """
    extras = WordExtras(content)
    document = parse_office(with_right_numbers(content, extras.archive, extras.main_part), "docx")
    walker = TreeWalker()
    walker.walk(document.blocks)
    walker.walk_notes(document.notes)
    body = walker.blocks
    if not body and document.assets:
        raise Refused("scanned")
    if len(body) < _FEW and is_placeholder(" ".join(block.text for block in body)):
        raise Refused("rights_managed")
    extras.read(body)
    return Reading([*body, *extras.blocks], warnings=extras.warnings, notes=extras.notes)
