"""Reports as they come out of the orchestrator, and strange ones as nothing should make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from smallprint.models.domain import (
    AgentRun,
    Decision,
    DocumentKind,
    DocumentType,
    EarlierAnalysis,
    Evidence,
    FactKind,
    Finding,
    FindingDecision,
    FindingReview,
    KeyFact,
    Match,
    Outcome,
    PassageKind,
    Profile,
    Quotation,
    ReadingReceipt,
    Report,
    ReportFact,
    ReportFinding,
    RiskLevel,
    Ruling,
    Usage,
    Verdict,
)

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)

HOSTILE = (
    "<!channel> <@U0EVIL> <#C0EVIL|general> <https://evil.example|click> https://evil.example/x *bold* _it_ ~no~ "
    "`code` [link](https://evil.example) ![img](https://evil.example/a.png) <script>alert(1)</script> @here "
    "\u202egnp.exe\u202c zero\u200bwidth \x1b[31mred\x1b[0m [bold red]markup[/] :white_check_mark: &amp; | # - 1."
)

_LIABILITY = (
    "The Supplier’s liability under this Agreement shall be unlimited, including for indirect and consequential "
    "losses, loss of profit and loss of data."
)
_RENEWAL = (
    "This Agreement renews for successive terms of thirty-six (36) months unless either party gives notice not "
    "less than one hundred and eighty (180) days before the end of the current term."
)
_AUDIT = "The Customer may audit the Supplier’s premises and records at any time upon 24 hours’ notice."
_FEES = "The Supplier may increase the Fees once per year by no more than the increase in the Consumer Price Index."


def evidence(text: str, page: int | None, match: Match = Match.EXACT) -> Evidence:
    where = f"p. {page}" if page is not None else "Services › Term"
    return Evidence(match, text, passage=12, page=page, locator=where, start=100, end=100 + len(text))


def finding(
    number: int = 1,
    severity: RiskLevel = RiskLevel.HIGH,
    *,
    title: str = "Renews for three years unless cancelled half a year ahead",
    statement: str = "The agreement renews by itself for 36 months; notice must be given 180 days before the term ends.",
    why: str = "A missed date binds you for three more years at prices you did not agree.",
    ask: str = "Renewal for 12 months at most, with 60 days’ notice and a reminder from the Supplier.",
    quotations: tuple[Evidence, ...] = (evidence(_RENEWAL, 4),),
    outcome: Outcome = Outcome.KEPT,
    verdict: Verdict | None = Verdict.SUPPORTED,
    comment: str = "The clause says so.",
    before: RiskLevel | None = None,
    category: str = "term.auto_renewal",
) -> ReportFinding:
    """`before` is what its author said when the reviewer changed it; `verdict` None means not reviewed."""
    identity = f"F{number}"
    claimed = tuple(Quotation(item.text, item.passage) for item in quotations)
    stated = Finding(identity, category, title, statement, why, ask, before or severity, claimed)
    review = None if verdict is None else FindingReview(identity, verdict, severity, comment)
    return ReportFinding(stated, severity, outcome, quotations, review)


ANALYST = AgentRun(
    "document_analysis",
    "claude-sonnet-5-5",
    2,
    Usage(input_tokens=21_000, output_tokens=3_100),
    38_400_000,
    19.2,
)
REVIEWER = AgentRun(
    "findings_review", "claude-haiku-5-5", 1, Usage(input_tokens=20_000, output_tokens=900), 6_100_000, 6.4
)
ADJUDICATOR = AgentRun(
    "findings_adjudication",
    "claude-sonnet-5-5",
    1,
    Usage(input_tokens=9_000, output_tokens=1_900),
    47_000_000,
    21.0,
    instead_of="claude-opus-5-5",
)
OFFLINE_RULES = AgentRun("document_analysis", "offline-rules", None, Usage(), 0, 0.2)

RECEIPT = ReadingReceipt(pages=14, characters=41_220, passages=212)


def low_report() -> Report:
    """A short NDA in which nothing was found."""
    return Report(
        analysis_id="0f6b1c3d9a6e4f7f8e2a5b4c3d2e1f00",
        document_name="mutual-nda.pdf",
        document_kind=DocumentKind.PDF,
        document_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        receipt=ReadingReceipt(pages=3, characters=7_310, passages=41),
        summary=(
            "A mutual non-disclosure agreement between Alder Ltd and Birch GmbH for evaluating a joint project. "
            "Both sides have the same duties, for two years, with the usual exceptions."
        ),
        risk_level=RiskLevel.LOW,
        findings=(),
        rejected=(),
        ungrounded=0,
        looked_for_not_found=(
            "Non-compete or non-solicitation", "Penalty or liquidated damages", "Transfer of intellectual property",
            "One-sided termination", "Unlimited liability", "Automatic renewal",
        ),
        agents=(ANALYST, REVIEWER),
        reviewed=True,
        review_note="",
        offline=False,
        seconds=12.3,
        created_at=NOW,
    )  # fmt: skip


def medium_report() -> Report:
    """A services agreement with four findings and every kind of review."""
    return replace(
        low_report(),
        document_name="services-agreement.pdf",
        receipt=replace(RECEIPT, pages_without_text=(13, 14), warnings=("Page 9 has 2 lines of hidden text; it was read.",)),
        summary=(
            "A three-year agreement under which Cedar Ltd runs payroll for Dogwood plc. The price is fixed for a year, "
            "the agreement renews by itself for three more years, and Dogwood may audit at short notice."
        ),
        risk_level=RiskLevel.HIGH,
        findings=(
            finding(1, RiskLevel.HIGH),
            finding(
                2, RiskLevel.MEDIUM, title="Audits at any time on one day’s notice",
                statement="The Customer may audit premises and records at any time with 24 hours’ notice.",
                why="Frequent or sudden audits stop people from working; there is no limit to their number.",
                ask="One audit a year with ten working days’ notice, except after a breach.",
                quotations=(evidence(_AUDIT, 7, Match.APPROXIMATE),), outcome=Outcome.LOWERED,
                verdict=Verdict.OVERSTATED, comment="Audits cover this service’s records only.",
                before=RiskLevel.HIGH, category="audit.rights",
            ),
            finding(
                3, RiskLevel.MEDIUM, title="No time within which invoices must be disputed",
                statement="Invoices may be disputed, but the agreement names no time for it.",
                why="Disputes about old invoices remain possible for years.", ask="30 days from the invoice.",
                quotations=(evidence("The Customer may dispute any invoice in good faith.", 5),),
                outcome=Outcome.ADDED, verdict=None, category="payment.disputes",
            ),
            finding(
                4, RiskLevel.LOW, title="Fees may rise with the consumer price index",
                statement="Once a year the fees may rise by at most the increase of the index.",
                why="Usual, and capped.", ask="Name the index and the month.",
                quotations=(evidence(_FEES, 6),), verdict=Verdict.NOT_CHECKABLE,
                comment="The index is defined in an annex that is not part of the document.", category="payment.increase",
            ),
        ),
        rejected=(
            finding(
                5, RiskLevel.HIGH, title="Customer may terminate without notice", outcome=Outcome.REJECTED,
                verdict=Verdict.UNSUPPORTED, comment="Clause 12.1 gives thirty days.",
            ),
        ),
        ungrounded=1,
        looked_for_not_found=("Cap on liability", "Data processing agreement", "Source code escrow"),
        seconds=27.4,
    )  # fmt: skip


def decision(
    finding_id: str, decided: Decision, reason: str = "", user: str = "U02ANN7", analysis_id: str = "doc-1"
) -> FindingDecision:
    """What somebody decided about a finding; each call is another request."""
    request_id = f"press/{finding_id}/{decided}/{user}/{reason}"
    return FindingDecision(analysis_id, finding_id, decided, user, reason, request_id, NOW)


def fact(kind: FactKind, label: str, value: str, page: int | None = 1) -> ReportFact:
    return ReportFact(KeyFact(kind, label, value, (Quotation(value, 3),)), (evidence(value, page),))


FACTS = (
    fact(FactKind.PARTY, "Supplier", "Cedar Ltd, Bristol"),
    fact(FactKind.PARTY, "Customer", "Dogwood plc, Leeds"),
    fact(FactKind.DATE, "Signed", "14 September 2026"),
    fact(FactKind.TERM, "Runs for", "36 months from 1 October 2026", 4),
    fact(FactKind.NOTICE_PERIOD, "Notice to end it", "180 days before the end of a term", 4),
    fact(FactKind.MONEY, "Fees", "£4,100 a month, fixed until October 2027", 6),
    fact(FactKind.GOVERNING_LAW, "", "England and Wales", 14),
)


def thorough_report() -> Report:
    """Judged for one side, with key facts, three opinions, a model that stepped in, and read in parts."""
    lowered, overruled, *rest = medium_report().findings
    return replace(
        medium_report(),
        findings=(
            replace(
                lowered, outcome=Outcome.KEPT,
                review=FindingReview("F1", Verdict.OVERSTATED, RiskLevel.LOW, "Such terms are common in payroll."),
                ruling=Ruling("F1", Verdict.SUPPORTED, RiskLevel.HIGH, "Common, but not with half a year’s notice."),
            ),
            replace(overruled, ruling=Ruling("F2", Verdict.OVERSTATED, RiskLevel.MEDIUM, "The clause covers records of this service.")),
            *rest,
        ),
        agents=(ANALYST, REVIEWER, ADJUDICATOR),
        profile=Profile.THOROUGH,
        document_type=DocumentType.CONTRACT,
        language="English",
        side="Dogwood plc, the customer",
        facts=FACTS,
        repaired=1,
        parts=7,
        notes=("Claude Opus was overloaded, so another model settled what analyst and reviewer saw differently.",),
        seconds=131.0,
    )  # fmt: skip


def earlier_report(user: str = "U02ANN7") -> Report:
    """A report that is shown again, because nothing about its document has changed."""
    earlier = EarlierAnalysis("doc-0f6b1c3d9a6e4f7f", datetime(2026, 11, 20, 9, 48, tzinfo=UTC), user)
    return replace(
        thorough_report(), analysis_id="doc-5b4c3d2e1f000f6b", notes=(), parts=1, earlier=earlier, seconds=27.4,
        findings=medium_report().findings[:2], rejected=(), ungrounded=0,
    )  # fmt: skip


def critical_report(count: int = 30) -> Report:
    """More findings than one message holds, most severe first."""
    levels = [RiskLevel.CRITICAL] * 4 + [RiskLevel.HIGH] * 9 + [RiskLevel.MEDIUM] * 10
    findings = [
        _numbered(number, (levels + [RiskLevel.LOW] * count)[number - 1]) for number in range(1, count + 1)
    ]
    return replace(
        medium_report(),
        document_name="master-services-agreement-with-schedules.docx",
        document_kind=DocumentKind.DOCX,
        receipt=ReadingReceipt(pages=None, characters=162_004, passages=871),
        risk_level=RiskLevel.CRITICAL,
        findings=tuple(findings),
        seconds=94.0,
    )


RICH_RECEIPT = ReadingReceipt(
    pages=12,
    pages_without_text=(11,),
    pages_as_pictures=(9, 10),
    characters=38_114,
    passages=204,
    insertions=2,
    deletions=1,
    comments=2,
    hidden=("white text on p. 2", "paragraph with hidden formatting in “7 Fees”"),
    macros=True,
    external_links=3,
    attachments_read=("order-form.docx", "prices.xlsx"),
    attachments_skipped=("logo.heic (can't be read)",),
    warnings=(
        "Clause numbers may be off by one from “8 Term” on.",
        "Read as Word document although it is named .pdf.",
    ),
)


def rich_receipt_report() -> Report:
    """Everything that a receipt can tell, and quotations from kinds of passages that say what they are."""
    deleted = replace(evidence(_LIABILITY, None), locator="14.2 Liability", kind=PassageKind.DELETION)
    comment = replace(
        evidence("Legal has not approved this yet.", None), locator="14.2 Liability", kind=PassageKind.COMMENT
    )
    cell = replace(evidence("Support | per year | 48,000", None), locator="Prices!A5:C5")
    scan = replace(evidence("Renewal fee: 25 % of the initial fee", 9, Match.UNVERIFIED), locator="p. 9")
    return replace(
        medium_report(),
        document_name="master-agreement-redline.docx",
        document_kind=DocumentKind.DOCX,
        receipt=RICH_RECEIPT,
        findings=(
            finding(
                1, title="A draft that is not agreed removes the cap on liability",
                statement="A tracked change deletes the old clause; a comment says that nobody has approved it.",
                why="Whoever signs this version does not know which of the two texts holds.",
                ask="A clean version in which every change is accepted or rejected.", quotations=(deleted, comment),
            ),
            finding(
                2, RiskLevel.MEDIUM, title="Support costs 48,000 a year and rises at renewal",
                statement="The price list and a scanned page name yearly fees beside the agreement's own.",
                why="They are easily overlooked.", ask="One list of all fees.", quotations=(cell, scan),
            ),
        ),
    )  # fmt: skip


def offline_report() -> Report:
    """As `make demo` makes it: rules only, free, without review."""
    return replace(
        medium_report(),
        findings=tuple(replace(item, outcome=Outcome.KEPT, review=None) for item in medium_report().findings),
        rejected=(),
        ungrounded=0,
        agents=(OFFLINE_RULES,),
        reviewed=False,
        review_note="Offline rules are not reviewed.",
        offline=True,
        seconds=0.2,
    )


def unreviewed_report() -> Report:
    """The reviewer could not be reached, and the analyst's price is unknown."""
    return replace(
        offline_report(),
        agents=(replace(ANALYST, cost_nano_usd=None),),
        review_note="The second agent could not be reached, so nobody checked these findings.",
        offline=False,
        seconds=64.0,
    )


def hostile_report() -> Report:
    """Every text tries to mention, link, format, hide or break out."""
    bad = finding(
        1, RiskLevel.HIGH, title=HOSTILE, statement=HOSTILE, why=HOSTILE, ask=HOSTILE, comment=HOSTILE,
        quotations=(evidence(HOSTILE, 1), replace(evidence(HOSTILE, None), locator=HOSTILE)),
        outcome=Outcome.LOWERED, verdict=Verdict.OVERSTATED, before=RiskLevel.CRITICAL, category=HOSTILE,
    )  # fmt: skip
    bad = replace(bad, ruling=Ruling("F1", Verdict.OVERSTATED, RiskLevel.HIGH, HOSTILE))
    return replace(
        medium_report(),
        document_name=f"{HOSTILE}.pdf",
        summary=HOSTILE,
        findings=(bad,),
        rejected=(replace(bad, outcome=Outcome.REJECTED),),
        looked_for_not_found=(HOSTILE,),
        receipt=replace(RECEIPT, warnings=(HOSTILE,)),
        agents=(replace(ANALYST, agent=HOSTILE, model=HOSTILE, instead_of=HOSTILE),),
        language=HOSTILE,
        side=HOSTILE,
        facts=(ReportFact(KeyFact(FactKind.OTHER, HOSTILE, HOSTILE), (evidence(HOSTILE, 1),)),),
        notes=(HOSTILE,),
        earlier=EarlierAnalysis(HOSTILE, NOW, HOSTILE),
    )


_SUBJECTS = (
    (
        "Unlimited liability for every kind of loss", "liability.uncapped", _LIABILITY, "14.2 Liability",
        "The Supplier is liable without any limit, also for lost profit and lost data.",
        "One incident can cost more than the company is worth; insurers do not cover it.",
        "A cap of twelve months’ fees, and no liability for indirect loss.",
    ),
    (
        "Renews for three years unless cancelled half a year ahead", "term.auto_renewal", _RENEWAL, "3.1 Term",
        "The agreement renews by itself for 36 months; notice must be given 180 days before the term ends.",
        "A missed date binds you for three more years at prices you did not agree.",
        "Renewal for 12 months at most, with 60 days’ notice and a reminder from the Supplier.",
    ),
    (
        "Audits at any time on one day’s notice", "audit.rights", _AUDIT, "9 Audit",
        "The Customer may audit premises and records at any time with 24 hours’ notice.",
        "Frequent or sudden audits stop people from working; there is no limit to their number.",
        "One audit a year with ten working days’ notice, except after a breach.",
    ),
    (
        "Fees may rise with the consumer price index", "payment.increase", _FEES, "Schedule 2 › Fees",
        "Once a year the fees may rise by at most the increase of the index.",
        "Usual, and capped; but the index is not named.", "Name the index and the month.",
    ),
)  # fmt: skip


def _numbered(number: int, severity: RiskLevel) -> ReportFinding:
    title, category, quotation, where, statement, why, ask = _SUBJECTS[(number - 1) % len(_SUBJECTS)]
    return finding(
        number,
        severity,
        title=title,
        statement=statement,
        why=why,
        ask=ask,
        quotations=(replace(evidence(quotation, None), locator=where),),
        category=category,
    )
