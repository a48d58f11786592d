"""Jobs that somebody asks for at the end of another: the same file, in the same thread, with one wish more.

A repeat's id follows from the id of the job it repeats. So it is made once, whoever asks and however often.
A job that was offered and is wanted now is no repeat: it comes in anew under its own id, so that asking for it in two
ways is still one analysis.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from smallprint.models.domain import WANTED, Brief, Job

CONSENT = "consent"
AGAIN = "again"
WITH = "with"


def consented(job: Job, *, user: str, thread_ts: str) -> Job:
    """The job once more, now that `user` was shown its cost and said yes."""
    return _repeat(
        job, f"{job.id}-consented", CONSENT, user, thread_ts, replace(job.brief, cost_accepted=True)
    )


def anew(job: Job, *, user: str, thread_ts: str) -> Job:
    """The job once more, whatever earlier report there is. It costs again, so an earlier yes does not count."""
    brief = replace(job.brief, again=True, cost_accepted=False)
    return _repeat(job, f"{job.id}-again", AGAIN, user, thread_ts, brief)


def with_prompts(job: Job, versions: Mapping[str, int], *, user: str, thread_ts: str) -> Job:
    """The job once more under these prompt versions (agent → version), to be compared with its first report."""
    brief = replace(
        job.brief,
        prompts={**job.brief.prompts, **versions},
        again=True,
        cost_accepted=False,
        compare_with=job.id,
    )
    choices = json.dumps(sorted(brief.prompts.items()))
    mark = hashlib.sha256(choices.encode()).hexdigest()[:12]
    return _repeat(job, f"{job.id}-{WITH}-{mark}", WITH, user, thread_ts, brief)


def wanted(offered: Sequence[Job], *, user: str) -> list[Job]:
    """The files of one message that were offered, now that `user` pressed the button: they get a headline of their own."""
    return [
        replace(job, user=user, trigger=WANTED, ordinal=place, of=len(offered))
        for place, job in enumerate(offered)
    ]


def _repeat(job: Job, name: str, trigger: str, user: str, thread_ts: str, brief: Brief) -> Job:
    """`thread_ts` is where the question stood: a command's job does not know the thread that we opened for it."""
    return Job(
        name,
        job.team,
        job.channel,
        job.thread_ts or thread_ts,
        job.file_id,
        user,
        trigger,
        # Without its message: the headline over the message's files stands already, or does not wait for this.
        brief=brief,
    )
