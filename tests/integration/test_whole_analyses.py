"""A whole analysis at the wire: every profile, long documents, scans, tables, other languages, refusals, other servers.

The real product (reader, agents, client, database) with a loopback Claude, as the command line assembles it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from smallprint.agents.pictures import NOTHING_TO_READ
from smallprint.bootstrap.product import Product, assemble
from smallprint.config import Settings
from smallprint.errors import CostNeedsConsent, ModelOverloaded, ModelRefused, ScannedDocument
from smallprint.models.domain import AnalysisRequest, Brief, Match, Profile, Report, RiskLevel, Step
from tests.fakes.claude import FakeClaude, LocalServer, outcomes
from tests.fakes.documents import pdf, word
from tests.fakes.office import workbook_of
from tests.fakes.pictures import scan

SONNET, HAIKU, OPUS = "claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5"
AGREEMENT = (Path(__file__).parents[2] / "examples" / "services-agreement.pdf").read_bytes()
GERMAN = word(
    "Dienstleistungsvertrag",
    "Der Auftragnehmer haftet gegenüber dem Auftraggeber unbeschränkt für alle Schäden.",
    "Der Vertrag verlängert sich jeweils um drei Jahre, sofern er nicht mit einer Frist von sechs Monaten gekündigt wird.",
)
ARABIC = word(
    "اتفاقية خدمات",
    "يتحمل المورد المسؤولية الكاملة غير المحدودة عن جميع الأضرار التي تلحق بالعميل.",
    "تتجدد هذه الاتفاقية تلقائياً لمدد متتالية كل منها ثلاث سنوات ما لم يُخطر أحد الطرفين الآخر.",
)


@asynccontextmanager
async def product(tmp_path: Path, url: str, **settings: Any) -> AsyncIterator[Product]:
    values = {
        "anthropic_api_key": "sk-ant-test",
        "anthropic_base_url": url,
        "database_url": f"sqlite+aiosqlite:///{tmp_path}/smallprint.db",
        "max_retries": 0,
        **settings,
    }
    async with assemble(Settings(_env_file=None, **values)) as assembled:
        yield assembled


async def analysed(
    product: Product, name: str, content: bytes, analysis_id: str = "an1", **wishes: Any
) -> Report:
    async def quiet(step: Step) -> None:
        pass

    document = await product.reader.read(name, content)
    return await product.orchestrator.run(
        document, AnalysisRequest(analysis_id, brief=Brief(**wishes)), quiet
    )


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


def asked(claude: FakeClaude) -> dict[str, str]:
    """The form of each answer and the model that gave it."""
    return {bill.form: bill.model for bill in claude.billed}


# --- profiles --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "models"),
    [
        (Profile.ECONOMY, {"AnalystAnswer": HAIKU, "ReviewerAnswer": HAIKU, "TriageAnswer": HAIKU}),
        (Profile.BALANCED, {"AnalystAnswer": SONNET, "ReviewerAnswer": HAIKU, "TriageAnswer": HAIKU}),
        (
            Profile.THOROUGH,
            {
                "AnalystAnswer": SONNET,
                "ReviewerAnswer": HAIKU,
                "TriageAnswer": HAIKU,
                "AdjudicatorAnswer": OPUS,
            },
        ),
    ],
)
async def test_each_profile_asks_its_models_and_the_report_says_which(tmp_path, claude, profile, models):
    async with product(tmp_path, claude.url) as ready:
        report = await analysed(ready, "services-agreement.pdf", AGREEMENT, profile=profile)

    assert asked(claude) == models
    assert report.profile is profile
    assert {run.model for run in report.agents} == set(models.values())
    assert all(evidence.match is Match.EXACT for each in report.findings for evidence in each.evidence)
    assert report.facts


async def test_what_the_asker_wants_reaches_the_analyst_as_words_of_the_task(tmp_path, claude):
    async with product(tmp_path, claude.url) as ready:
        await analysed(
            ready, "a.pdf", AGREEMENT, side="the customer", focus="exit and renewal", language="French"
        )

    analyst = next(body for body in claude.received if body["model"] == SONNET)
    task = analyst["messages"][-1]["content"][-1]["text"]
    assert [words in task for words in ("the customer", "exit and renewal", "French")] == [True] * 3


# --- long documents --------------------------------------------------------------------------------------


def four_hundred_pages() -> bytes:
    def page(number: int) -> list[str]:
        return [
            f"{number}.{clause} The Supplier shall deliver item {number}-{clause} to the Customer within {clause + 5} days"
            f" of the order, and the Customer shall pay {number * 7 + clause} euros for it within thirty days of receipt."
            for clause in range(1, 9)
        ]

    return pdf(*[page(number) for number in range(1, 401)])


async def test_four_hundred_pages_are_read_in_parts_with_one_report(tmp_path, claude):
    async with product(tmp_path, claude.url) as ready:
        report = await analysed(ready, "framework.pdf", four_hundred_pages(), cost_accepted=True)

    forms = [bill.form for bill in claude.billed]
    assert report.parts > 1
    assert (forms.count("AnalystAnswer"), forms.count("ReviewerAnswer")) == (report.parts, report.parts)
    assert (forms.count("ReductionAnswer"), forms.count("TriageAnswer")) == (1, 1)
    pages = {evidence.page for each in report.findings for evidence in each.evidence}
    assert max(page or 0 for page in pages) > 300
    assert report.receipt.pages == 400


async def test_a_costly_document_is_asked_about_and_nothing_is_sent(tmp_path, claude):
    async with product(tmp_path, claude.url, ask_above_cost_usd=0.2) as ready:
        with pytest.raises(CostNeedsConsent, match=r"about \$\d\.\d\d, more than the \$0\.20"):
            await analysed(ready, "framework.pdf", four_hundred_pages())

    assert claude.received == []


# --- scans and tables ------------------------------------------------------------------------------------


async def test_a_scan_is_looked_at_and_its_quotations_say_that_nobody_could_verify_them(tmp_path, claude):
    async with product(tmp_path, claude.url) as ready:
        report = await analysed(ready, "scan.pdf", scan(None, None))

    assert {evidence.match for each in report.findings for evidence in each.evidence} == {Match.UNVERIFIED}


async def test_a_workbook_of_fifty_thousand_rows_goes_as_figures_and_a_sample(tmp_path, claude):
    rows: list[list[str | float]] = [["Date", "Supplier", "Amount"]]
    rows += [
        [f"2026-01-{row % 28 + 1:02}", f"Supplier {row % 97}", float(row % 900)] for row in range(50_000)
    ]
    rows[40_000][2] = 9_999_999.0
    async with product(tmp_path, claude.url) as ready:
        report = await analysed(ready, "ledger.xlsx", workbook_of(rows))

    analyst = next(body for body in claude.received if body["model"] == SONNET)
    sent = str(analyst["messages"])
    assert "50,000 rows of data" in sent
    assert "9,999,999" in sent, "an outlier is worth showing"
    assert len(sent) < 60_000
    assert report.receipt.pages == 1


# --- languages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("vertrag.docx", GERMAN, "haftet gegenüber dem Auftraggeber"), ("اتفاقية.docx", ARABIC, "يتحمل المورد")],
    ids=["German", "Arabic"],
)
async def test_a_document_in_another_language_is_quoted_in_its_own_words(
    tmp_path, claude, name, content, words
):
    async with product(tmp_path, claude.url) as ready:
        report = await analysed(ready, name, content)

    quoted = [evidence.text for each in report.findings for evidence in each.evidence]
    assert any(words in text for text in quoted)
    assert report.ungrounded == 0


# --- when a model does not answer ------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [outcomes.refusal(), outcomes.overloaded()], ids=["refusal", "overload"])
async def test_another_model_steps_in_and_the_report_says_so(tmp_path, claude, outcome):
    claude.always(outcome, match=lambda body: body["model"] == SONNET)
    async with product(tmp_path, claude.url) as ready:
        report = await analysed(ready, "a.pdf", AGREEMENT)

    assert asked(claude)["AnalystAnswer"] == OPUS
    assert len(report.notes) == 1
    assert (OPUS in report.notes[0], SONNET in report.notes[0]) == (True, True)


async def test_without_fallbacks_a_refusal_is_the_end_with_its_sentence(tmp_path, claude):
    claude.always(outcomes.refusal(), match=lambda body: body["model"] == SONNET)
    async with product(tmp_path, claude.url, fallback_models="none") as ready:
        with pytest.raises(ModelRefused):
            await analysed(ready, "a.pdf", AGREEMENT)


async def test_while_claude_is_down_the_offline_rules_answer_if_they_may(tmp_path, claude):
    claude.always(outcomes.overloaded())
    async with product(tmp_path, claude.url, offline_fallback=True) as ready:
        report = await analysed(ready, "a.pdf", AGREEMENT)
        assert report.offline
        assert "offline rules" in report.notes[0]
        assert report.risk_level in {RiskLevel.HIGH, RiskLevel.CRITICAL}
        claude.answer_well()
        again = await analysed(ready, "a.pdf", AGREEMENT, "an2")

    assert (again.offline, again.earlier) == (False, None)


async def test_by_default_an_outage_is_said_and_nothing_is_made_up(tmp_path, claude):
    claude.always(outcomes.overloaded())
    async with product(tmp_path, claude.url) as ready:
        with pytest.raises(ModelOverloaded):
            await analysed(ready, "a.pdf", AGREEMENT)


# --- the same document again -----------------------------------------------------------------------------


async def test_the_same_bytes_again_cost_nothing_and_asking_again_costs(tmp_path, claude):
    async with product(tmp_path, claude.url) as ready:
        first = await analysed(ready, "a.pdf", AGREEMENT)
        calls = len(claude.received)
        shown = await analysed(ready, "renamed.pdf", AGREEMENT, "an2")
        assert len(claude.received) == calls
        made = await analysed(ready, "a.pdf", AGREEMENT, "an3", again=True)

    assert shown.earlier is not None
    assert (shown.document_name, shown.cost_nano_usd, shown.findings) == ("renamed.pdf", 0, first.findings)
    assert made.earlier is None
    assert len(claude.received) == 2 * calls


async def test_a_prompt_that_was_changed_since_makes_a_new_report(tmp_path, claude):
    async with product(tmp_path, claude.url) as ready:
        await analysed(ready, "a.pdf", AGREEMENT)
        await ready.prompts.set("document_analysis", 2, actor="U1", reason="a try", request_id="r1")
        again = await analysed(ready, "a.pdf", AGREEMENT, "an2")

    assert again.earlier is None
    assert again.agents[0].prompt_version == 2


# --- a server of one's own -------------------------------------------------------------------------------

LOCAL = {
    "endpoint": "compatible",
    "default_model": "qwen3:32b",
    "reviewer_model": "gpt-oss:20b",
    "fallback_models": "none",
}


async def test_a_server_without_schema_support_gives_a_whole_report(tmp_path):
    async with (
        LocalServer(rejects_output_config=True) as server,
        product(tmp_path, server.url, **LOCAL) as ready,
    ):
        report = await analysed(ready, "a.pdf", AGREEMENT)

    assert report.reviewed
    assert report.findings
    assert {run.model for run in report.agents} == {"qwen3:32b", "gpt-oss:20b"}
    assert report.cost_nano_usd is None


async def test_a_server_that_cannot_see_says_so_about_a_scan(tmp_path):
    async with LocalServer() as server, product(tmp_path, server.url, **LOCAL) as ready:
        with pytest.raises(ScannedDocument) as refused:
            await analysed(ready, "scan.pdf", scan(None))

    assert refused.value.user_message == NOTHING_TO_READ
    assert server.received == []
