"""The button that stops a running job, and what stands in the thread once somebody pressed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from smallprint.models.domain import NANO_USD_PER_USD, Stop, StopAnswer
from smallprint.reports.wording import cost
from smallprint.slack.blocks.elements import actions, bold, known_user, rich_text, safe_button, section, words
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.repeat import again_button
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten_name

STOP_ACTION = "stop_job"
STOP = "Stop"
STOPPED = "⏹️ Stopped"
BY = "Stopped by "
BEFORE = " before there was a result. "
BEFORE_AN_ANSWER = " before there was an answer. Ask again whenever you like. "
BEFORE_THE_REST = " before the whole answer was there: there may be more to say. "
SOMEBODY = "Stopped"
NOTHING_SPENT = "Nothing was spent."
SPENT = "It had cost {cost} so far."
SPENT_UNKNOWN = "It may have cost something: the AI was stopped before it said how much."
SPENT_MORE = "It had cost {cost} so far, and a little more for what the AI was just writing."

ANSWERS = {
    StopAnswer.STOPPED: "Stopping. What was found so far stays, and so does what it has cost.",
    StopAnswer.ALREADY: "It was stopped already.",
    StopAnswer.TOO_LATE: "It has just finished, so there is nothing to stop any more.",
}
NOT_YOURS = "Only whoever asked for this, or an admin, can stop it."
UNKNOWN_JOB = "I don't know this any more, so there is nothing to stop."

_NAME = 100


def stop_button(job_id: str) -> Iterator[Block]:
    """Nothing for an id that Slack could not carry back."""
    return safe_button(STOP_ACTION, STOP, job_id)


def stopped_message(stop: Stop, job_id: str, *, document_name: str = "") -> Message:
    """In the placeholder's place: who stopped it, what it has cost so far, and the button that begins anew."""
    name = shorten_name(plain(document_name), _NAME)
    title = f"{STOPPED}: {name}" if name else STOPPED
    told, spent = _who(stop), spent_sentence(stop)
    return Message(
        text=escape_mrkdwn(f"{title}. {spent}"),
        blocks=[
            rich_text(section(bold(title), *told, words(f"{BEFORE}{spent}"))),
            *(actions(each) for each in again_button(job_id)),
        ],
    )


def stopped_answer_message(stop: Stop, found: Sequence[Block] = ()) -> Message:
    """In the place of an answer to a question: who stopped it, and what it has cost so far; above it what was `found` by then."""
    told, spent = _who(stop), spent_sentence(stop)
    when = BEFORE_THE_REST if found else BEFORE_AN_ANSWER
    return Message(
        text=escape_mrkdwn(f"{STOPPED}. {spent}"),
        blocks=[*found, rich_text(section(bold(STOPPED), *told, words(f"{when}{spent}")))],
    )


def spent_sentence(stop: Stop) -> str:
    """What it had cost by then, and never less than that."""
    if not stop.cost_nano_usd:
        return SPENT_UNKNOWN if stop.cut_off_calls else NOTHING_SPENT
    sentence = SPENT_MORE if stop.cut_off_calls else SPENT
    return sentence.format(cost=cost(Decimal(stop.cost_nano_usd) / NANO_USD_PER_USD))


def _who(stop: Stop) -> list[Block]:
    who = known_user(stop.by)
    return [words(f"\n{BY}"), who] if who else [words(f"\n{SOMEBODY}")]
