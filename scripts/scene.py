"""The parts of a scene, as scripts/screenshots/page.jsx draws them. What is drawn was validated against Slack's limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smallprint.models.domain import Decisions, Report
from smallprint.slack.blocks.limits import validate_blocks, validate_view
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.modal import Modal
from smallprint.slack.blocks.report import NO_DECISIONS, report_message

Json = dict[str, Any]

TIME = "10:30"
NAMES: Json = {
    "people": [{"id": "U02ANN7", "name": "ann"}, {"id": "U03BOB8", "name": "bob"}],
    "channels": [{"id": "C0CONTRACT", "name": "contracts"}, {"id": "C0LEGAL001", "name": "legal"}],
    "groups": [{"id": "S0LEGAL001", "name": "legal"}],
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a person sees at once; `title` and `place` stand in the bar above."""

    parts: tuple[Json, ...]
    title: str = ""
    place: str = ""

    def to_json(self) -> Json:
        """For scripts/screenshots/page.jsx."""
        bar = [self.title, self.place] if self.title else None
        return {"bar": bar, "parts": list(self.parts), **NAMES}


def bot(message: Message, *, only_you: bool = False) -> Json:
    """Raises ValueError for what Slack would refuse."""
    return _valid(
        {"kind": "bot", "blocks": message.blocks, "onlyYou": only_you, "time": TIME},
        validate_blocks(message.blocks),
    )


def modal(asked: Modal) -> Json:
    view = asked.view()
    return _valid({"kind": "modal", "view": view}, validate_view(view))


def home(view: Json) -> Json:
    return _valid({"kind": "home", "view": view}, validate_view(view))


def person(text: str, *, who: str = "ann", file: Json | None = None) -> Json:
    return {"kind": "person", "who": who, "colour": "#4a154b", "time": "10:29", "text": text, "file": file}


def shared(report: Report, text: str = "Could we sign this by Thursday?") -> Json:
    kind = report.document_kind.value.upper()
    return person(text, file={"name": report.document_name, "kind": kind, "about": f"{kind} · 182 kB"})


def thread(report: Report, decisions: Decisions = NO_DECISIONS) -> Scene:
    """A document and what is said of it."""
    replies = (bot(report_message(report, decisions)),)
    parts = (shared(report), {"kind": "replies", "count": len(replies)}, *replies)
    return Scene(parts, "Thread", "# contracts")


def channel(*parts: Json, name: str = "contracts") -> Scene:
    return Scene(parts, f"# {name}")


def _valid(part: Json, problems: list[str]) -> Json:
    if problems:
        raise ValueError("\n".join(problems))
    return part
