"""`smallprint compare`: what a newer version of a document changes."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from smallprint.cli.analyse import ADD_YES, bytes_of
from smallprint.cli.running import DONE, FAILED, complain, quiet_settings, run, with_product
from smallprint.cli.wishes import (
    FocusOption,
    LanguageOption,
    ProfileOption,
    SideOption,
    YesOption,
    brief_of,
)
from smallprint.errors import CostNeedsConsent, SmallprintError
from smallprint.models.domain import AnalysisRequest, Brief, Document, DocumentChanges, Report, Step
from smallprint.reports.changes_json import changes_json
from smallprint.reports.changes_terminal import print_changes

if TYPE_CHECKING:
    from smallprint.bootstrap.product import Product


OfflineOption = Annotated[
    bool, typer.Option("--offline", help="Compare without AI: what changed, not what it means.")
]
TextOnlyOption = Annotated[
    bool,
    typer.Option(
        "--text-only", help="Don't analyse the two documents: whether the risk moved stays unknown."
    ),
]


@dataclass(frozen=True, slots=True)
class Pair:
    """What is to be compared, and how."""

    old: str
    new: str
    brief: Brief
    text_only: bool


def compare(
    old: Annotated[str, typer.Argument(help="The older version; - reads standard input.", metavar="OLD")],
    new: Annotated[str, typer.Argument(help="The newer version.", metavar="NEW")],
    offline: OfflineOption = False,  # noqa: FBT002 - typer's way
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002 - typer's way
    text_only: TextOnlyOption = False,  # noqa: FBT002 - typer's way
    profile: ProfileOption = None,
    side: SideOption = "",
    focus: FocusOption = "",
    language: LanguageOption = "",
    yes: YesOption = False,  # noqa: FBT002 - typer's way
) -> None:
    """Say what changed from OLD to NEW, clause by clause, and whether the risk moved. Status 0: done; 1: it failed."""
    brief = brief_of(profile=profile, side=side, focus=focus, language=language, cost_accepted=yes)
    pair = Pair(old, new, brief, text_only)
    raise typer.Exit(run(_compare(pair, offline=offline, as_json=as_json)))


async def _compare(pair: Pair, *, offline: bool, as_json: bool) -> int:
    async def work(product: Product) -> DocumentChanges | str:
        try:
            before, after = await asyncio.gather(_read(product, pair.old), _read(product, pair.new))
            return await _changes(product, before, after, pair)
        except CostNeedsConsent as question:
            return f"{question.user_message} {ADD_YES}"
        except SmallprintError as error:
            return error.user_message

    result = await with_product(quiet_settings(), work, offline=offline)
    if isinstance(result, str):
        complain(result)
        return FAILED
    if as_json:
        typer.echo(changes_json(result, indent=2))
    else:
        print_changes(result, Console())
    return DONE


async def _read(product: Product, file: str) -> Document:
    name = Path(file).name
    try:
        return await product.reader.read(name, await asyncio.to_thread(bytes_of, file))
    except SmallprintError as error:
        raise type(error)(f"{name}: {error.user_message}") from error


async def _changes(product: Product, before: Document, after: Document, pair: Pair) -> DocumentChanges:
    if pair.text_only or before.sha256 == after.sha256:
        reports: tuple[Report | None, Report | None] = (None, None)
    else:
        reports = await _report(product, before, pair.brief), await _report(product, after, pair.brief)
    request = AnalysisRequest(uuid.uuid4().hex, brief=pair.brief)
    from smallprint.agents.comparer import Version  # noqa: PLC0415 - see cli/running.py

    return await product.comparer.compare(Version(before, reports[0]), Version(after, reports[1]), request)


async def _report(product: Product, document: Document, brief: Brief) -> Report:
    return await product.orchestrator.run(document, AnalysisRequest(uuid.uuid4().hex, brief=brief), _quietly)


async def _quietly(_: Step) -> None:
    """Nobody watches the steps."""
