"""What people can do with a result, joined: every button, the ⋯ menu and its entries."""

from __future__ import annotations

from collections.abc import Sequence

from smallprint.bootstrap.product import Product
from smallprint.bootstrap.slack_side import SlackSide
from smallprint.documents.highlights import PdfHighlighter
from smallprint.services.database.feedback import FeedbackStore
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.versions import VersionStore
from smallprint.slack.app import Listener
from smallprint.slack.asking import Asking
from smallprint.slack.blocks.compare_modal import COMPARE
from smallprint.slack.blocks.receipt import READ
from smallprint.slack.blocks.repeat import AGAIN
from smallprint.slack.blocks.rerun_modal import WITH
from smallprint.slack.exports import Exports
from smallprint.slack.file_access import FileAccess
from smallprint.slack.inbox import Accept
from smallprint.slack.listeners.actions import ActionListeners
from smallprint.slack.listeners.compare_with import CompareWithListener
from smallprint.slack.listeners.decisions import DecisionListener
from smallprint.slack.listeners.export import ExportListener
from smallprint.slack.listeners.feedback import FeedbackListener
from smallprint.slack.listeners.findings import FindingsListener
from smallprint.slack.listeners.other_version import OtherVersionListener
from smallprint.slack.listeners.repeat import RepeatListener
from smallprint.slack.listeners.result_menu import ResultMenuListener
from smallprint.slack.listeners.share import ShareListener
from smallprint.slack.results import Results


def result_listeners(
    product: Product, slack: SlackSide, asking: Asking, accept: Accept
) -> Sequence[Listener]:
    """One for everything that stands under a result."""
    reports, permissions, modals = product.analyses, slack.permissions, slack.modals
    jobs, feedback = JobStore(product.database), FeedbackStore(product.database)
    results = Results(slack.clients, reports, feedback, jobs)
    access = FileAccess(slack.files, permissions)
    exports = Exports(reports, feedback, jobs, slack.sources, access, PdfHighlighter(), slack.posts)
    reading = ActionListeners(reports)
    repeating = RepeatListener(slack.clients, jobs, permissions, accept)
    other_version = OtherVersionListener(product.prompts, reports, jobs, permissions, modals, accept)
    versions = VersionStore(product.database)
    comparing = CompareWithListener(versions, reports, jobs, permissions, modals, accept)
    menu = {
        READ: reading.read,
        AGAIN: repeating.again,
        WITH: other_version.chosen,
        COMPARE: comparing.chosen,
    }
    return (
        reading,
        repeating,
        other_version,
        comparing,
        ResultMenuListener(menu),
        FindingsListener(results, slack.posts, modals),
        DecisionListener(results, feedback, permissions, modals),
        FeedbackListener(feedback, modals),
        ExportListener(exports, modals),
        ShareListener(jobs, reports, feedback, asking, slack.posts),
    )
