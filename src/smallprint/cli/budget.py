"""`smallprint budget`: see the limits with what is spent and left, and change them at run time."""

from __future__ import annotations

import getpass
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from smallprint.cli.running import quiet_settings, run, with_product
from smallprint.reports.budgets import budget_lines, change_sentence, unpriced_sentence

if TYPE_CHECKING:
    from smallprint.agents.budget_limits import BudgetLimits
    from smallprint.bootstrap.product import Product

HEADINGS = ("", "limit", "spent", "held", "left", "where it comes from")

T = TypeVar("T")
SetWords = Annotated[
    list[str],
    typer.Argument(
        help="document | user [ID] | channel [ID] | workspace, then US dollars or none, then why.",
        metavar="SCOPE [ID] AMOUNT REASON...",
    ),
]
ClearWords = Annotated[
    list[str],
    typer.Argument(
        help="document | user [ID] | channel [ID] | workspace, then why.", metavar="SCOPE [ID] REASON..."
    ),
]


def build() -> typer.Typer:
    app = typer.Typer(
        invoke_without_command=True,
        rich_markup_mode=None,
        help="See and change what may be spent. Without a command: show.",
    )
    app.callback()(_show_by_default)
    app.command("show")(show)
    app.command("set")(set_limit)
    app.command("clear")(clear_limit)
    return app


def _show_by_default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        show()


def show() -> None:
    """Each limit, where it comes from, and how much of it is spent, held by running analyses, and left."""
    budgets = _with_limits(lambda limits: limits.show())
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if 0 < place < len(HEADINGS) - 1 else "left")
    for line in budget_lines(budgets):
        cells = (line.what, line.limit, line.spent, line.reserved, line.left, line.source)
        table.add_row(*map(Text, cells))  # a reason is somebody's words: no markup in it
    Console().print(table)
    if unpriced := unpriced_sentence(budgets):
        typer.echo(unpriced)


def set_limit(words: SetWords) -> None:
    """Set a limit: `budget set channel C012AB3CD 25 "trial of the new team"`. It holds from the next analysis on."""
    from smallprint.agents.budget_words import limit_to_set  # noqa: PLC0415 - `--help` answers without the agents

    wish = limit_to_set(words)
    change = _with_limits(lambda limits: limits.set(wish, actor=_actor(), request_id=uuid.uuid4().hex))
    typer.echo(change_sentence(change))


def clear_limit(words: ClearWords) -> None:
    """Take a limit back: of one user or channel to everybody's, else to the setting."""
    from smallprint.agents.budget_words import limit_to_clear  # noqa: PLC0415 - as above

    wish = limit_to_clear(words)
    change = _with_limits(lambda limits: limits.clear(wish, actor=_actor(), request_id=uuid.uuid4().hex))
    typer.echo(change_sentence(change))


def _with_limits(work: Callable[[BudgetLimits], Awaitable[T]]) -> T:
    from smallprint.bootstrap.spending import budget_limits  # noqa: PLC0415 - as above

    settings = quiet_settings()

    async def on_product(product: Product) -> T:
        return await work(budget_limits(settings, product.database))

    return run(with_product(settings, on_product, offline=True))


def _actor() -> str:
    return f"cli:{getpass.getuser()}"
