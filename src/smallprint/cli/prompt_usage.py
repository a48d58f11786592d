"""`smallprint usage by prompt AGENT [VERSION]`: what each version cost, and which analyses worked with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from smallprint.cli.running import with_product
from smallprint.models.usage import EVERYTHING
from smallprint.reports.prompt_usage import (
    NO_CALLS,
    USE_HEADINGS,
    USES_TITLE,
    VERSION_HEADINGS,
    VERSIONS_TITLE,
    PromptQuestion,
    use_rows,
    version_rows,
)

if TYPE_CHECKING:
    from smallprint.bootstrap.product import Product
    from smallprint.config import Settings

MOST_COLUMNS = 1_000
_FIGURES = frozenset({"documents", "calls", "cost", "a document"})


async def print_prompt_usage(settings: Settings, question: PromptQuestion) -> None:
    """Of everything in the database.

    Raises:
        UnknownAgent: no agent is called so.
        UnknownPromptVersion: it has no such version.
    """

    from smallprint.services.database.usage import UsageStore  # noqa: PLC0415 - `--help` answers without loading it

    async def work(product: Product) -> None:
        (listed,) = await product.prompts.list(question.agent)
        agent, usages = listed.agent, UsageStore(product.database)
        if not question.version:
            versions = await usages.versions(agent, viewer=EVERYTHING)
            _print(VERSIONS_TITLE.format(agent=agent), VERSION_HEADINGS, version_rows(versions))
            return
        version = (await product.prompts.show(agent, question.version)).prompt.version
        uses = await usages.uses(agent, version, viewer=EVERYTHING)
        _print(USES_TITLE.format(agent=agent, version=version), USE_HEADINGS, use_rows(uses))

    await with_product(settings, work, offline=True)


def _print(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    console = Console()
    if not rows:
        console.print(f"{title}: {NO_CALLS}", markup=False, highlight=False, soft_wrap=True)
        return
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="right" if heading in _FIGURES else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    # Rather too wide for a narrow window than cut to pieces: ids are there to be copied.
    wide = Measurement.get(console, console.options.update(width=MOST_COLUMNS), table).maximum
    Console(width=max(console.width, wide)).print(table)
