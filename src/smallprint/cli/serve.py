"""`smallprint serve`."""

from __future__ import annotations

from smallprint.cli.analyse import Offline
from smallprint.cli.running import run


def serve(offline: Offline = False) -> None:  # noqa: FBT002 - typer's way
    """Connect to Slack and answer until stopped (SIGTERM or Ctrl-C)."""
    from smallprint import main  # noqa: PLC0415 - Slack and the job engine take a second to load; other commands don't need them
    from smallprint.config import load_settings  # noqa: PLC0415 - see cli/running.py
    from smallprint.logging import configure_logging  # noqa: PLC0415 - see cli/running.py

    settings = load_settings()
    configure_logging(settings.log_level)
    run(main.run(settings, offline=offline))
