from __future__ import annotations

from dataclasses import replace

from smallprint.jobs.repeats import anew, consented
from smallprint.models.domain import Brief
from tests.fakes.job_store import a_job, jobs_of_message

WISHES = Brief(side="the tenant", language="English")


def test_a_repeat_is_the_same_file_in_the_same_thread_for_whoever_asked():
    job = replace(a_job(), brief=WISHES)
    again = consented(job, user="U2", thread_ts="9.9")
    same = ("team", "channel", "thread_ts", "file_id")
    assert [getattr(again, name) for name in same] == [getattr(job, name) for name in same]
    assert (again.user, again.trigger) == ("U2", "consent")
    assert again.brief == replace(WISHES, cost_accepted=True)


def test_its_id_depends_on_the_job_alone_so_that_there_is_one_for_each_button():
    job = a_job()
    ids = [make(job, user=user, thread_ts="9.9").id for make in (consented, anew) for user in ("U1", "U2")]
    assert ids == [f"{job.id}-consented"] * 2 + [f"{job.id}-again"] * 2


def test_a_job_that_did_not_know_its_thread_is_repeated_where_the_button_stood():
    assert anew(a_job(thread=""), user="U2", thread_ts="9.9").thread_ts == "9.9"


def test_a_yes_to_the_cost_counts_for_one_analysis():
    job = replace(a_job(), brief=replace(WISHES, cost_accepted=True))
    assert anew(job, user="U2", thread_ts="9.9").brief == replace(WISHES, again=True)


def test_a_repeat_stands_alone_so_that_no_headline_waits_for_it():
    repeat = consented(jobs_of_message(3)[1], user="U2", thread_ts="9.9")
    assert (repeat.message_ts, repeat.ordinal, repeat.of) == ("", 0, 1)
