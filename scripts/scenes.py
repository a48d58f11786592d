"""The scenes that scripts/screenshots.py draws: fixed sample data through the product's own block functions.

To add one, add a line to `SCENES`, or to `ASKING_SCENES` beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from scripts.asking_scenes import ASKING_SCENES
from scripts.scene import Scene, bot, channel, home, modal, person, shared, thread
from tests.fakes import activity, listed_prompts, reports
from tests.fakes.usage import usage_by_channel

from smallprint.errors import EncryptedDocument
from smallprint.models.domain import (
    ActivationAction,
    Decision,
    DocumentKind,
    Expected,
    FindingDecision,
    Gate,
    Progress,
    Step,
)
from smallprint.models.statistics import Period
from smallprint.prompts.diff import diff_prompts
from smallprint.slack.blocks.all_findings import all_findings_modal
from smallprint.slack.blocks.announcement import announcement, undone
from smallprint.slack.blocks.budget import budget_notice, budgets_message
from smallprint.slack.blocks.decision import dismiss_modal
from smallprint.slack.blocks.feedback import reason_modal
from smallprint.slack.blocks.home import home_view
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import analyse_help, failure_message, progress_message
from smallprint.slack.blocks.prompt_answers import prompt_changed, rollback_question
from smallprint.slack.blocks.prompt_history import prompt_history
from smallprint.slack.blocks.prompt_list import prompt_list
from smallprint.slack.blocks.prompt_modal import PromptChoice, change_modal
from smallprint.slack.blocks.prompt_statistics import prompt_statistics
from smallprint.slack.blocks.receipt import receipt_message
from smallprint.slack.blocks.repeat import CONSENT_ACTION, cost_question, pressed
from smallprint.slack.blocks.rerun_modal import rerun_modal
from smallprint.slack.blocks.usage import usage_message
from smallprint.slack.carried import Carried, CarriedRerun
from smallprint.slack.usage_answers import SEES_EVERYTHING

COST = (
    "Analysing this document (312 pages) would cost about $3.10, more than the $1.00 that may be spent without asking."
    " Nothing was spent so far."
)


# --- the scenes ------------------------------------------------------------------------------------------


def _result() -> Scene:
    report = reports.medium_report()
    return thread(replace(report, findings=report.findings[:2]))


def _progress() -> Scene:
    """Four moments of one message."""
    now = reports.NOW
    read = Progress(
        Step.ANALYSING,
        since=now - timedelta(seconds=25),
        document_name="services-agreement.pdf",
        kind=DocumentKind.PDF,
        pages=14,
        expected=Expected(parts=1, cost_nano_usd=40_000_000),
    )
    steps = (
        Progress(Step.WAITING, ahead=2),
        Progress(Step.READING, since=now, document_name=read.document_name),
        read,
        replace(read, step=Step.REVIEWING, since=now - timedelta(seconds=70)),
    )
    told = (bot(progress_message(step, job_id="doc-1", now=now)) for step in steps)
    return channel(shared(reports.medium_report()), *told)


def _refusal() -> Scene:
    return channel(
        person(
            "The minutes, please:", file={"name": "board-minutes.pdf", "kind": "PDF", "about": "PDF · 90 kB"}
        ),
        bot(failure_message(EncryptedDocument.sentence, document_name="board-minutes.pdf")),
        bot(cost_question(COST, "doc-1")),
        bot(_agreed()),
    )


def _agreed() -> Message:
    question = cost_question(COST, "doc-1")
    return Message(question.text, pressed(question.blocks, CONSENT_ACTION, "U03BOB8"))


def _prompt_modal() -> Scene:
    target = Carried("set", "document_analysis", 3, 41)
    pins = (listed_prompts.pin(),)
    choice = PromptChoice(target, listed_prompts.two_versions(), listed_prompts.EVALUATED, pins)
    return Scene((modal(change_modal(choice)),))


def _rerun() -> Scene:
    carried = str(CarriedRerun("doc-1", "1.0"))
    return Scene((modal(rerun_modal(reports.medium_report(), listed_prompts.two_agents(), carried)),))


def _prompt_list() -> Scene:
    now = reports.NOW + timedelta(hours=2)
    return channel(bot(prompt_list(listed_prompts.two_agents(), now), only_you=True), name="prompt-admins")


def _prompt_history() -> Scene:
    now = reports.NOW + timedelta(hours=2)
    told = prompt_history(listed_prompts.history(), "document_analysis", now)
    return channel(bot(told, only_you=True), name="prompt-admins")


def _prompt_changes() -> Scene:
    """A rollback asked and answered, and a change told to the admins, before and after Undo."""
    told, versions = _announced(), listed_prompts.two_versions()
    return channel(
        bot(rollback_question(diff_prompts(versions.other, versions.one), 41), only_you=True),
        bot(prompt_changed(listed_prompts.activation(), (listed_prompts.pin(3),)), only_you=True),
        bot(told),
        bot(Message(told.text, undone(told.blocks, listed_prompts.activation(), "ann"))),
        name="prompt-admins",
    )


def _announced() -> Message:
    change = listed_prompts.activation(
        before=2, after=3, action=ActivationAction.SET, reason="quotations are too long", gate=Gate.OVERRIDDEN
    )
    return announcement(change, "bob")


def _prompt_stats() -> Scene:
    told = prompt_statistics("document_analysis", listed_prompts.statistics(), Period.parse("30d"))
    return channel(bot(told, only_you=True), name="prompt-admins")


def _usage() -> Scene:
    return channel(
        bot(usage_message(usage_by_channel(), SEES_EVERYTHING), only_you=True),
        bot(budgets_message(activity.some_budgets(), admin=True), only_you=True),
    )


def _notices() -> Scene:
    return channel(bot(_announced()), bot(budget_notice(activity.notice())), name="prompt-admins")


def _decided() -> Scene:
    report = reports.medium_report()
    accepted, dismissed = report.findings[0].finding.id, report.findings[1].finding.id
    return thread(
        report, decisions={accepted: _decision(accepted, Decision.ACCEPTED), dismissed: _decision(dismissed)}
    )


def _all_findings() -> Scene:
    report = reports.medium_report()
    decided = report.findings[0].finding.id
    held = {decided: _decision(decided, Decision.ACCEPTED)}
    return Scene((modal(all_findings_modal(report, held, 0, "doc-1")),))


def _decision(finding_id: str, decision: Decision = Decision.DISMISSED) -> FindingDecision:
    why = "our insurer agreed to it" if decision is Decision.DISMISSED else ""
    return FindingDecision("doc-1", finding_id, decision, "U03BOB8", why, "r1", reports.NOW)


SCENES: Mapping[str, Callable[[], Scene]] = {
    "result": _result,
    "result-low": lambda: thread(reports.low_report()),
    "result-earlier": lambda: thread(reports.earlier_report()),
    "result-critical": lambda: thread(reports.critical_report()),
    "result-thorough": lambda: thread(reports.thorough_report()),
    "result-offline": lambda: thread(reports.offline_report()),
    "result-hostile": lambda: thread(reports.hostile_report()),
    "result-decided": _decided,
    "all-findings": _all_findings,
    "dismiss": lambda: Scene((modal(dismiss_modal(1, reports.medium_report().findings[0], "doc-1")),)),
    "not-useful": lambda: Scene((modal(reason_modal("doc-1")),)),
    "what-was-read": lambda: channel(bot(receipt_message(reports.rich_receipt_report()), only_you=True)),
    "progress": _progress,
    "refusal": _refusal,
    "help": lambda: channel(bot(analyse_help(), only_you=True)),
    "app-home": lambda: Scene((home(home_view(activity.admins_home())),), "Smallprint"),
    "usage": _usage,
    "notices": _notices,
    "prompt-list": _prompt_list,
    "prompt-changes": _prompt_changes,
    "prompt-history": _prompt_history,
    "prompt-stats": _prompt_stats,
    "prompt-modal": _prompt_modal,
    "other-version": _rerun,
    **ASKING_SCENES,
}
