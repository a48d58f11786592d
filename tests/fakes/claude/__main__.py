"""`python -m tests.fakes.claude --port 8400`: FakeClaude as a process of its own.

GET /_billed shows what it billed; POST /_script takes {"outcomes": [{"name": "overloaded"}], "match": "…"}.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.fakes.claude.server import FakeClaude


async def _serve(port: int, latency_s: float) -> None:
    async with FakeClaude(port=port, latency_s=latency_s) as claude:
        sys.stdout.write(f"{claude.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.fakes.claude", description=__doc__)
    options.add_argument("--port", type=int, default=0, help="0 picks a free one; the address is printed")
    options.add_argument("--latency-s", type=float, default=0.0, help="how long every answer takes")
    chosen = options.parse_args()
    try:
        asyncio.run(_serve(chosen.port, chosen.latency_s))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
