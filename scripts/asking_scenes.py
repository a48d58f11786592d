"""Scenes of asking: forms, questions and answers, comparisons, and how a channel wants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from scripts.scene import Scene, bot, channel, modal, person, shared
from tests.fakes import reports
from tests.fakes.asked import a_verified_point, a_whole_answer
from tests.fakes.versions import an_explanation, computed_changes, some_changes

from smallprint.models.domain import (
    ChannelFacts,
    ChannelSettings,
    Direction,
    DocumentKind,
    Handling,
    Profile,
    RiskLevel,
    Stop,
)
from smallprint.services.database.versions import AnalysedDocument
from smallprint.slack.blocks.alert import group_alert
from smallprint.slack.blocks.answer import answer_message
from smallprint.slack.blocks.ask_modal import ask_modal
from smallprint.slack.blocks.changes import changes_message
from smallprint.slack.blocks.compare_modal import CarriedComparison, compare_modal
from smallprint.slack.blocks.export import export_modal
from smallprint.slack.blocks.introduction import introduction
from smallprint.slack.blocks.offer import offer_message
from smallprint.slack.blocks.product_help import product_help
from smallprint.slack.blocks.settings_modal import UserGroup, settings_modal
from smallprint.slack.blocks.stop import stopped_message

SETTINGS = ChannelSettings(
    handling=Handling.ASK_FIRST,
    kinds=frozenset({DocumentKind.PDF}),
    profile=Profile.THOROUGH,
    language="English",
    alert="S0LEGAL001",
)
FACTS = ChannelFacts(members=64)
GROUPS = (UserGroup("S0LEGAL001", "legal"),)


def _answer() -> Scene:
    answer = a_whole_answer(
        a_verified_point("Notice is ninety days, in writing."),
        a_verified_point("It must arrive before the term ends.", "before the end of the then current term"),
    )
    return Scene(
        (person("@Smallprint how long is the notice period?"), bot(answer_message(answer))),
        "Thread",
        "# contracts",
    )


def _changes() -> Scene:
    judged = (
        an_explanation("C1", meaning="Invoices fall due within 14 days; before, no time was named."),
        an_explanation("C2", meaning="Twice the term, and three times the notice to get out of it."),
        an_explanation(
            "C3", meaning="Another word for the same.", direction=Direction.NEUTRAL, severity=RiskLevel.LOW
        ),
    )
    told = some_changes(
        *computed_changes().found.changes,
        summary="The term is twice as long, the notice three times, and payment has a deadline.",
        explanations=judged,
    )
    new = {"name": "contract v2.pdf", "kind": "PDF", "about": "PDF · 184 kB"}
    return Scene(
        (person("The new version:", who="bob", file=new), bot(changes_message(told))),
        "Thread",
        "# contracts",
    )


def _compare() -> Scene:
    others = [_analysed(1, "contract v1.pdf", "high"), _analysed(2, "nda-northwind.docx", "low")]
    carried = CarriedComparison("doc-1", "1700000000.000100")
    return Scene((modal(compare_modal(reports.medium_report(), others, carried)),))


def _analysed(number: int, name: str, level: str) -> AnalysedDocument:
    return AnalysedDocument(
        job_id=f"doc-{number}", file_id=f"F{number}", name=name, sha256=f"{number:064x}", risk_level=level,
        shared_at=datetime(2026, 11, 20 + number, 9, tzinfo=UTC), ordinal=0, message_ts="",
    )  # fmt: skip


def _channel() -> Scene:
    return channel(
        bot(introduction(Handling.ASK_FIRST)),
        shared(reports.medium_report()),
        bot(offer_message("doc-1")),
        bot(stopped_message(Stop("U03BOB8", 12_000_000, 0), "doc-1", document_name="services-agreement.pdf")),
        bot(group_alert("S0LEGAL001", reports.critical_report())),
    )


ASKING_SCENES: Mapping[str, Callable[[], Scene]] = {
    "ask": lambda: Scene((modal(ask_modal("{}", present=True)),)),
    "answer": _answer,
    "changes": _changes,
    "compare-with": _compare,
    "export": lambda: Scene((modal(export_modal(reports.medium_report(), "doc-1")),)),
    "channel": _channel,
    "channel-settings": lambda: Scene((modal(settings_modal(SETTINGS, FACTS, GROUPS, "{}", admin=True)),)),
    "product-help": lambda: channel(bot(product_help(), only_you=True)),
}
