"""`smallprint ask`: a question about files, answered from their words."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from smallprint.cli.analyse import bytes_of
from smallprint.cli.running import DONE, FAILED, complain, quiet_settings, run, with_product
from smallprint.errors import ConfigurationError, SmallprintError
from smallprint.models.domain import AnalysisRequest, Answer, Question
from smallprint.reports.answers import answer_json, print_answer

if TYPE_CHECKING:
    from smallprint.bootstrap.product import Product
    from smallprint.config import Settings

STDIN, STDIN_NAME = "-", "standard input"
NO_QUESTION = "What do you want to know? Give the question after the files, in quotation marks."

OfflineOption = Annotated[
    bool,
    typer.Option("--offline", help="No AI: the passages that match the words of the question best."),
]


def ask(
    files: Annotated[
        list[str],
        typer.Argument(help="Files to answer from; - reads standard input.", metavar="FILE..."),
    ],
    question: Annotated[str, typer.Argument(help="What you want to know, in quotation marks.")],
    offline: OfflineOption = False,  # noqa: FBT002 - typer's way
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Answer a question from the words of FILE..., with quotations that were looked up. Status 0: done; 1: it failed."""
    if not question.strip():
        raise ConfigurationError(NO_QUESTION)
    raise typer.Exit(run(_ask(quiet_settings(), files, question, offline=offline, as_json=as_json)))


async def _ask(
    settings: Settings, files: Sequence[str], question: str, *, offline: bool, as_json: bool
) -> int:
    async def work(product: Product) -> Answer:
        return await _answer(product, files, question)

    try:
        answer = await with_product(settings, work, offline=offline)
    except ConfigurationError:
        raise
    except SmallprintError as error:
        complain(error.user_message)
        return FAILED
    if as_json:
        typer.echo(answer_json(answer))
    else:
        print_answer(answer, Console())
    return DONE


async def _answer(product: Product, files: Sequence[str], question: str) -> Answer:
    documents = []
    for file in files:
        name = STDIN_NAME if file == STDIN else Path(file).name
        documents.append(await product.reader.read(name, await asyncio.to_thread(bytes_of, file)))
    request = AnalysisRequest(f"ask-{uuid.uuid4().hex}")
    return await product.answering.answer(documents, Question(question), request)
