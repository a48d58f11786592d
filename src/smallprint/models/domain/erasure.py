"""What is to be forgotten, and why. Frozen, plain, without I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ErasureKind(StrEnum):
    """What the reference of an erasure names."""

    FILE = "file"
    """A file that was deleted in Slack: everything about it, wherever it was shared."""
    MESSAGE = "message"
    """A message that was deleted: the files it shared in its channel."""
    CHANNEL = "channel"
    """A channel that we are no longer in."""
    WORKSPACE = "workspace"
    """A workspace that took our token away."""
    JOB = "job"
    """One analysis that somebody asked us to forget."""

    @property
    def shown(self) -> bool:
        """True where we can still say in Slack that it is gone."""
        return self in {ErasureKind.FILE, ErasureKind.MESSAGE, ErasureKind.JOB}


@dataclass(frozen=True, slots=True)
class Erasure:
    """One wish to forget; written down before anything is erased, and done again where a crash came between."""

    request_id: str
    """The same however often it arrives."""
    kind: ErasureKind
    team: str
    channel: str = ""
    reference: str = ""
    """A file's id, a message's ts, or a job's id; empty for a channel or a workspace."""
    actor: str = ""
    """Who asked; empty when Slack told us."""
