"""One file on its way through Slack. Frozen, plain, without I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from smallprint.models.domain.brief import Brief
from smallprint.models.domain.report import Report

WANTED = "wanted"
ASKING = frozenset({"app_mention", "command", "shortcut", WANTED})
"""Triggers by which somebody asks for an analysis; the others only share a file, or repeat a job."""


class Step(StrEnum):
    """What a job is doing, as the placeholder shows it."""

    WAITING = "waiting"
    READING = "reading"
    ANALYSING = "analysing"
    REVIEWING = "reviewing"


class JobKind(StrEnum):
    """What is to be done."""

    DOCUMENT = "document"
    """Read a file and report on it."""
    QUESTION = "question"
    """Answer somebody who spoke to us in a thread."""
    CHANGES = "changes"
    """Say what a newer version of a document changes: `file_id` is the newer, `brief.compare_with` the older one's job."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to be done for one thread: ids, and what the asker wants; nothing of the document."""

    id: str
    team: str
    channel: str
    thread_ts: str
    """Root of the thread that gets the answer; empty for a command, whose thread we open."""
    file_id: str
    """Slack's id of the file; for a link that somebody gave us, the link (https://…); empty for a question."""
    user: str
    """Who shared the file or asked."""
    trigger: str
    """"message", "file_shared", "app_mention" or "command"; "wanted" for a button under
    our offer; "consent" and "again" for a job that a button repeats."""
    message_ts: str = ""
    """The message that carries the file; for a command, a name of its own. Empty when it is not known."""
    ordinal: int = 0
    """The file's place among the files of its message, from 0."""
    of: int = 1
    """How many files the message has."""
    brief: Brief = field(default_factory=Brief)
    kind: JobKind = JobKind.DOCUMENT


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of one file of several in a message."""

    job: Job
    outcome: str
    """The risk level, or an error's code."""
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A downloaded file."""

    name: str
    content: bytes
