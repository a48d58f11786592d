"""`python -m tests.fakes.slack --port 4010`: the fake as its own process, driven over /_control.

Prints one line of JSON when it listens, with everything an app needs; ends on SIGTERM or SIGINT.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from tests.fakes.slack.core import ALL_SCOPES, as_in_manifest
from tests.fakes.slack.server import FakeSlack


async def serve(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    scopes, bot_events = as_in_manifest(options.manifest) if options.manifest else (ALL_SCOPES, None)
    slack = FakeSlack(
        scopes=scopes,
        bot_events=bot_events,
        port=options.port,
        ack_timeout_s=options.ack_timeout,
        rate_limits=options.rate_limits,
        echo_bot_messages=not options.no_echo,
    )
    async with slack:
        ready = {
            "url": slack.url,
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
        }
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.slack", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--manifest", type=Path, help="take scopes and subscribed events from this manifest")
    parser.add_argument("--ack-timeout", type=float, default=3.0, help="seconds until an envelope is retried")
    parser.add_argument(
        "--rate-limits", action="store_true", help="one post per second and channel, as in Slack"
    )
    parser.add_argument("--no-echo", action="store_true", help="do not send the bot its own messages")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
