"""Hands a check to atheris, which looks for bytes that break it by watching which code they reach."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable


def run(check: Callable[[bytes], None]) -> None:
    """Until Ctrl-C or libFuzzer's own limits (-runs=…, -max_total_time=…)."""
    atheris = importlib.import_module("atheris")  # a developer's tool: not among the product's requirements
    atheris.instrument_all()
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
