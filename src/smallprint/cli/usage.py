"""`smallprint usage`: the same questions as /usage in Slack, about everything in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from smallprint.cli.prompt_usage import print_prompt_usage
from smallprint.cli.running import USAGE, complain, quiet_settings, run, with_product
from smallprint.models.usage import EVERYTHING
from smallprint.reports.prompt_usage import read_prompt_question
from smallprint.reports.usage import (
    HOW_TO_ASK,
    LESS_TELLING,
    NOTHING_YET,
    UsageQuestion,
    headings,
    notes,
    read_question,
    rows,
    title,
    total_row,
    usage_csv,
    usage_json,
)

if TYPE_CHECKING:
    from smallprint.bootstrap.product import Product
    from smallprint.config import Settings
    from smallprint.models.usage import UsageTable

MOST_COLUMNS = 1_000
ONLY_PERIODS = "--csv and --json are for the figures of a period."
ONE_FORM = "Say --csv or --json, not both."


def usage(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[today|7d|30d|month] [by day|channel|user|model|prompt|agent] | by prompt AGENT [VERSION]",
            help="Period and what to split it by, usually 30d by day; or an agent, for what each version of its prompt"
            " cost since ever, and a version, for the analyses that worked with it.",
        ),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print exact figures as CSV.")] = False,  # noqa: FBT002 - typer's way
    as_json: Annotated[bool, typer.Option("--json", help="Print exact figures as JSON.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Say what the AI was asked and what it cost, from this installation's own records. Status 2: usage."""
    question, of_prompt = read_question(words or ()), read_prompt_question(words or ())
    if question is None and of_prompt is not None and not (as_csv or as_json):
        run(print_prompt_usage(quiet_settings(), of_prompt))
        return
    if question is None or (as_csv and as_json):
        complain(ONLY_PERIODS if of_prompt else HOW_TO_ASK if question is None else ONE_FORM)
        raise typer.Exit(USAGE)
    table = run(_asked(quiet_settings(), question))
    if as_csv:
        typer.echo(usage_csv(table), nl=False)
    elif as_json:
        typer.echo(usage_json(table))
    else:
        _print(table)


async def _asked(settings: Settings, question: UsageQuestion) -> UsageTable:
    from smallprint.services.database.usage import UsageStore  # noqa: PLC0415 - `--help` answers without loading it

    async def work(product: Product) -> UsageTable:
        return await UsageStore(product.database).spend(question.period, question.by, viewer=EVERYTHING)

    return await with_product(settings, work, offline=True)


def _print(answer: UsageTable) -> None:
    console = Console()
    if not answer.lines:
        _say(console, f"{title(answer)}: {NOTHING_YET}")
        return
    table = _fitting(answer, console)
    # Rather too wide for a file or a narrow window than cut to pieces.
    Console(width=max(console.width, _width(table, console))).print(table)
    for note in notes(answer):
        _say(console, note)


def _fitting(answer: UsageTable, console: Console) -> Table:
    """With as many columns as a terminal has room for."""
    left_out: list[str] = []
    table = _table(answer, left_out)
    for heading in LESS_TELLING:
        if not console.is_terminal or _width(table, console) <= console.width:
            break
        left_out.append(heading)
        table = _table(answer, left_out)
    return table


def _width(table: Table, console: Console) -> int:
    return Measurement.get(console, console.options.update(width=MOST_COLUMNS), table).maximum


def _table(answer: UsageTable, left_out: Sequence[str]) -> Table:
    shown = [place for place, heading in enumerate(headings(answer)) if heading not in left_out]
    table = Table(box=box.SIMPLE_HEAD, title=title(answer), title_justify="left", show_footer=True)
    for place in shown:
        heading, total = headings(answer)[place], total_row(answer)[place]
        table.add_column(heading, footer=total, justify="right" if place else "left", no_wrap=True)
    for row in rows(answer):
        table.add_row(*[Text(row[place]) for place in shown])
    return table


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)
