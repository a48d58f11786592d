"""Is everything there that an installation needs? Looks, asks, changes nothing and spends nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

from smallprint.bootstrap.checkup.checked import Checked, Verdict
from smallprint.bootstrap.checkup.claude import check_claude
from smallprint.bootstrap.checkup.prompts import check_prompts
from smallprint.bootstrap.checkup.slack import check_slack
from smallprint.bootstrap.checkup.storage import check_storage
from smallprint.bootstrap.checkup.watch import check_watch
from smallprint.config import Settings

__all__ = ["Checked", "Verdict", "check_up"]


async def check_up(settings: Settings) -> AsyncIterator[Checked]:
    """One part of the installation after another, each as soon as it is known."""
    for check in (check_storage, check_prompts, check_claude, check_slack, check_watch):
        async for checked in check(settings):
            yield checked
