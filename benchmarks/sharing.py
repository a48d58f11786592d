"""100 files shared at once: acks, placeholders, throughput, memory; against a Bolt app that does nothing.

`python benchmarks/sharing.py [--files 100] [--concurrency 8] [--model-ms 300] [--rounds 3]`

Slack runs in this process, Claude and the product in their own. Figures are medians over the rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.fakes.slack import FakeSlack  # noqa: E402 - the path comes first
from tests.fakes.slack.workspace import Json  # noqa: E402

PROGRAM = Path(sys.executable).with_name("smallprint")
SAMPLE = (ROOT / "examples" / "services-agreement.pdf").read_bytes()
CALLS_PER_DOCUMENT = 2
"""One after the other: analyst and reviewer. The triage runs beside the analyst."""
RUNNING_JOBS = 32
EVENTS_PER_S = 5
STEADY_S = 12


@dataclass(slots=True)
class Round:
    """What one burst showed, in seconds."""

    acks: list[float]
    placeholders: list[float] = field(default_factory=list)
    all_done_s: float = 0.0
    slack_calls: int = 0
    rss_mib: float = 0.0
    cpu_s: float = 0.0


def at(values: list[float], share: float) -> float:
    """A percentile, nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def median(values: list[float]) -> float:
    return statistics.median(values)


@asynccontextmanager
async def process(*command: str | Path, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    started = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


@asynccontextmanager
async def claude(model_ms: int) -> AsyncIterator[str]:
    async with process(
        sys.executable, "-m", "tests.fakes.claude", "--latency-s", str(model_ms / 1000)
    ) as started:
        assert started.stdout is not None
        yield (await started.stdout.readline()).decode().strip()


@asynccontextmanager
async def product(slack: FakeSlack, claude_url: str, concurrency: int) -> AsyncIterator[int]:
    """The product's process id, once it is connected."""
    with tempfile.TemporaryDirectory() as folder:
        settings = tokens(slack) | {
            "ANTHROPIC_API_KEY": "benchmark",
            "ANTHROPIC_BASE_URL": claude_url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/smallprint.db",
            "MAX_CONCURRENT_JOBS": str(concurrency),
            "API_PORT": "0",
            "NO_PROXY": "127.0.0.1",
        }
        async with process(PROGRAM, "serve", **settings) as started:
            await slack.wait_connected(timeout_s=30)
            await asyncio.sleep(1.5)  # a queue in a new database is noticed within a second
            yield started.pid


@asynccontextmanager
async def bare_bolt(slack: FakeSlack) -> AsyncIterator[int]:
    async with process(sys.executable, "benchmarks/bare_bolt.py", **tokens(slack)) as started:
        await slack.wait_connected(timeout_s=30)
        await asyncio.sleep(0.5)
        yield started.pid


def tokens(slack: FakeSlack) -> dict[str, str]:
    return {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
    }


def finished(message: Json) -> bool:
    return "risk" in message["text"].lower() or "No analysis" in message["text"]


async def share(slack: FakeSlack, files: int) -> list[Any]:
    return [
        await slack.share("contracts", "ann", f"agreement-{number}.pdf", SAMPLE) for number in range(files)
    ]


async def acked(slack: FakeSlack) -> list[float]:
    await slack.wait_for(lambda: not slack.socket.unsettled, 60, what="every ack")
    return slack.ack_seconds


async def burst_on_bare_bolt(files: int) -> Round:
    async with FakeSlack() as slack, bare_bolt(slack):
        await share(slack, files)
        return Round(await acked(slack))


async def burst_on_product(files: int, concurrency: int, model_ms: int) -> Round:
    async with (
        FakeSlack(echo_bot_messages=False) as slack,
        claude(model_ms) as url,
        product(slack, url, concurrency) as pid,
    ):
        slack.forget()
        began = time.monotonic()
        shares = await share(slack, files)
        acks = await acked(slack)
        await slack.wait_for(all_done(slack, shares), 600, what="every result")
        posts = slack.calls_to("chat.postMessage")
        posted = {call.arguments.get("thread_ts", ""): call.at for call in posts}
        return Round(
            acks=acks,
            placeholders=[posted[share.ts] - share.at for share in shares],
            all_done_s=time.monotonic() - began,
            slack_calls=len(slack.calls),
            rss_mib=rss_mib(pid),
            cpu_s=cpu_s(pid),
        )


def all_done(slack: FakeSlack, shares: list[Any]) -> Callable[[], bool]:
    left = {share.ts: share for share in shares}

    def check() -> bool:
        for ts in [ts for ts, share in left.items() if any(map(finished, slack.replies(share.channel, ts)))]:
            del left[ts]
        return not left

    return check


async def steady(model_ms: int) -> list[float]:
    """Acks at five events a second while 32 jobs run."""
    async with (
        FakeSlack(echo_bot_messages=False) as slack,
        claude(model_ms) as url,
        product(slack, url, RUNNING_JOBS) as _,
    ):
        await share(slack, RUNNING_JOBS)
        await acked(slack)
        slack.forget()
        for number in range(STEADY_S * EVENTS_PER_S):
            await slack.share("contracts", "ann", f"steady-{number}.pdf", SAMPLE, also_file_shared=False)
            await asyncio.sleep(1 / EVENTS_PER_S)
        return await acked(slack)


def rss_mib(pid: int) -> float:
    """Peak of the process itself; its reading children come and go."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def cpu_s(pid: int) -> float:
    """User and system time, ended children included."""
    ticks = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:15]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


async def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--files", type=int, default=100)
    options.add_argument("--concurrency", type=int, default=8)
    options.add_argument("--model-ms", type=int, default=300)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    bare, ours = [], []
    for number in range(chosen.rounds):
        bare.append(await burst_on_bare_bolt(chosen.files))
        ours.append(await burst_on_product(chosen.files, chosen.concurrency, chosen.model_ms))
        sys.stderr.write(f"round {number + 1} of {chosen.rounds} done\n")
    print_figures(chosen, bare, ours, await steady(5_000))


def print_figures(
    chosen: argparse.Namespace, bare: list[Round], ours: list[Round], steady_acks: list[float]
) -> None:
    files = chosen.files
    floor, ack = median([at(one.acks, 0.99) for one in bare]), median([at(one.acks, 0.99) for one in ours])
    model_s = files * CALLS_PER_DOCUMENT * chosen.model_ms / 1000 / chosen.concurrency
    done_s = median([one.all_done_s for one in ours])
    print(
        f"{files} PDFs of 3 pages shared at once, {chosen.concurrency} jobs at once, model {chosen.model_ms} ms a call\n"
    )
    row(
        "ack p50",
        median([at(one.acks, 0.5) for one in ours]),
        f"bare Bolt {median([at(one.acks, 0.5) for one in bare]) * 1000:.0f} ms",
    )
    row("ack p99", ack, f"bare Bolt {floor * 1000:.0f} ms, ratio {ack / floor:.2f} (aim 1.5)")
    row("placeholder p50", median([at(one.placeholders, 0.5) for one in ours]))
    row("placeholder p95", median([at(one.placeholders, 0.95) for one in ours]), "aim 500 ms")
    print(f"{'all results':<22}{done_s:8.1f} s     model alone {model_s:.1f} s, ratio {done_s / model_s:.2f}")
    print(
        f"{'CPU per document':<22}{median([one.cpu_s for one in ours]) / files * 1000:8.0f} ms    reading child included"
    )
    print(
        f"{'Slack calls each':<22}{median([float(one.slack_calls) for one in ours]) / files:8.1f}       Claude calls each {CALLS_PER_DOCUMENT}"
    )
    print(f"{'peak memory':<22}{median([one.rss_mib for one in ours]):8.0f} MiB")
    row(
        "steady ack p99",
        at(steady_acks, 0.99),
        f"{EVENTS_PER_S} events/s beside {RUNNING_JOBS} jobs (aim 100 ms)",
    )
    print(
        f"\nReal Slack takes one post a second and channel: {files} files in one channel have their placeholders after"
    )
    print(
        f"{files} s and 50 or more updates a minute: their results after about {files / 50 * 60:.0f} s; in ten channels a tenth of the first."
    )


def row(name: str, seconds: float, remark: str = "") -> None:
    print(f"{name:<22}{seconds * 1000:8.0f} ms    {remark}")


if __name__ == "__main__":
    asyncio.run(main())
