"""What stands in the thread while a document is read, and the sentences that answer instead of a result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from smallprint.models.domain import NANO_USD_PER_USD, DocumentKind, Expected, Progress, Step
from smallprint.reports.wording import cost, counted, duration
from smallprint.slack.blocks.elements import actions, bold, bullets, code, context, rich_text, section, words
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.stop import stop_button
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten, shorten_name

DOING = {
    Step.WAITING: "Waiting for my turn",
    Step.READING: "Reading the document",
    Step.ANALYSING: "Analysing: looking for what you should know",
    Step.REVIEWING: "Reviewing: a second agent checks every finding",
}
STEPS = {Step.READING: "Read", Step.ANALYSING: "Analyse", Step.REVIEWING: "Review"}
BEHIND = "Waiting: {documents} before this one"
KINDS = {DocumentKind.MARKDOWN: "Markdown", DocumentKind.TEXT: "Text", DocumentKind.EMAIL: "E-mail"}
IN_PARTS = "read in {parts} parts"
ABOUT = "will cost about {cost}"
SO_FAR = "at it for {duration}"
WORTH_SAYING_S = 10.0
REPLACED = "The result will replace this message."
NOT_ANALYSED = "No analysis"
HELP_TITLE = "I read the small print of a document and answer in its thread."
HELP_SHARE = (
    "Share a document (PDF, Word, PowerPoint, Excel, e-mail, HTML, Markdown, text, a picture of a page or a canvas)"
    " in a channel I'm in, or send it to me directly. Several at once are fine."
)
HELP_FORM = ("/analyse", " alone opens a form for files, a link or some text.")
HELP_COMMAND = "Or give me the link to a file or a message:\n"
HELP_EXAMPLE = "/analyse https://example.slack.com/files/U0123/F0123/contract.pdf"
HELP_WISHES = "After the link you may say, in any order:"
WISHES = (
    (("for the tenant",), ": whose side to take when judging"),
    (("focus liability and exit",), ": what to look at above all"),
    (("in English",), ": the language to answer in, by its English name"),
    (("economy", "balanced", "thorough"), ": how much care and money to spend"),
    (("again",), ": a new analysis, although there is an earlier one"),
)
WISHES_UNKNOWN = "I don't know what to do with “{words}”, so I haven't begun. "
WISHES_QUOTED = "Quotation marks keep words together."
HELP_CHECKED = (
    "Every finding quotes the document, the quotations are looked up in it, and a second agent reviews them."
)
HELP_TIP = "To get a link: ⋮ beside the message or file, then “Copy link”."

_NAME = 100
_SENTENCE = 2_000
_FALLBACK = 700


def progress_message(progress: Progress, *, job_id: str = "", now: datetime | None = None) -> Message:
    """The placeholder: the step, what is done and to come, what is known of the document, and the button that stops it.

    `now`: None leaves out how long it has been going on; an empty `job_id` leaves out the button.
    """
    name = shorten_name(plain(progress.document_name), _NAME)
    doing = _doing(progress)
    title = section(bold(doing), words(f"  {name}") if name else None)
    known = " · ".join(_known(progress, now))
    return Message(
        text=escape_mrkdwn(f"{doing} {name}".strip()),
        blocks=[
            rich_text(title),
            context(*_steps(progress.step), f"· {REPLACED}"),
            *([context(known)] if known else []),
            *(actions(each, block_id="running") for each in stop_button(job_id)),
        ],
    )


def failure_message(sentence: str, *, document_name: str = "") -> Message:
    """Why there is no result and what to do: `sentence` is an error's `user_message`."""
    name = shorten_name(plain(document_name), _NAME)
    title = f"{NOT_ANALYSED}: {name}" if name else NOT_ANALYSED
    told = shorten(plain(sentence), _SENTENCE)
    return Message(
        text=escape_mrkdwn(shorten(f"{title}. {told}", _FALLBACK)),
        blocks=[rich_text(section(bold(f"⚠️ {title}"), words(f"\n{told}") if told else None))],
    )


def answer_message(sentence: str) -> Message:
    """One sentence as the answer to a command."""
    told = shorten(plain(sentence), _SENTENCE) or NOT_ANALYSED
    return Message(escape_mrkdwn(shorten(told, _FALLBACK)), [rich_text(section(words(told)))])


def analyse_help() -> Message:
    """What `/analyse help` answers."""
    return Message(
        text=escape_mrkdwn(f"{HELP_TITLE} {HELP_SHARE}"),
        blocks=[
            rich_text(
                section(bold(HELP_TITLE)),
                bullets(
                    [
                        section(words(HELP_SHARE)),
                        section(code(HELP_FORM[0]), words(HELP_FORM[1])),
                        section(words(HELP_COMMAND), code(HELP_EXAMPLE)),
                    ]
                ),
                section(words(HELP_WISHES)),
                _wishes(),
                section(words(HELP_CHECKED)),
            ),
            context(HELP_TIP),
        ],
    )


def wishes_help(unknown: str) -> Message:
    """What `/analyse` answers to words after the link that are no wish."""
    told = WISHES_UNKNOWN.format(words=shorten(plain(unknown), _NAME))
    return Message(
        text=escape_mrkdwn(told.strip()),
        blocks=[rich_text(section(words(told + HELP_WISHES)), _wishes()), context(WISHES_QUOTED)],
    )


def _wishes() -> Block:
    return bullets(section(*_examples(typed), words(meaning)) for typed, meaning in WISHES)


def _examples(typed: Sequence[str]) -> Iterator[Block]:
    for place, example in enumerate(typed):
        if place:
            yield words(" or " if place == len(typed) - 1 else ", ")
        yield code(example)


def _doing(progress: Progress) -> str:
    if progress.step is Step.WAITING and progress.ahead:
        return BEHIND.format(documents=counted(progress.ahead, "document"))
    return f"{DOING[progress.step]}…"


def _known(progress: Progress, now: datetime | None) -> Iterator[str]:
    if progress.kind is not None:
        yield KINDS.get(progress.kind, progress.kind.value.upper())
    if progress.pages is not None:
        yield counted(progress.pages, plain(progress.unit) or "page")
    if progress.expected is not None:
        yield from _expected(progress.expected)
    if now is not None and progress.since is not None:
        seconds = (now - progress.since).total_seconds()
        if seconds >= WORTH_SAYING_S:
            yield SO_FAR.format(duration=duration(seconds))


def _expected(expected: Expected) -> Iterator[str]:
    if expected.parts > 1:
        yield IN_PARTS.format(parts=expected.parts)
    if expected.cost_nano_usd:
        yield ABOUT.format(cost=cost(Decimal(expected.cost_nano_usd) / NANO_USD_PER_USD))


def _steps(current: Step) -> tuple[str, ...]:
    """✓ Read, ● Analyse, ○ Review"""
    order = list(Step)
    marks = {
        step: "✓" if order.index(step) < order.index(current) else "●" if step is current else "○"
        for step in STEPS
    }
    return tuple(f"{marks[step]} {name}" for step, name in STEPS.items())
