"""`smallprint prompts`: the same verbs as /prompt-version in Slack, on the database of DATABASE_URL."""

from __future__ import annotations

import getpass
import re
import sys
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smallprint.cli.prompt_statistics import statistics
from smallprint.cli.prompt_text import (
    changed_lines,
    diff_lines,
    history_lines,
    list_lines,
    shown_lines,
    what,
)
from smallprint.cli.running import quiet_settings, run, with_product
from smallprint.errors import PromptError
from smallprint.models.domain import Activation, ActivationAction, Scope
from smallprint.prompts.listing import pins_that_differ

if TYPE_CHECKING:
    from smallprint.prompts.versions import PromptVersions

ROLLED_BACK = "rolled back from the command line"
WHICH_AGENT = "Which agent? Nobody has changed what is live, so there is no last change to undo."
ROLL_BACK_THIS = "The last change was {agent}: {what}. Roll it back to {label}?"
WHY = "Why? It goes into the history"
WHOLE_DOCUMENTS = "The same document always gets the same version."

Reason = Annotated[list[str] | None, typer.Argument(help="Why; it goes into the history.")]
Override = Annotated[
    bool, typer.Option("--override", help="Go live without an evaluation that speaks for it.")
]
_VERSION = re.compile(r"[vV]\d+")


def build() -> typer.Typer:
    app = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help="See and change which prompt version is live, tried on some documents, or pinned to a channel.",
    )
    for name, command in (
        ("list", list_versions),
        ("show", show),
        ("diff", diff),
        ("set", set_live),
        ("rollback", roll_back),
        ("canary", canary),
        ("promote", promote),
        ("abort", abort),
        ("pin", pin),
        ("unpin", unpin),
        ("history", history),
        ("stats", statistics),
    ):
        app.command(name)(command)
    return app


# --- questions -------------------------------------------------------------------------------------------


def list_versions(agent: Annotated[str | None, typer.Argument()] = None) -> None:
    """The versions of each agent's prompt, and which is live, tried or pinned."""

    async def work(prompts: PromptVersions) -> None:
        for listed in await prompts.list(agent):
            _print(list_lines(listed, datetime.now(UTC)))

    _on_prompts(work)


def show(agent: str, version: Annotated[str | None, typer.Argument()] = None) -> None:
    """A version's settings and text, where it is used, and its last evaluation: the live one unless one is named."""

    async def work(prompts: PromptVersions) -> None:
        _print(shown_lines(await prompts.show(agent, version), datetime.now(UTC)))

    _on_prompts(work)


def diff(agent: str, one: str, other: str) -> None:
    """What changed from one version to the other, in text and settings."""

    async def work(prompts: PromptVersions) -> None:
        _print(diff_lines(await prompts.diff(agent, one, other)))

    _on_prompts(work)


def history(
    agent: Annotated[str | None, typer.Argument()] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="Changes on a page.")] = 20,
    before: Annotated[
        int | None, typer.Option(help="Only what is older, as the last line of a page says.")
    ] = None,
) -> None:
    """Who changed what, when, and why; newest first."""

    async def work(prompts: PromptVersions) -> None:
        _print(history_lines(await prompts.history(agent, limit=limit, before=before), agent))

    _on_prompts(work)


# --- changes ---------------------------------------------------------------------------------------------


def set_live(agent: str, version: str, reason: Reason = None, override: Override = False) -> None:  # noqa: FBT002 - typer's way
    """Make a version live; with a channel's id before the reason (#C0123ABCD), in that channel alone."""
    words = reason or []
    if words and words[0].startswith("#"):
        pin(agent, version, words[0], words[1:])
        return

    async def work(prompts: PromptVersions) -> None:
        why = " ".join(words) or await _asked_why(prompts, agent, version)
        await _tell(prompts, await prompts.set(agent, version, override=override, **_by(why)))

    _on_prompts(work)


def roll_back(
    agent: Annotated[
        str | None, typer.Argument(help="Default: that of the last change, after a question.")
    ] = None,
    reason: Annotated[
        list[str] | None,
        typer.Argument(metavar="[VERSION] [REASON]...", help="v2: an older one that was live."),
    ] = None,
) -> None:
    """Make the version live again that was live before. No gate; a trial that runs is ended."""
    words = reason or []
    version = words.pop(0) if words and _VERSION.fullmatch(words[0]) else None

    async def work(prompts: PromptVersions) -> None:
        name = agent or await _last_changed(prompts)
        why = _by(" ".join(words) or ROLLED_BACK)
        await _tell(prompts, await prompts.rollback(name, version=version, **why))

    _on_prompts(work)


def canary(agent: str, version: str, percent: str, reason: Reason = None) -> None:
    """Try a version on a share of the documents, in per cent."""

    async def work(prompts: PromptVersions) -> None:
        made = await prompts.canary(agent, version, percent, **_by(_joined(reason)))
        await _tell(prompts, made)
        shown = await prompts.show(made.agent, made.to_version)
        _print([WHOLE_DOCUMENTS, f"v{made.to_version}: {shown.opinion.sentence}."])

    _on_prompts(work)


def promote(agent: str, reason: Reason = None, override: Override = False) -> None:  # noqa: FBT002 - typer's way
    """Make live what is being tried."""

    async def work(prompts: PromptVersions) -> None:
        await _tell(prompts, await prompts.promote(agent, override=override, **_by(_joined(reason))))

    _on_prompts(work)


def abort(agent: str, reason: Reason = None) -> None:
    """End the trial: the live version holds for every document again."""

    async def work(prompts: PromptVersions) -> None:
        await _tell(prompts, await prompts.abort(agent, **_by(_joined(reason))))

    _on_prompts(work)


def pin(agent: str, version: str, channel: str, reason: Reason = None) -> None:
    """Give a channel (its id, C0123ABCD) a version of its own, whatever is live."""

    async def work(prompts: PromptVersions) -> None:
        await _tell(prompts, await prompts.pin(agent, version, channel, **_by(_joined(reason))))

    _on_prompts(work)


def unpin(agent: str, channel: str, reason: Reason = None) -> None:
    """Let the live version hold in the channel again."""

    async def work(prompts: PromptVersions) -> None:
        await _tell(prompts, await prompts.unpin(agent, channel, **_by(_joined(reason))))

    _on_prompts(work)


# ---------------------------------------------------------------------------------------------------------


def _on_prompts(work: Callable[[PromptVersions], Awaitable[None]]) -> None:
    run(with_product(quiet_settings(), lambda product: work(product.prompts), offline=True))


async def _asked_why(prompts: PromptVersions, agent: str, version: str) -> str:
    """What would change, what the evaluations say, and the question why. Raises PromptError where nobody can answer."""
    if not sys.stdin.isatty():
        from smallprint.prompts.changes import NO_REASON  # noqa: PLC0415 - see cli/running.py

        raise PromptError(NO_REASON.format(agent=agent, version=version))
    shown = await prompts.show(agent, version)
    live = (await prompts.show(agent)).prompt
    _print(diff_lines(await prompts.diff(agent, live.version, shown.prompt.version)))
    _print(["", f"{shown.prompt.label}: {shown.opinion.sentence}."])
    answer: str = typer.prompt(WHY)
    return answer


async def _last_changed(prompts: PromptVersions) -> str:
    """The agent of the last change by hand of what is live, if somebody says that it is meant."""
    page = await prompts.history(limit=1_000)
    by_hand = (
        move
        for move in page.activations
        if move.scope is Scope.GLOBAL and move.action is not ActivationAction.IMPORT
    )
    last = next(by_hand, None)
    if last is None:
        raise PromptError(WHICH_AGENT)
    target = await prompts.rollback_target(last.agent)
    typer.confirm(ROLL_BACK_THIS.format(agent=last.agent, what=what(last), label=target.label), abort=True)
    return last.agent


async def _tell(prompts: PromptVersions, made: Activation) -> None:
    pins: Iterable[Activation] = ()
    if made.scope is Scope.GLOBAL:
        pins = pins_that_differ(await prompts.pins(made.agent), made.to_version)
    _print(changed_lines(made, pins))


def _by(reason: str) -> dict[str, Any]:
    return {"actor": f"cli:{getpass.getuser()}", "reason": reason, "request_id": uuid.uuid4().hex}


def _joined(reason: Sequence[str] | None) -> str:
    return " ".join(reason or ())


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
