"""What `smallprint eval` does once it is known what is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from smallprint.bootstrap.evaluation import Plan, run_evaluation
from smallprint.bootstrap.product import Product
from smallprint.cli.running import DONE, FAILED, complain, with_product
from smallprint.config import Settings
from smallprint.errors import EvaluationError, UnknownEvaluation, sentence_of
from smallprint.evaluation.comparison import Comparison
from smallprint.evaluation.datasets import load_dataset
from smallprint.evaluation.metrics import Metrics
from smallprint.evaluation.report import VERDICTS, html_report, markdown_report, metrics_table
from smallprint.evaluation.runner import Done
from smallprint.evaluation.stored import compared, metrics_of, scores_of, verdict_of
from smallprint.evaluation.tables import Table as Figures
from smallprint.evaluation.tables import comparison_tables, percent, run_tables
from smallprint.evaluation.values import DocumentRun
from smallprint.models.evaluation import EvaluationMode, EvaluationRun, EvaluationVerdict
from smallprint.services.database.evaluations import EvaluationStore

NO_REPORT = "{document} (repeat {repeat}) has no report: {why}"
OTHER_REASON = "something went wrong on our side; the log says what ({code})."
KEPT = "Kept as {id}. smallprint eval report {id} says everything; compare it with: smallprint eval compare {id} OTHER"
NOT_KEPT = "Not kept."
NONE_YET = "There is no evaluation yet. Run one: smallprint eval run DATASET"
JUDGED = "{candidate} against {base}: {verdict}."
SCRIPTED = "At least one of them was scripted, so this is about the product and says nothing about a prompt."
WRITTEN = "Written: {file}"
NOT_WRITABLE = "{file} can't be written: {reason}."
SHARES = "recall {recall}, precision {precision}"
FROM_ANOTHER_RELEASE = "figures of another release"


async def evaluate(settings: Settings, plan: Plan, *, save: bool) -> int:
    """Run it, print the figures, keep it."""

    async def work(product: Product) -> EvaluationRun:
        with _progress(plan) as progress:
            run = await run_evaluation(settings, plan, product, progress)
        if save:
            await EvaluationStore(product.database).save(run)
        return run

    run = await with_product(settings, work, offline=True)
    for sentence in _failures(run):
        complain(sentence)
    Console().print(metrics_table(metrics_of(run)))
    _say(KEPT.format(id=run.id) if save else NOT_KEPT)
    return FAILED if any(result.report is None for result in run.results) else DONE


async def compare(settings: Settings, base: str, candidate: str) -> int:
    """Print the verdict and what led to it, and keep it with the candidate."""

    async def work(product: Product) -> tuple[EvaluationRun, EvaluationRun, Comparison]:
        store = EvaluationStore(product.database)
        before, now = await _find(store, base), await _find(store, candidate)
        comparison = await asyncio.to_thread(compared, before, now)
        await store.record_verdict(now.id, verdict_of(comparison), compared_with=before.id)
        return before, now, comparison

    before, now, comparison = await with_product(settings, work, offline=True)
    _say(
        JUDGED.format(
            candidate=_title(now), base=_title(before), verdict=VERDICTS[comparison.judgement].lower()
        )
    )
    for reason in comparison.reasons:
        _say(f"- {reason}")
    if not (before.mode.judges_prompts and now.mode.judges_prompts):
        _say(SCRIPTED)
    _print(comparison_tables(comparison))
    return DONE if verdict_of(comparison) is EvaluationVerdict.NOT_WORSE else FAILED


async def report(settings: Settings, name: str, *, html: Path | None, markdown: Path | None) -> None:
    """On the terminal, or in a file."""

    async def work(product: Product) -> tuple[EvaluationRun, Comparison | None, Mapping[str, Metrics]]:
        store = EvaluationStore(product.database)
        run = await _find(store, name)
        base = await store.get(run.compared_with) if run.compared_with else None
        comparison = await asyncio.to_thread(compared, base, run) if base else None
        return run, comparison, _beside(run, await store.list())

    run, comparison, others = await with_product(settings, work, offline=True)
    title, metrics, scores = _title(run), metrics_of(run), scores_of(run)
    if html:
        _write(html, html_report(title, metrics, scores, comparison, others))
    elif markdown:
        _write(markdown, markdown_report(title, metrics, scores, comparison))
    else:
        _say(title)
        _say(_prompts(run))
        _print((*(comparison_tables(comparison) if comparison else ()), *run_tables(metrics, scores)))


async def list_runs(settings: Settings) -> None:
    """Two lines each: what and how good, and with which prompts."""
    runs = await with_product(
        settings, lambda product: EvaluationStore(product.database).list(), offline=True
    )
    for line in _listed(runs) if runs else [NONE_YET]:
        _say(line)


async def _find(store: EvaluationStore, name: str) -> EvaluationRun:
    """By id or its beginning; else the newest that is listed so: "offline-rules", "scripted-sloppy", "document_analysis=4"."""
    try:
        return await store.get(name)
    except UnknownEvaluation:
        described = (run.id for run in await store.list() if name in _descriptions(run))
        found = next(described, None)
        if found is None:
            raise
        return await store.get(found)


def _descriptions(run: EvaluationRun) -> set[str]:
    return {run.mode.value, _who(run), *_prompts(run).split(", ")}


def _beside(run: EvaluationRun, runs: Iterable[EvaluationRun]) -> Mapping[str, Metrics]:
    """What other runs on the same labels came to; those of other releases, whose figures can't be read, are left out."""
    metrics = {}
    for other in runs:
        if other.id != run.id and other.dataset_sha256 == run.dataset_sha256:
            try:
                metrics[_title(other)] = metrics_of(other)
            except EvaluationError:
                continue
    return metrics


# --- words -------------------------------------------------------------------------------------------------------


def _title(run: EvaluationRun) -> str:
    """ "house, scripted-perfect, 26 Nov 2026 10:20 UTC (3f2a91bc04d5)" """
    when = f"{run.finished_at:%d %b %Y %H:%M} UTC"
    return f"{_dataset(run)}, {_who(run)}, {when} ({run.id})"


def _dataset(run: EvaluationRun) -> str:
    return Path(run.dataset).name


def _who(run: EvaluationRun) -> str:
    models = " and ".join(dict.fromkeys(run.models.values())) or run.mode.value
    profile = f", {run.profile}" if run.profile else ""
    recorded = ", recorded" if run.mode is EvaluationMode.REPLAY else ""
    return f"{models}{profile}{recorded}"


def _listed(runs: Iterable[EvaluationRun]) -> Iterator[str]:
    for run in runs:
        verdict = f"  {run.verdict.value.replace('_', ' ')} ({run.compared_with})" if run.verdict else ""
        when = f"{run.finished_at:%Y-%m-%d %H:%M}"
        yield f"{run.id}  {when}  {_dataset(run)}  {_who(run)}  {_shares(run)}{verdict}"
        if run.prompts:
            yield f"{'':14}{_prompts(run)}"


def _shares(run: EvaluationRun) -> str:
    try:
        metrics = metrics_of(run)
    except EvaluationError:
        return FROM_ANOTHER_RELEASE
    return SHARES.format(recall=percent(metrics.recall), precision=percent(metrics.precision))


def _prompts(run: EvaluationRun) -> str:
    return ", ".join(f"{agent}={version}" for agent, version in run.prompts.items())


def _failures(run: EvaluationRun) -> Iterator[str]:
    for result in run.results:
        if result.report is None:
            why = sentence_of(result.error) or OTHER_REASON.format(code=result.error)
            yield NO_REPORT.format(document=result.document_id, repeat=result.repeat + 1, why=why)


def _print(tables: Iterable[Figures]) -> None:
    console = Console()
    for figures in tables:
        table = Table(box=box.SIMPLE_HEAD, title=figures.title, title_justify="left")
        for header in figures.header:
            table.add_column(header, overflow="fold")
        for row in figures.rows:
            table.add_row(*map(Text, row))
        console.print(table)
        for note in figures.notes:
            _say(note)


def _say(sentence: str) -> None:
    """Names of documents and runs come from outside: no markup."""
    Console(soft_wrap=True).print(sentence, markup=False, highlight=False)


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(NOT_WRITABLE.format(file=file, reason=error.strerror)) from error
    _say(WRITTEN.format(file=file))


@contextmanager
def _progress(plan: Plan) -> Iterator[Done]:
    """A bar on a terminal; nothing when piped."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _run: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        row = bar.add_task("evaluating", total=len(load_dataset(plan.dataset)) * plan.repeats)

        def done(_run: DocumentRun) -> None:
            bar.advance(row)

        yield done
