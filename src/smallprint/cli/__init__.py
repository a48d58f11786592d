"""The command line: analyse files, serve Slack, show the demo, see and change prompt versions, evaluate."""

from __future__ import annotations

from typing import Annotated

import typer

from smallprint import __version__
from smallprint.cli import analyse, ask, budget, changes, doctor, evaluation, forget, prompts, serve, usage
from smallprint.cli.running import USAGE, complain
from smallprint.errors import SmallprintError

INTERRUPTED = 130


def main() -> None:
    """Run the command line; an error of ours becomes its sentence and status 2, never a traceback."""
    try:
        build()()
    except SmallprintError as error:
        complain(error.user_message)
        raise SystemExit(USAGE) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


def build() -> typer.Typer:
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Smallprint reads the small print of your documents and tells you what matters, with verified quotations.",
    )
    app.callback(invoke_without_command=True)(_options)
    app.command("analyse")(analyse.analyse)
    app.command("ask")(ask.ask)
    app.command("compare")(changes.compare)
    app.command("demo")(analyse.demo)
    app.command("schema")(analyse.schema)
    app.command("serve")(serve.serve)
    app.command("doctor")(doctor.doctor)
    app.command("usage")(usage.usage)
    app.command("forget-user")(forget.forget_user)
    app.add_typer(budget.build(), name="budget")
    app.add_typer(prompts.build(), name="prompts")
    app.add_typer(evaluation.build(), name="eval")
    return app


def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    if version:
        typer.echo(f"smallprint {__version__}")
        raise typer.Exit
