"""The command line answers before it has loaded what only some commands need."""

import subprocess
import sys

HEAVY = (
    "anthropic", "dbos", "fastapi", "matplotlib", "opentelemetry", "pydantic", "pydantic_settings", "slack_bolt",
    "slack_sdk", "sqlalchemy", "structlog",
)  # fmt: skip


def test_help_is_shown_without_loading_what_it_does_not_need() -> None:
    program = f"import sys, smallprint.cli; print(sorted(sys.modules.keys() & set({HEAVY})))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
