"""Text on a page that no reader sees: white, tiny, off the page or invisible. Child process only.

A page that is a picture (a scan) carries its recognised letters as invisible text on top: that is no hiding.
"""

from __future__ import annotations

from smallprint.documents.pdf.pdfium import IMAGE, PATH, SHADING, TEXT, PageObject, PdfiumPage
from smallprint.documents.reading import letters

WHITE, TINY, OFF_PAGE, INVISIBLE = "white text", "tiny text", "text off the page", "invisible text"

_WHITE_FROM = 245
_TRANSPARENT_TO = 5
_INVISIBLE_MODES = (3, 7)  # PDF 1.7 §9.3.6
_FILLING_MODES = (0, 4)
_TINY_FONT_PT = 2
_TINY_PT = 1.6  # no letter set in 2 pt is higher
_FEWEST_LETTERS = 4
_SAME_LINE = 0.5
_WORD_GAP = 0.12
_MOST_BACKGROUNDS = 400
_SMALLEST_BACKGROUND_PT = 3
_SCAN_SHARE = 0.5
_STAMP_CHARACTERS = 120
_MOST_TEXTS = 3_000  # PDFium searches the whole page for the words of each


class PageSight:
    """What a reader sees of one page, and what not."""

    def __init__(self, page: PdfiumPage) -> None:
        self._page = page
        self._backgrounds: list[PageObject] = []
        self._pictures: list[PageObject] = []
        self._visible: list[int] = []
        self._hidden: list[tuple[str, PageObject]] = []
        self.blank = True
        """True if nothing at all is painted."""
        for thing in page.unusual_objects():
            self.blank = False
            self._look_at(thing)
        self.blank = self.blank and not page.plain_texts

    @property
    def scanned(self) -> bool:
        """True if pictures cover most of the page."""
        page = self._page
        area = max(1.0, (page.right - page.left) * (page.top - page.bottom))
        covered = sum(
            max(0.0, min(thing.right, page.right) - max(thing.left, page.left))
            * max(0.0, min(thing.top, page.top) - max(thing.bottom, page.bottom))
            for thing in self._pictures
        )
        return covered >= _SCAN_SHARE * area

    def unread_scan(self, characters: int) -> bool:
        """True for a scan with a stamp or a page number as its only text."""
        return characters < _STAMP_CHARACTERS and self.scanned

    def hidden(self) -> list[tuple[str, list[str]]]:
        """(why, lines) for each stretch of hidden text that cannot be read anywhere else on the page."""
        runs = [run for run in self._runs() if len(letters("".join(run[1]))) >= _FEWEST_LETTERS]
        if not runs:
            return []
        visible = [*self._page.plain_texts, *self._visible][:_MOST_TEXTS]
        seen = letters("".join(map(self._page.text, visible)))
        return [(why, lines) for why, lines in runs if letters("".join(lines)) not in seen]

    def _look_at(self, thing: PageObject) -> None:
        if thing.kind == TEXT:
            why = self._why_hidden(thing)
            if why:
                self._hidden.append((why, thing))
            else:
                self._visible.append(thing.handle)
        elif thing.kind == IMAGE:
            self._pictures.append(thing)
            self._remember(thing)
        elif thing.kind == SHADING or (thing.kind == PATH and self._page.filled(thing)):
            self._remember(thing)

    def _remember(self, thing: PageObject) -> None:
        if thing.top - thing.bottom >= _SMALLEST_BACKGROUND_PT and len(self._backgrounds) < _MOST_BACKGROUNDS:
            self._backgrounds.append(thing)

    def _why_hidden(self, text: PageObject) -> str:
        fill, page = text.fill, self._page
        if text.mode in _INVISIBLE_MODES:
            return "" if self._under(text, self._pictures) else INVISIBLE
        if fill and text.mode in _FILLING_MODES:
            if fill[3] <= _TRANSPARENT_TO:
                return INVISIBLE
            if fill[0] >= _WHITE_FROM and _white(fill) and self._on_white(text):
                return WHITE
        if (
            text.right <= page.left
            or text.left >= page.right
            or text.top <= page.bottom
            or text.bottom >= page.top
        ):
            return OFF_PAGE if text.right > text.left else ""
        if text.top - text.bottom < _TINY_PT or text.right - text.left < _TINY_PT:  # or a dash, a dot, an "l"
            return TINY if self._page.font_size(text) < _TINY_FONT_PT else ""
        return ""

    def _on_white(self, text: PageObject) -> bool:
        if len(self._backgrounds) >= _MOST_BACKGROUNDS:
            return False
        ground = self._under(text, self._backgrounds)
        if ground is None:
            return True
        return ground.kind == PATH and ground.fill is not None and _white(ground.fill)

    @staticmethod
    def _under(text: PageObject, grounds: list[PageObject]) -> PageObject | None:
        """What was painted last where the middle of the text stands."""
        x, y = (text.left + text.right) / 2, (text.bottom + text.top) / 2
        for ground in reversed(grounds):
            if ground.left <= x <= ground.right and ground.bottom <= y <= ground.top:
                return ground
        return None

    def _runs(self) -> list[tuple[str, list[str]]]:
        """Hidden texts that follow one another, as lines."""
        runs: list[tuple[str, list[str]]] = []
        above: PageObject | None = None
        for why, thing in self._hidden[:_MOST_TEXTS]:
            if not runs or runs[-1][0] != why:
                runs.append((why, [self._page.text(thing.handle)]))
            elif above is None or abs(thing.bottom - above.bottom) > _SAME_LINE * _height(thing):
                runs[-1][1].append(self._page.text(thing.handle))
            else:
                gap = " " if thing.left - above.right > _WORD_GAP * _height(thing) else ""
                runs[-1][1][-1] += gap + self._page.text(thing.handle)
            above = thing
        return runs


def _height(thing: PageObject) -> float:
    return max(thing.top - thing.bottom, 1.0)


def _white(fill: tuple[int, int, int, int]) -> bool:
    return min(fill[:3]) >= _WHITE_FROM
