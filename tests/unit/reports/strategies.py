"""Any report that the types allow, likely or not."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from smallprint.models.domain import (
    AgentRun,
    DocumentKind,
    DocumentType,
    EarlierAnalysis,
    Evidence,
    FactKind,
    Finding,
    FindingReview,
    KeyFact,
    Match,
    Outcome,
    PassageKind,
    Profile,
    ReadingReceipt,
    Report,
    ReportFact,
    ReportFinding,
    RiskLevel,
    Ruling,
    Usage,
    Verdict,
)
from tests.fakes.reports import HOSTILE, NOW

_FIXED = (
    "",
    " ",
    HOSTILE,
    "契約" * 150,
    "عقد " * 60,
    "🧨" * 80,
    "x" * 10_000,
    "word " * 300,
    "\n\n\t",
    "\ud800",
    "\\" * 400,
    '"' * 900,
)

texts = st.one_of(
    st.text(max_size=60),
    st.sampled_from(_FIXED),
    st.builds("{}{}".format, st.sampled_from(_FIXED), st.text(max_size=20)),
)
counts = st.integers(0, 5_000)
levels = st.sampled_from(RiskLevel)

evidences = st.builds(
    Evidence,
    st.sampled_from(Match),
    texts,
    st.none() | counts,
    st.none() | counts,
    texts,
    st.none(),
    st.none(),
    st.sampled_from(PassageKind),
)
findings = st.builds(Finding, texts, texts, texts, texts, texts, texts, levels, st.just(()))
reviews = st.builds(FindingReview, texts, st.sampled_from(Verdict), levels, texts)
rulings = st.builds(Ruling, texts, st.sampled_from(Verdict), levels, texts)
report_findings = st.builds(
    ReportFinding, findings, levels, st.sampled_from(Outcome), st.lists(evidences, max_size=4).map(tuple),
    st.none() | reviews, st.none() | rulings,
)  # fmt: skip
facts = st.builds(
    ReportFact,
    st.builds(KeyFact, st.sampled_from(FactKind), texts, texts),
    st.lists(evidences, max_size=2).map(tuple),
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds must be naive
user_ids = st.sampled_from(["", "U02ANN7", "W0ENTERPRISE"]) | texts
earlier_analyses = st.builds(EarlierAnalysis, texts, moments, user_ids)
some_texts = st.lists(texts, max_size=12).map(tuple)
receipts = st.builds(
    ReadingReceipt,
    pages=st.none() | counts,
    pages_without_text=st.lists(st.integers(1, 900), max_size=40).map(tuple),
    pages_as_pictures=st.lists(st.integers(1, 900), max_size=40).map(tuple),
    unit=st.sampled_from(("page", "slide", "sheet")),
    characters=counts,
    passages=counts,
    insertions=counts,
    deletions=counts,
    comments=counts,
    hidden=some_texts,
    macros=st.booleans(),
    external_links=counts,
    attachments_read=some_texts,
    attachments_skipped=some_texts,
    warnings=some_texts,
)
agent_runs = st.builds(
    AgentRun, texts, texts, st.none() | counts, st.just(Usage()), st.none() | st.integers(0, 10**13),
    st.floats(0, 10**5), texts,
)  # fmt: skip


def many(items: st.SearchStrategy[ReportFinding], most: int) -> st.SearchStrategy[tuple[ReportFinding, ...]]:
    """Up to `most`, repeated from a few: sixty findings without sixty times the data."""
    few = st.lists(items, max_size=4)
    return st.builds(lambda kinds, times: tuple((kinds * times)[:most]), few, st.integers(1, most))


reports = st.builds(
    Report, texts, texts, st.sampled_from(DocumentKind), texts, receipts, texts, levels,
    many(report_findings, 60).map(lambda found: tuple(sorted(found, key=lambda finding: -finding.severity.rank))),
    many(report_findings, 30), st.integers(0, 99), st.lists(texts, max_size=30).map(tuple),
    st.lists(agent_runs, max_size=4).map(tuple), st.booleans(), texts, st.booleans(), st.floats(0, 10**5), st.just(NOW),
    st.none() | st.sampled_from(Profile), st.sampled_from(DocumentType), texts, texts,
    st.lists(facts, max_size=12).map(tuple), counts, st.integers(1, 40), some_texts, st.none() | earlier_analyses,
)  # fmt: skip
