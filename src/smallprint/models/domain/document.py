"""A document, as it was read. Frozen, plain, without I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class DocumentKind(StrEnum):
    """What a file really is, decided by its content."""

    PDF = "pdf"
    DOCX = "docx"
    DOC = "doc"
    ODT = "odt"
    RTF = "rtf"
    PPTX = "pptx"
    PPT = "ppt"
    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    CSV = "csv"
    TSV = "tsv"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"
    EMAIL = "eml"
    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    WEBP = "webp"


class PassageKind(StrEnum):
    """What a passage is in its document: most are body text, the others matter for risk and say so."""

    BODY = "body"
    TABLE = "table"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    COMMENT = "comment"
    INSERTION = "insertion"
    """Text that a tracked change adds: not agreed yet."""
    DELETION = "deletion"
    """Text that a tracked change removes: still there until somebody accepts."""
    HIDDEN = "hidden"
    """Text that a reader cannot see: hidden, white, tiny or off the page; sheets, rows and slides that are hidden."""
    FORM = "form"
    """A form field and its value."""
    NOTES = "notes"
    """A speaker's notes."""
    PROFILE = "profile"
    """Computed by us from a table: rows, types, totals; not the document's own words."""
    MAIL_HEADER = "mail_header"
    ATTACHMENT = "attachment"
    """Text of a file that came with an e-mail."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list item, table or heading; `start` and `end` are offsets into `Document.text`."""

    number: int
    """1-based, without gaps; the model cites it as P<number>."""
    text: str
    start: int
    end: int
    page: int | None = None
    """1-based page; None where the format has no pages."""
    section: str = ""
    """The headings above it, joined by " › "; empty when unknown."""
    kind: PassageKind = PassageKind.BODY
    place: str = ""
    """Where it stands in a format with places of its own: "slide 3", "Budget!A5:F5", "contract.pdf, p. 2"."""

    @property
    def locator(self) -> str:
        """Where a reader finds it: its place, else "p. 3", else the section, else the passage's number."""
        if self.place:
            return self.place
        if self.page is not None:
            return f"p. {self.page}"
        return self.section or f"passage {self.number}"


@dataclass(frozen=True, slots=True)
class ReadingReceipt:
    """What was read of a document and what was not: part of every report."""

    pages: int | None = None
    """Pages in the document; None where the format has none."""
    pages_without_text: tuple[int, ...] = ()
    """1-based pages that yielded no text and could not be looked at: findings do not cover them."""
    pages_as_pictures: tuple[int, ...] = ()
    """1-based pages without text that go to the AI as pictures: quotations from them can't be machine-verified."""
    unit: str = "page"
    """What `pages` counts: "page", "slide" or "sheet"."""
    characters: int = 0
    passages: int = 0
    insertions: int = 0
    """Tracked changes that add text, and …"""
    deletions: int = 0
    """… that remove text."""
    comments: int = 0
    hidden: tuple[str, ...] = ()
    """What a reader cannot see but was read, each as a phrase: "sheet Old prices", "slide 7", "white text on p. 2"."""
    macros: bool = False
    """The document carries macros; they were not run."""
    external_links: int = 0
    """Templates, data sources, pictures elsewhere; they were not followed."""
    attachments_read: tuple[str, ...] = ()
    attachments_skipped: tuple[str, ...] = ()
    """Each with its reason: "photo.heic (can't be read)"."""
    warnings: tuple[str, ...] = ()
    """Whole sentences for the reader: what was cut, hidden, renamed, and what the findings do not cover."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page or a file that can only be looked at. Lives in memory only: never stored, never logged."""

    media_type: str
    """"image/png", "image/jpeg", "image/gif" or "image/webp"."""
    content: bytes = field(repr=False)
    page: int | None = None
    """1-based; None for a picture file, which has no pages."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as text: `text` is the passages joined by a blank line, offsets refer to it."""

    name: str
    kind: DocumentKind
    sha256: str
    """Of the file's bytes, hexadecimal."""
    text: str
    passages: tuple[Passage, ...]
    receipt: ReadingReceipt
    pictures: tuple[Picture, ...] = field(default=(), repr=False)
    """What has no text: scanned pages, or the picture that the file is."""
