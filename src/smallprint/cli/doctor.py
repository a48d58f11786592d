"""`smallprint doctor`: what is set up, what is wrong, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from smallprint.cli.running import FAILED, quiet_settings, run
from smallprint.errors import ConfigurationError

if TYPE_CHECKING:
    from smallprint.bootstrap.checkup import Checked
    from smallprint.config import Settings

SETTINGS_FINE = "ok          settings: read from the environment and .env"
SETTINGS_WRONG = (
    "fix         settings: {sentence}\n            → docs/reference/settings.md says what each may be."
)
LINE = "{verdict:<11} {subject}: {says}"
REMEDY = "{:<11} → {}"
NOTHING_TO_DO = "\nNothing has to be done."
TO_DO = "\nTo be done: {count}, each marked “fix”."


def doctor() -> None:
    """Check settings, database, prompts, Claude, Slack and what watches them; change nothing, spend nothing."""
    try:
        settings = quiet_settings()
    except ConfigurationError as error:
        typer.echo(SETTINGS_WRONG.format(sentence=error.user_message))
        raise typer.Exit(FAILED) from None
    typer.echo(SETTINGS_FINE)
    faults = run(_check(settings))
    typer.echo(TO_DO.format(count=faults) if faults else NOTHING_TO_DO)
    raise typer.Exit(FAILED if faults else 0)


async def _check(settings: Settings) -> int:
    """The number of faults, each shown as soon as it is known."""
    from smallprint.bootstrap.checkup import Verdict, check_up  # noqa: PLC0415 - `--help` answers without loading the product

    faults = 0
    async for checked in check_up(settings):
        _show(checked)
        faults += checked.verdict is Verdict.FAULT
    return faults


def _show(checked: Checked) -> None:
    typer.echo(LINE.format(verdict=checked.verdict, subject=checked.subject, says=checked.says))
    if checked.remedy:
        typer.echo(REMEDY.format("", checked.remedy))
