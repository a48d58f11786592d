"""The documents of running jobs, in memory only."""

from __future__ import annotations

from collections import OrderedDict

from smallprint.models.domain import Document


class RecentDocuments:
    """Keeps the last few documents by job id; one that fell out, or was lost in a crash, is read again."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._documents: OrderedDict[str, Document] = OrderedDict()

    def keep(self, job_id: str, document: Document) -> None:
        self._documents[job_id] = document
        self._documents.move_to_end(job_id)
        while len(self._documents) > self._capacity:
            self._documents.popitem(last=False)

    def get(self, job_id: str) -> Document | None:
        return self._documents.get(job_id)

    def drop(self, job_id: str) -> None:
        self._documents.pop(job_id, None)
