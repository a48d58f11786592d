"""What stands in a text document beside its text: changes, comments, hidden words, headers. Child process only."""

from __future__ import annotations

from smallprint.documents.reading import Block, split_long, tidy

_COUNTED = ("insertion", "deletion", "comment")


class MarkupNotes:
    """Collects passages of their own kinds, and counts them for the receipt."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.external_links = 0
        self.macros = False
        self._counts = dict.fromkeys(_COUNTED, 0)
        self._hidden = False
        self._seen: set[tuple[str, str]] = set()

    def add(self, kind: str, text: str, author: str = "") -> None:
        """`kind` is a PassageKind's value; the same header on many pages counts once."""
        text, author = tidy(text), tidy(author)
        if not text or (kind in ("header", "footer") and (kind, text) in self._seen):
            return
        self._seen.add((kind, text))
        if kind in self._counts:
            self._counts[kind] += 1
        self._hidden = self._hidden or kind == "hidden"
        said = f"{author}: {text}" if author and kind == "comment" else text
        self.blocks += [Block(piece, None, "", kind) for piece in split_long(said)]

    def notes(self) -> dict[str, object]:
        """Fields of the receipt."""
        return {
            "insertions": self._counts["insertion"],
            "deletions": self._counts["deletion"],
            "comments": self._counts["comment"],
            "hidden": ["hidden text"] if self._hidden else [],
            "external_links": self.external_links,
            "macros": self.macros,
        }
