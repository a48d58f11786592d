"""The job engine, by killing real processes."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.fakes.job_process import Lines
from tests.integration.databases import DIALECTS, fresh_url

ROOT = Path(__file__).parents[2]
PATIENCE_S = 20


@pytest.fixture(params=DIALECTS)
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    async with fresh_url(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def start(tmp_path: Path, url: str) -> Callable[..., subprocess.Popen[bytes]]:
    """Starts a process that works on the same folder, and returns once it is at work."""

    def start(jobs: int, *, deaths: int = 0, wait: bool = True) -> subprocess.Popen[bytes]:
        before = len(Lines(tmp_path / "starts.log").all())
        process = subprocess.Popen(
            [
                sys.executable,
                "-W",
                "error",
                "-m",
                "tests.fakes.job_process",
                tmp_path,
                str(jobs),
                str(deaths),
                url,
            ],
            cwd=ROOT,
        )
        until = time.monotonic() + PATIENCE_S
        while wait and len(Lines(tmp_path / "starts.log").all()) == before and process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.01)
        return process

    return start


def test_three_kills_during_twenty_jobs_leave_twenty_results_and_no_call_paid_twice(tmp_path, start) -> None:
    for _ in range(3):
        process = start(20)
        _until_paid(tmp_path, more=random.randint(1, 7))
        time.sleep(random.uniform(0, 0.1))
        process.kill()
        assert process.wait(PATIENCE_S) == -signal.SIGKILL
    assert len(Lines(tmp_path / "paid.log").all()) < 40, "the kills came at work"
    assert start(20).wait(PATIENCE_S) == 0
    posts, paid = Lines(tmp_path / "posts.log").all(), Lines(tmp_path / "paid.log").all()
    assert len(posts) == len(set(posts))
    assert len([line for line in posts if line.endswith("/result")]) == 20
    assert len([line for line in posts if line.endswith("/placeholder")]) == 20
    assert not [line for line in posts if line.endswith("/failure")]
    assert len(paid) == len(set(paid)) == 40


def test_sigterm_ends_the_process_quickly_and_leaves_its_jobs_to_the_next_one(tmp_path, start) -> None:
    process = start(12)
    _until_paid(tmp_path, more=4)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) == 0
    assert time.monotonic() - asked < 20
    posts = Lines(tmp_path / "posts.log")
    assert len([line for line in posts.all() if line.endswith("/result")]) < 12
    assert start(12).wait(PATIENCE_S) == 0
    ends = [line for line in posts.all() if not line.endswith("/placeholder")]
    assert sorted(ends) == sorted({line for line in ends if line.endswith("/result")})
    assert len(ends) == 12


def test_a_job_that_crashes_the_process_does_no_harm_to_the_others(tmp_path, start) -> None:
    for _ in range(3):
        assert start(6, deaths=3, wait=False).wait(PATIENCE_S) == -signal.SIGKILL
    assert start(6, deaths=3, wait=False).wait(PATIENCE_S) == 0
    results = [line for line in Lines(tmp_path / "posts.log").all() if line.endswith("/result")]
    assert len(results) == len(set(results)) == 6


def _until_paid(folder: Path, *, more: int) -> None:
    paid = Lines(folder / "paid.log")
    enough, deadline = len(paid.all()) + more, time.monotonic() + PATIENCE_S
    while len(paid.all()) < enough:
        assert time.monotonic() < deadline
        time.sleep(0.005)
