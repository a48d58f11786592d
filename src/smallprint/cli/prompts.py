"""`smallprint prompts`: the same verbs as /prompt-version in Slack."""

from __future__ import annotations

import getpass
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from smallprint.cli.running import quiet_settings, run, with_product

if TYPE_CHECKING:
    from smallprint.models.domain import Activation
    from smallprint.prompts.versions import PromptVersions

NO_REASON = "rolled back from the command line"

Reason = Annotated[list[str], typer.Argument(help="Why; it goes into the log.")]


def build() -> typer.Typer:
    app = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="See and change which prompt version is live."
    )
    for name, command in (
        ("list", list_versions),
        ("show", show),
        ("set", set_live),
        ("rollback", roll_back),
    ):
        app.command(name)(command)
    return app


def list_versions(agent: Annotated[str | None, typer.Argument()] = None) -> None:
    """The versions of each agent's prompt, and which is live."""

    async def work(prompts: PromptVersions) -> None:
        for listed in await prompts.list(agent):
            typer.echo(listed.agent)
            for entry in listed.versions:
                mark = "live" if entry.live else ""
                typer.echo(
                    f"  v{entry.version:<3} {mark:<5} {entry.note}  ({entry.author}, {entry.created_at:%Y-%m-%d})"
                )
                if not entry.usable:
                    typer.echo(f"{'':13}cannot be used: {entry.why_not}")
            if listed.waiting:
                typer.echo(f"  {listed.waiting}")

    _on_prompts(work)


def show(agent: str, version: Annotated[str | None, typer.Argument()] = None) -> None:
    """A version's settings and text: the live one unless one is named."""

    async def work(prompts: PromptVersions) -> None:
        shown = (await prompts.show(agent, version)).prompt
        typer.echo(f"{shown.agent} v{shown.version} {shown.slug}: {shown.note}")
        typer.echo(
            f"contract {shown.contract}, effort {shown.effort}, at most {shown.max_tokens} tokens, sha256 {shown.sha256[:12]}\n"
        )
        typer.echo(shown.body)

    _on_prompts(work)


def set_live(agent: str, version: str, reason: Reason) -> None:
    """Make a version live; the next analysis uses it."""

    async def work(prompts: PromptVersions) -> None:
        _say(
            await prompts.set(
                agent, version, actor=_actor(), reason=" ".join(reason), request_id=uuid.uuid4().hex
            )
        )

    _on_prompts(work)


def roll_back(
    agent: str, reason: Annotated[list[str] | None, typer.Argument(help="Why; it goes into the log.")] = None
) -> None:
    """Make the version live again that was live before."""

    async def work(prompts: PromptVersions) -> None:
        why = " ".join(reason or ()) or NO_REASON
        _say(await prompts.rollback(agent, actor=_actor(), reason=why, request_id=uuid.uuid4().hex))

    _on_prompts(work)


def _on_prompts(work: Callable[[PromptVersions], Awaitable[None]]) -> None:
    run(with_product(quiet_settings(), lambda product: work(product.prompts), offline=True))


def _say(activation: Activation) -> None:
    before = "nothing" if activation.from_version is None else f"v{activation.from_version}"
    typer.echo(f"{activation.agent}: {before} → v{activation.to_version}. The next analysis uses it.")


def _actor() -> str:
    return f"cli:{getpass.getuser()}"
