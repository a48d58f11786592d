"""`smallprint forget-user`: erase a user's id, and the texts of what that user asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from smallprint.cli.running import DONE, FAILED, quiet_settings, run, with_product
from smallprint.errors import InvalidUser

if TYPE_CHECKING:
    from smallprint.bootstrap.product import Product
    from smallprint.services.database.retention import Forgotten

ASK = (
    "This erases {user} from analyses, calls and jobs, and the texts of what {user} asked for. Sums stay."
    " It can't be undone. Go on?"
)
DONE_SENTENCE = "{user} is forgotten: {analyses} analyses, {calls} calls, {jobs} jobs. Sums are as they were."
STILL_RUNNING = "{running} of their jobs are not over yet. Please run this again when they are."
KEPT = (
    "The logs of prompt versions, budgets and channels' settings still say who changed something;"
    " what stands in Slack is Slack's to delete."
)

_USER = re.compile(r"[UW][A-Z0-9]{2,}")


def forget_user(
    user: Annotated[str, typer.Argument(help="Id of the user in Slack: U…", metavar="USER")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Erase a user, without changing a sum. Status 1: some of the user's jobs are not over yet."""
    known = user.strip().upper()
    if not _USER.fullmatch(known):
        raise InvalidUser
    if not yes:
        typer.confirm(ASK.format(user=known), abort=True)
    forgotten = run(with_product(quiet_settings(), lambda product: _forget(product, known), offline=True))
    typer.echo(
        DONE_SENTENCE.format(
            user=known, analyses=forgotten.analyses, calls=forgotten.calls, jobs=forgotten.jobs
        )
    )
    typer.echo(KEPT)
    if forgotten.running:
        typer.echo(STILL_RUNNING.format(running=forgotten.running))
    raise typer.Exit(FAILED if forgotten.running else DONE)


async def _forget(product: Product, user: str) -> Forgotten:
    from smallprint.services.database.retention import Retention  # noqa: PLC0415 - `--help` answers without the database

    return await Retention(product.database).forget(user)
