"""An answer to a question in words: what every form of it (Slack, Markdown, terminal, JSON) says the same way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from smallprint.models.domain import AgentRun, Answer, AnswerPoint, Evidence
from smallprint.reports import wording
from smallprint.reports.markdown import escape_markdown
from smallprint.reports.text import plain, shorten_name

if TYPE_CHECKING:
    from pydantic import TypeAdapter

ANSWER_SCHEMA = "smallprint.answer/1"
NOT_IN_THE_DOCUMENT = "Not in the document"
NOT_IN_THE_DOCUMENTS = "Not in these documents"
NEAREST = "The nearest that I found:"
UNVERIFIED = "Not verified: no words of the document stand behind this."
OWN_QUOTATION = "Not verified: the words in quotation marks in this sentence are the AI's own."
NO_POINTS = "I found no words in the document that answer this."
NO_STATEMENT = "In the document's words:"

_NAME = 80
_MARKS = str.maketrans(dict.fromkeys("✓✔☑✅"))
"""A sentence must not carry the mark of words that we looked up."""
_QUOTED = re.compile('[“„‟«]([^“”„‟«»]+)[”“»]|»([^«»]+)«|"([^"]+)"')
_A_TERM = 3
"""Words: a defined term in quotation marks claims nothing."""


def headline(answer: Answer) -> str:
    """Empty for an answer that was found: then it speaks for itself."""
    if answer.found:
        return ""
    return NOT_IN_THE_DOCUMENT if len(answer.documents) <= 1 else NOT_IN_THE_DOCUMENTS


def statement(point: AnswerPoint) -> str:
    return plain(point.statement.translate(_MARKS)) or NO_STATEMENT


def caution(point: AnswerPoint, answer: Answer) -> str:
    """What to know of a point without words to look up, nothing where it says that there are none; and of one that
    quotes other words than were looked up: a document can talk a model into that.
    """
    if answer.found and not shown(point):
        return UNVERIFIED
    return OWN_QUOTATION if _quotes_otherwise(point) else ""


def shown(point: AnswerPoint) -> tuple[Evidence, ...]:
    """What may be quoted for a point."""
    return tuple(evidence for evidence in point.evidence if evidence.match.shown and plain(evidence.text))


def _quotes_otherwise(point: AnswerPoint) -> bool:
    looked_up = [_letters(evidence.text) for evidence in shown(point)]
    quoted = ["".join(found) for found in _QUOTED.findall(statement(point))]
    quoted = [words for words in quoted if len(words.split()) > _A_TERM]
    return any(not any(_letters(words) in text for text in looked_up) for words in quoted)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def place(evidence: Evidence, point: AnswerPoint, answer: Answer) -> str:
    """p. 3; of several documents also which one."""
    where = wording.locator(evidence)
    if len(answer.documents) <= 1 or point.document >= len(answer.documents):
        return where
    return f"{shorten_name(plain(answer.documents[point.document]), _NAME)}, {where}"


def made_by(answer: Answer) -> tuple[str, ...]:
    """What to think of it, with which model and prompt version, and what it cost."""
    if answer.offline:
        return (wording.OFFLINE_NOTICE,)
    return (wording.AI_NOTICE, *map(_agent, answer.agents), wording.cost(answer.cost_usd))


def notes(answer: Answer) -> tuple[str, ...]:
    return tuple(said for said in map(plain, answer.notes) if said)


def answer_markdown(question: str, answer: Answer) -> str:
    """The complete answer, everything of people, models and documents escaped."""
    return "\n".join(_markdown(question, answer)).rstrip() + "\n"


def answer_json(answer: Answer) -> str:
    """For `smallprint ask --json`."""
    cost = answer.cost_usd
    whole: dict[str, Any] = _adapter().dump_python(answer, mode="json")
    envelope = {"schema": ANSWER_SCHEMA, "cost_usd": None if cost is None else f"{cost:f}", **whole}
    return json.dumps(envelope, ensure_ascii=False, indent=2)


def print_answer(answer: Answer, console: Console) -> None:
    if told := headline(answer):
        console.print(Text(f"{told}.", style="bold yellow"))
    for note in notes(answer):
        console.print(Text(f"! {note}", style="yellow"))
    if not answer.points and answer.found:
        console.print(Text(NO_POINTS))
    for point in answer.points:
        console.print()
        console.print(Text(statement(point)))
        for evidence in shown(point):
            told = f"{place(evidence, point, answer)} · {wording.verification(evidence)}"
            console.print(Text.assemble(("  │ ", "dim"), f"“{plain(evidence.text)}”  ", (told, "dim")))
        if warning := caution(point, answer):
            console.print(Text(f"  ! {warning}", style="yellow"))
    console.print()
    console.print(Text(" · ".join(made_by(answer)), style="dim"))


def _markdown(question: str, answer: Answer) -> Iterator[str]:
    yield f"# {escape_markdown(question)}"
    yield ""
    if told := headline(answer):
        yield f"**{told}.**"
        yield ""
    for point in answer.points:
        yield escape_markdown(statement(point))
        yield ""
        for evidence in shown(point):
            yield f"> “{escape_markdown(evidence.text)}”"
            yield f"> ({escape_markdown(place(evidence, point, answer))}, {wording.verification(evidence)})"
            yield ""
        if warning := caution(point, answer):
            yield f"⚠️ {warning}"
            yield ""
    for note in notes(answer):
        yield escape_markdown(note)
        yield ""
    yield escape_markdown(" · ".join(made_by(answer)))


def _agent(run: AgentRun) -> str:
    prompt = "" if run.prompt_version is None else f" (prompt {run.agent} v{run.prompt_version})"
    instead = f" instead of {plain(run.instead_of)}" if plain(run.instead_of) else ""
    return f"{wording.agent_role(run.agent)} {plain(run.model)}{instead}{prompt}"


@cache
def _adapter() -> TypeAdapter[Answer]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - the command line answers `--help` without it

    return TypeAdapter(Answer)
