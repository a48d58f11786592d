"""The values that travel through Smallprint: frozen, plain, without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class RiskLevel(StrEnum):
    """How much a finding, or a whole document, should worry the reader. Ordered from low to critical."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low to 3 for critical; compare ranks, not the strings."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(RiskLevel)}


# --- a document, as it was read --------------------------------------------------------------------------


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


# --- findings and evidence -------------------------------------------------------------------------------


class Match(StrEnum):
    """What became of a quotation when it was looked up in the document."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    UNVERIFIED = "scan"
    """An agent read it off a picture, where no program can look it up: shown as "from a scan, not machine-verified"."""
    CONTRADICTED = "contradicted"
    """Near, but a number or a negation differs."""
    MISSING = "missing"

    @property
    def grounded(self) -> bool:
        """True if the document's own words may be shown for it."""
        return self in {Match.EXACT, Match.APPROXIMATE}

    @property
    def shown(self) -> bool:
        """True if a reader sees it: the document's own words, or an agent's reading of a picture, marked as such."""
        return self.grounded or self is Match.UNVERIFIED


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that an agent claims stand in the document."""

    text: str
    passage: int | None = None
    """The passage the agent named, if any."""
    page: int | None = None
    """The page of the picture that the agent read it from, if it says so."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation after it was looked up.

    `text` is the document's own words, never the agent's; of `Match.UNVERIFIED` alone it is what an agent read off a picture.
    """

    match: Match
    text: str = ""
    """Empty unless `match.shown`."""
    passage: int | None = None
    page: int | None = None
    locator: str = ""
    start: int | None = None
    end: int | None = None
    kind: PassageKind = PassageKind.BODY
    """Of the passage it stands in: a reader must know when words are deleted, hidden or somebody's comment."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader should know, as one agent states it, with the quotations it rests on."""

    id: str
    """Unique within a report: F1, F2, … from the analyst, M1, … missed ones from the reviewer, A1, H1, T1 from rules."""
    category: str
    """Dotted, lower case: "liability.uncapped"."""
    title: str
    statement: str
    """What the document says, in a sentence or two."""
    why_it_matters: str
    recommendation: str
    """What to ask for."""
    severity: RiskLevel
    quotations: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the analyst answers: unverified."""

    summary: str
    """Two or three sentences."""
    findings: tuple[Finding, ...] = ()
    looked_for_not_found: tuple[str, ...] = ()
    """What was looked for and is not in the document, in words for the reader."""


class Verdict(StrEnum):
    """What the reviewer thinks of one finding."""

    SUPPORTED = "supported"
    OVERSTATED = "overstated"
    UNSUPPORTED = "unsupported"
    NOT_CHECKABLE = "not_checkable"


@dataclass(frozen=True, slots=True)
class FindingReview:
    """The reviewer's verdict on one finding; it has not seen the analyst's severity."""

    finding_id: str
    verdict: Verdict
    severity: RiskLevel
    comment: str


@dataclass(frozen=True, slots=True)
class Review:
    """What the reviewer answers: a verdict per finding, and findings the analyst missed (unverified)."""

    verdicts: tuple[FindingReview, ...] = ()
    missed: tuple[Finding, ...] = ()


# --- prompts ---------------------------------------------------------------------------------------------


class Agent(StrEnum):
    """The agents, by the names used in commands, folders and the database."""

    ANALYST = "document_analysis"
    REVIEWER = "findings_review"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One immutable prompt version, ready to be rendered."""

    agent: str
    version: int
    slug: str
    note: str
    body: str
    sha256: str
    """Of body, settings and contract together."""
    contract: str
    """The output contract the running code must know: "analysis/1"."""
    variables: tuple[str, ...] = ()
    effort: str = "medium"
    max_tokens: int = 16_000
    model: str | None = None
    """Overrides the configured model when set."""
    source: str = "database"
    """"database", or "packaged" when the database could not be read."""

    @property
    def label(self) -> str:
        """v2"""
        return f"v{self.version}"


@dataclass(frozen=True, slots=True)
class PromptRecord:
    """A prompt version as it is kept: never changed, never deleted."""

    prompt: Prompt
    author: str
    """Who brought it: a release, later also a person."""
    created_at: datetime


class ActivationAction(StrEnum):
    """How a prompt version came to be live."""

    IMPORT = "import"
    """By itself, with a release."""
    SET = "set"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Activation:
    """A row of the append-only log of what is live: the last one of an agent says which version that is."""

    agent: str
    from_version: int | None
    """None for an agent's first."""
    to_version: int
    action: ActivationAction
    actor: str
    reason: str
    at: datetime
    request_id: str
    """Unique: the same command delivered twice is applied once."""
    after: int = 0
    """`id` of the activation that it replaces, 0 for the first; unique: of two at once, one wins."""
    id: int = 0
    """0 until it is stored."""


# --- usage and cost --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or more calls, in Claude's own parts: `input_tokens` is the UNCACHED remainder."""

    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    output_tokens: int = 0
    thinking_tokens: int = 0
    """Part of output_tokens."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_write_5m_tokens + other.cache_write_5m_tokens,
            self.cache_write_1h_tokens + other.cache_write_1h_tokens,
            self.output_tokens + other.output_tokens,
            self.thinking_tokens + other.thinking_tokens,
        )


NANO_USD_PER_USD = 1_000_000_000


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One attempt that may have been billed, successful or not: a row of `llm_calls`."""

    id: str
    analysis_id: str
    agent: str
    purpose: str
    """"main" or "repair"."""
    attempt: int
    prompt_version: int | None
    request_model: str
    started_at: datetime
    latency_ms: int
    status: str
    """"ok", or the code of the error it ended in."""
    usage: Usage = field(default_factory=Usage)
    cost_nano_usd: int | None = None
    """None = price unknown, never 0."""
    price_source: str = ""
    response_model: str | None = None
    request_id: str | None = None
    service_tier: str | None = None
    stop_reason: str | None = None
    http_status: int | None = None
    time_to_first_token_ms: int | None = None


@dataclass(frozen=True, slots=True)
class AgentRun:
    """How one agent's part of a report was made."""

    agent: str
    model: str
    prompt_version: int | None
    """None for the offline analyst."""
    usage: Usage
    cost_nano_usd: int | None
    seconds: float

    @property
    def cost_usd(self) -> Decimal | None:
        """None when the price is unknown."""
        return None if self.cost_nano_usd is None else Decimal(self.cost_nano_usd) / NANO_USD_PER_USD


# --- the report ------------------------------------------------------------------------------------------


class Outcome(StrEnum):
    """What the merge did with a finding."""

    KEPT = "kept"
    LOWERED = "lowered"
    RAISED = "raised"
    ADDED = "added"
    """Found by the reviewer, not by the analyst."""
    REJECTED = "rejected"
    """The reviewer found it unsupported: shown apart, no part in the level."""


@dataclass(frozen=True, slots=True)
class ReportFinding:
    """A finding with verified evidence and what the reviewer made of it."""

    finding: Finding
    severity: RiskLevel
    """The final one; `finding.severity` is what its author said."""
    outcome: Outcome
    evidence: tuple[Evidence, ...]
    """Only those that may be shown: grounded ones, and readings of scans that are marked as such."""
    review: FindingReview | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one analysis. Everything quoted in it was verified in the document."""

    analysis_id: str
    document_name: str
    document_kind: DocumentKind
    document_sha256: str
    receipt: ReadingReceipt
    summary: str
    risk_level: RiskLevel
    findings: tuple[ReportFinding, ...]
    """Kept, most severe first, then in the order of the document."""
    rejected: tuple[ReportFinding, ...]
    ungrounded: int
    """Findings dropped because none of their quotations stands in the document."""
    looked_for_not_found: tuple[str, ...]
    agents: tuple[AgentRun, ...]
    reviewed: bool
    review_note: str
    """Why there was no review, as a sentence; empty when there was one."""
    offline: bool
    """True: made by rules, no AI."""
    seconds: float
    created_at: datetime

    @property
    def cost_nano_usd(self) -> int | None:
        """Sum of the agents' costs; None when one of them is unknown."""
        costs = [run.cost_nano_usd for run in self.agents]
        return (
            None if any(cost is None for cost in costs) else sum(cost for cost in costs if cost is not None)
        )

    @property
    def cost_usd(self) -> Decimal | None:
        """None when a price is unknown."""
        cost = self.cost_nano_usd
        return None if cost is None else Decimal(cost) / NANO_USD_PER_USD

    def counts(self) -> Mapping[RiskLevel, int]:
        """Kept findings per severity, most severe first, zeros left out."""
        counted = dict.fromkeys(sorted(RiskLevel, key=lambda level: -level.rank), 0)
        for finding in self.findings:
            counted[finding.severity] += 1
        return {level: count for level, count in counted.items() if count}


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """Who asked for an analysis; the document travels beside it."""

    analysis_id: str
    """The same on every retry of the same job: answers that were paid for are found under it."""
    team: str = ""
    channel: str = ""
    user: str = ""
    trigger: str = "cli"


# --- jobs ------------------------------------------------------------------------------------------------


class Step(StrEnum):
    """What a job is doing, as the placeholder shows it."""

    WAITING = "waiting"
    READING = "reading"
    ANALYSING = "analysing"
    REVIEWING = "reviewing"


@dataclass(frozen=True, slots=True)
class Job:
    """One file to be analysed for one thread. Ids only: no name, no text."""

    id: str
    team: str
    channel: str
    thread_ts: str
    """Root of the thread that gets the answer; empty for a command, whose thread we open."""
    file_id: str
    """Slack's id of the file; for a link that somebody gave us, the link (https://…)."""
    user: str
    """Who shared the file or asked."""
    trigger: str
    """"message", "file_shared", "app_mention" or "command"."""
    message_ts: str = ""
    """The message that carries the file; for a command, a name of its own. Empty when it is not known."""
    ordinal: int = 0
    """The file's place among the files of its message, from 0."""
    of: int = 1
    """How many files the message has."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of one file of several in a message."""

    job: Job
    outcome: str
    """The risk level, or an error's code."""
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A downloaded file."""

    name: str
    content: bytes
