"""Files as Slack would hand them out, and a reader that takes their bytes for text."""

from __future__ import annotations

from smallprint.models.domain import Document, Job, SharedFile
from tests.fakes.passages import document_of


class ShelfOfFiles:
    """Every file exists; its text is its id. `troubles` are raised first, one a call."""

    def __init__(self, *troubles: Exception, thread: str | None = "1700000000.000100") -> None:
        self.troubles = list(troubles)
        self.thread = thread
        self.fetched: list[str] = []

    async def fetch(self, job: Job) -> SharedFile:
        if self.troubles:
            raise self.troubles.pop(0)
        self.fetched.append(job.file_id)
        return SharedFile(f"{job.file_id}.txt", f"The text of {job.file_id}.".encode())

    async def thread_of(self, job: Job) -> str | None:
        if self.troubles:
            raise self.troubles.pop(0)
        return self.thread


class PlainReader:
    """Bytes → one passage. `troubles` are raised first, one a call."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)

    async def read(self, name: str, content: bytes) -> Document:
        if self.troubles:
            raise self.troubles.pop(0)
        return document_of(content.decode(), name=name)
