"""What was read of a document and what was not: in one line for the result, in full on request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smallprint.models.domain import ReadingReceipt
from smallprint.reports.text import plain
from smallprint.reports.wording import counted, page_ranges

WHAT_WAS_READ = "What was read"
NOT_RUN = "not run"
NOT_FOLLOWED = "not followed"

TRACKED = "Nobody has accepted or rejected them yet; both were read, and a quotation from one says so."
COMMENTS = "{count:,}, read beside the text; a quotation from one says so."
HIDDEN = "A reader can't see these; they were read all the same:"
MACROS = "The document contains macros. They were not run."
LINKS = "It points to {links} outside itself (templates, pictures, data). They were not followed."
NO_TEXT = "{pages} had no text; no finding covers {them}."
AS_PICTURES = (
    "{pages} had no text and went to the AI as pictures; quotations from {them} can't be machine-verified."
)


@dataclass(frozen=True, slots=True)
class ReceiptPart:
    """One subject of the full receipt: a sentence, a list, or both."""

    label: str
    text: str = ""
    items: tuple[str, ...] = ()


def what_was_read(receipt: ReadingReceipt) -> str:
    """all 12 pages; 3 tracked changes, 2 comments and hidden text are listed apart; contains macros (not run)."""
    parts = [_extent(receipt), *_as_pictures(receipt), *_listed_apart(receipt), *_left_alone(receipt)]
    return "; ".join(parts) + "."


def receipt_sentences(receipt: ReadingReceipt) -> tuple[str, ...]:
    """What was read in one line, then every warning."""
    return (f"Read {what_was_read(receipt)}", *warnings(receipt))


def warnings(receipt: ReadingReceipt) -> tuple[str, ...]:
    """Whole sentences: what was cut, what may be off, what the findings don't cover."""
    return tuple(shown for shown in map(plain, receipt.warnings) if shown)


def full_receipt(receipt: ReadingReceipt) -> tuple[ReceiptPart, ...]:
    """Every subject that there is something to say about, the most telling first."""
    return tuple(_parts(receipt))


# --- the line --------------------------------------------------------------------------------------------


def _extent(receipt: ReadingReceipt) -> str:
    if receipt.pages is None:
        return f"{counted(receipt.passages, 'passage')} ({counted(receipt.characters, 'character')})"
    missing = len(set(receipt.pages_without_text))
    if not missing:
        return f"the only {receipt.unit}" if receipt.pages == 1 else f"all {receipt.pages:,} {receipt.unit}s"
    where = _numbered(receipt.pages_without_text, receipt.unit)
    read = f"{max(receipt.pages - missing, 0):,} of {counted(receipt.pages, receipt.unit)}"
    return f"{read}; there is no text on {where}, so no finding covers {_them(missing)}"


def _as_pictures(receipt: ReadingReceipt) -> Iterator[str]:
    if receipt.pages_as_pictures:
        yield f"{_numbered(receipt.pages_as_pictures, receipt.unit)} as {_pictures(len(set(receipt.pages_as_pictures)))}"


def _listed_apart(receipt: ReadingReceipt) -> Iterator[str]:
    changes = receipt.insertions + receipt.deletions
    subjects = [
        *([counted(changes, "tracked change")] if changes else []),
        *([counted(receipt.comments, "comment")] if receipt.comments else []),
        *(["hidden text"] if any(map(plain, receipt.hidden)) else []),
    ]
    if subjects:
        alone = len(subjects) == 1 and changes <= 1 and receipt.comments <= 1
        yield f"{_joined(subjects)} {'is' if alone else 'are'} listed apart"


def _left_alone(receipt: ReadingReceipt) -> Iterator[str]:
    contained = [
        *([f"macros ({NOT_RUN})"] if receipt.macros else []),
        *([f"{counted(receipt.external_links, 'external link')} ({NOT_FOLLOWED})"] if receipt.external_links else []),
    ]  # fmt: skip
    if contained:
        yield f"contains {_joined(contained)}"
    read, skipped = len(receipt.attachments_read), len(receipt.attachments_skipped)
    if read or skipped:
        yield f"{read:,} of {counted(read + skipped, 'attachment')} read"


# --- in full ---------------------------------------------------------------------------------------------


def _parts(receipt: ReadingReceipt) -> Iterator[ReceiptPart]:
    yield _how_much(receipt)
    yield from _not_as_text(receipt)
    if told := warnings(receipt):
        yield ReceiptPart("Please note", items=told)
    yield from _apart(receipt)
    yield from _untouched(receipt)
    yield from _attachments(receipt)


def _how_much(receipt: ReadingReceipt) -> ReceiptPart:
    amount = f"{counted(receipt.characters, 'character')} of text in {counted(receipt.passages, 'passage')}"
    if receipt.pages is None:
        return ReceiptPart("Text", f"{amount}.")
    missing = len(set(receipt.pages_without_text))
    of_all = "all" if not missing else f"{max(receipt.pages - missing, 0):,} of"
    told = f"{of_all} {receipt.pages:,}" if receipt.pages > 1 or missing else "the only one"
    return ReceiptPart(f"{receipt.unit.capitalize()}s read", f"{told}; {amount}.")


def _not_as_text(receipt: ReadingReceipt) -> Iterator[ReceiptPart]:
    for label, pages, sentence in (
        ("Not read", receipt.pages_without_text, NO_TEXT),
        ("Looked at", receipt.pages_as_pictures, AS_PICTURES),
    ):
        if pages:
            where = _numbered(pages, receipt.unit)
            yield ReceiptPart(
                label, sentence.format(pages=where[0].upper() + where[1:], them=_them(len(set(pages))))
            )


def _apart(receipt: ReadingReceipt) -> Iterator[ReceiptPart]:
    if receipt.insertions or receipt.deletions:
        counts = f"{counted(receipt.insertions, 'insertion')}, {counted(receipt.deletions, 'deletion')}."
        yield ReceiptPart("Tracked changes", f"{counts} {TRACKED}")
    if receipt.comments:
        yield ReceiptPart("Comments", COMMENTS.format(count=receipt.comments))
    if hidden := _shown(receipt.hidden):
        yield ReceiptPart("Hidden", HIDDEN, hidden)


def _untouched(receipt: ReadingReceipt) -> Iterator[ReceiptPart]:
    if receipt.macros:
        yield ReceiptPart("Macros", MACROS)
    if receipt.external_links:
        links = "1 place" if receipt.external_links == 1 else f"{receipt.external_links:,} places"
        yield ReceiptPart("External links", LINKS.format(links=links))


def _attachments(receipt: ReadingReceipt) -> Iterator[ReceiptPart]:
    if read := _shown(receipt.attachments_read):
        yield ReceiptPart("Attachments read", items=read)
    if skipped := _shown(receipt.attachments_skipped):
        yield ReceiptPart("Attachments not read", items=skipped)


def _shown(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in map(plain, items) if text)


def _numbered(pages: tuple[int, ...], unit: str) -> str:
    """pages 3, 5–7"""
    return f"{unit}{'' if len(set(pages)) == 1 else 's'} {page_ranges(pages)}"


def _them(count: int) -> str:
    return "it" if count == 1 else "them"


def _pictures(count: int) -> str:
    return "a picture" if count == 1 else "pictures"


def _joined(subjects: list[str]) -> str:
    """a, b and c"""
    return subjects[0] if len(subjects) == 1 else f"{', '.join(subjects[:-1])} and {subjects[-1]}"
