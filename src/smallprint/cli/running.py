"""What every command shares: settings, logs, the event loop, and how a command ends.

What takes long to load is imported by whoever runs it: `--help`, `--version` and a mistyped command answer at once.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from smallprint.bootstrap.product import Product
    from smallprint.config import Settings

T = TypeVar("T")

DONE, FAILED, USAGE = 0, 1, 2


def complain(sentence: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"smallprint: {sentence}\n")


def quiet_settings() -> Settings:
    """The settings, with logs of trouble only: a command's output is its result.

    Raises:
        ConfigurationError: a setting is wrong.
    """
    from smallprint.config import load_settings  # noqa: PLC0415 - see above
    from smallprint.logging import configure_logging  # noqa: PLC0415 - see above

    settings = load_settings()
    configure_logging("ERROR" if settings.log_level == "INFO" else settings.log_level)
    return settings


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


async def with_product(settings: Settings, work: Callable[[Product], Awaitable[T]], *, offline: bool) -> T:
    """Assemble the product, do the work, close it."""
    from smallprint.bootstrap.product import assemble  # noqa: PLC0415 - see above

    async with assemble(settings, offline=offline) as product:
        return await work(product)
