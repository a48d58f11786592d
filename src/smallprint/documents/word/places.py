"""Finds the place in the body that a mark belongs to: the block that holds the mark's paragraph. Child process only."""

from __future__ import annotations

from smallprint.documents.reading import Block, letters

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.word.markup import Paragraph

_LONGEST_NAME = 60
_PARAGRAPHS_UP = 200


class Places:
    """Looks paragraphs up by their words: the body's come from another parser, which adds clause numbers."""

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks: dict[str, Block] = {}
        self._names: dict[int, str] = {}
        self._found: dict[Paragraph, Block | None] = {}
        for block in blocks:
            self._names[id(block)] = _name(block)  # before hidden text is taken out of it
            self._blocks.setdefault(letters(block.text), block)
            self._blocks.setdefault(letters(block.text.partition(" ")[2]), block)
        self._blocks.pop("", None)

    def block_of(self, paragraph: Paragraph | None) -> Block | None:
        """The block of the paragraph, or of the nearest one above it."""
        for _ in range(_PARAGRAPHS_UP):
            if paragraph is None:
                return None
            if paragraph not in self._found:
                self._found[paragraph] = self._blocks.get(letters(paragraph.text))
            block = self._found[paragraph]
            if block is not None:
                return block
            paragraph = paragraph.previous
        return None

    def name_of(self, block: Block | None) -> str:
        """The heading above it; its first words where there are no headings."""
        return self._names[id(block)] if block else ""


def _name(block: Block) -> str:
    name = block.section.rpartition(" › ")[2] or block.text
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME].rsplit(" ", 1)[0] + " …"
