"""`smallprint analyse`, `demo` and `schema`."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from smallprint.cli.running import DONE, FAILED, USAGE, complain, quiet_settings, run, with_product
from smallprint.cli.wishes import (
    AgainOption,
    FocusOption,
    LanguageOption,
    ProfileOption,
    PromptOption,
    SideOption,
    YesOption,
    brief_of,
)
from smallprint.errors import ConfigurationError, CostNeedsConsent, SmallprintError
from smallprint.models.domain import AnalysisRequest, Brief, Document, Report, Step
from smallprint.reports.as_json import comparison_json, report_json, report_schema
from smallprint.reports.comparison import ReportComparison, compare_reports
from smallprint.reports.terminal import print_comparison, print_report

if TYPE_CHECKING:
    from smallprint.bootstrap.product import Product
    from smallprint.config import Settings

STDIN = "-"
STDIN_NAME = "standard input"
AT_ONCE = 4
SAMPLES = ("services-agreement.pdf", "remote-work-policy.docx")
NO_SAMPLES = "the sample documents are not here; run the demo from a checkout: make demo"
DEMO = "Smallprint reads two sample documents: no key, no network, no AI.\n"
NOTHING_TO_COMPARE = (
    "--compare wants to know with which other prompt version, for example --prompt document_analysis=v2."
)
ADD_YES = "To analyse it all the same, add --yes."
NO_SUCH_FILE = "There is no file of this name."
NOT_A_FILE = "This is not a file I may read ({reason})."
WORDS = {
    Step.WAITING: "waiting",
    Step.READING: "reading",
    Step.ANALYSING: "analysing",
    Step.REVIEWING: "reviewing",
}

Offline = Annotated[
    bool, typer.Option("--offline", help="Use the rules that need no key and no network; not an AI.")
]
CompareOption = Annotated[
    bool,
    typer.Option(
        "--compare", help="With --prompt: analyse with the live versions too, and say what differs."
    ),
]


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that has no report, and the sentence that says why."""

    name: str
    code: str
    sentence: str


Result = Report | ReportComparison
Show = Callable[[Step], Awaitable[None]]
Look = Callable[["Product", Document, Brief, Show], Awaitable[Result]]


class UnreadableFile(SmallprintError):
    code = "unreadable_file"


def analyse(
    files: Annotated[
        list[str], typer.Argument(help="Files to analyse; - reads standard input.", metavar="FILE...")
    ],
    offline: Offline = False,  # noqa: FBT002 - typer's way
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/report.md).")] = False,  # noqa: FBT002 - typer's way
    profile: ProfileOption = None,
    side: SideOption = "",
    focus: FocusOption = "",
    language: LanguageOption = "",
    prompt: PromptOption = None,
    compare: CompareOption = False,  # noqa: FBT002 - typer's way
    again: AgainOption = False,  # noqa: FBT002 - typer's way
    yes: YesOption = False,  # noqa: FBT002 - typer's way
) -> None:
    """Say what to look out for in each file. Status 0: done; 1: a document failed; 2: usage."""
    brief = brief_of(
        profile=profile,
        side=side,
        focus=focus,
        language=language,
        prompts=prompt or (),
        again=again,
        cost_accepted=yes,
    )
    if compare and not brief.prompts:
        raise ConfigurationError(NOTHING_TO_COMPARE)
    look = _compare if compare else _report
    work = _analyse(quiet_settings(), files, brief, look=look, offline=offline, as_json=as_json)
    raise typer.Exit(run(work))


def demo() -> None:
    """Analyse the two sample documents with the offline rules."""
    folder = _samples()
    if folder is None:
        complain(NO_SAMPLES)
        raise typer.Exit(USAGE)
    typer.echo(DEMO)
    with tempfile.TemporaryDirectory() as scratch:
        # The demo leaves nothing behind in the folder it is run in.
        settings = quiet_settings().model_copy(
            update={"database_url": f"sqlite+aiosqlite:///{scratch}/demo.db"}
        )
        files = [str(folder / name) for name in SAMPLES]
        raise typer.Exit(run(_analyse(settings, files, Brief(), look=_report, offline=True, as_json=False)))


def schema() -> None:
    """Print the JSON Schema of the reports that `analyse --json` prints."""
    typer.echo(json.dumps(report_schema(), indent=2))


async def _analyse(
    settings: Settings, files: Sequence[str], brief: Brief, *, look: Look, offline: bool, as_json: bool
) -> int:
    async def work(product: Product) -> list[Result | Failure]:
        outcomes = []
        async for outcome in _outcomes(product, files, brief, look):
            outcomes.append(outcome)
            if not as_json:
                _print(outcome)
        return outcomes

    outcomes = await with_product(settings, work, offline=offline)
    if as_json:
        documents = [_as_object(outcome) for outcome in outcomes]
        typer.echo(
            json.dumps(documents[0] if len(documents) == 1 else documents, indent=2, ensure_ascii=False)
        )
    return FAILED if any(isinstance(outcome, Failure) for outcome in outcomes) else DONE


async def _outcomes(
    product: Product, files: Sequence[str], brief: Brief, look: Look
) -> AsyncIterator[Result | Failure]:
    """One per file, in the order they were named, a few being worked on at once."""
    turns = asyncio.Semaphore(AT_ONCE)
    with _progress() as progress:

        async def outcome(file: str) -> Result | Failure:
            async with turns:
                return await _outcome(product, file, brief, look, progress)

        tasks = [asyncio.create_task(outcome(file)) for file in files]
        try:
            for task in tasks:
                yield await task
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _outcome(
    product: Product, file: str, brief: Brief, look: Look, progress: Progress | None
) -> Result | Failure:
    name = STDIN_NAME if file == STDIN else Path(file).name
    row = progress.add_task(WORDS[Step.READING], name=name) if progress else None

    async def show(step: Step) -> None:
        if progress is not None and row is not None:
            progress.update(row, description=WORDS[step])

    try:
        document = await product.reader.read(name, await asyncio.to_thread(bytes_of, file))
        return await look(product, document, brief, show)
    except CostNeedsConsent as question:
        return Failure(name, question.code, f"{question.user_message} {ADD_YES}")
    except SmallprintError as error:
        return Failure(name, error.code, error.user_message)
    finally:
        if progress is not None and row is not None:
            progress.remove_task(row)


async def _report(product: Product, document: Document, brief: Brief, show: Show) -> Report:
    return await product.orchestrator.run(document, AnalysisRequest(uuid.uuid4().hex, brief=brief), show)


async def _compare(product: Product, document: Document, brief: Brief, show: Show) -> ReportComparison:
    """What is live beside what was asked for; each of the two may be an earlier report that costs nothing."""
    for agent, version in brief.prompts.items():
        await product.prompts.version(agent, version)  # an unknown one is said before anything is spent
    live = await _report(product, document, replace(brief, prompts={}), show)
    return compare_reports(live, await _report(product, document, brief, show))


def bytes_of(file: str) -> bytes:
    """Of a file, or of standard input for "-". Raises UnreadableFile."""
    if file == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(NO_SUCH_FILE) from error
    except OSError as error:
        raise UnreadableFile(NOT_A_FILE.format(reason=error.strerror)) from error


def _progress() -> Any:
    """A live line per document on a terminal; nothing when piped."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return nullcontext(None)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[name]}", markup=False),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def _print(outcome: Result | Failure) -> None:
    if isinstance(outcome, Report):
        print_report(outcome, Console())
        return
    if isinstance(outcome, ReportComparison):
        print_report(outcome.after, Console())
        print_comparison(outcome, Console())
        return
    Console(stderr=True, soft_wrap=True).print(
        f"{outcome.name}: {outcome.sentence}", style="bold red", markup=False, highlight=False
    )


def _as_object(outcome: Result | Failure) -> Any:
    if isinstance(outcome, Report):
        return json.loads(report_json(outcome))
    if isinstance(outcome, ReportComparison):
        return json.loads(comparison_json(outcome))
    return {
        "schema": "smallprint.failure/1",
        "document_name": outcome.name,
        "error": outcome.code,
        "message": outcome.sentence,
    }


def _samples() -> Path | None:
    checkout = Path(__file__).resolve().parents[3] / "examples"
    for folder in (checkout, Path("examples")):
        if all((folder / name).is_file() for name in SAMPLES):
            return folder
    return None
