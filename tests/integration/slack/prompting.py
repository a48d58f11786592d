"""`/prompt-version` as it is in the product: real listeners on a loopback Slack, prompt versions in a real database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from smallprint.models.domain import Activation, RiskLevel
from smallprint.models.statistics import Figures, Spread, VersionStatistics
from smallprint.prompts.gate import EvaluationGate, GatePolicy
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.connection import Database
from smallprint.services.database.evaluations import EvaluationStore
from smallprint.services.database.posts import PostStore
from smallprint.services.database.prompts import PromptStore
from smallprint.slack import app as slack_app
from smallprint.slack.announcements import Announcements
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.client import SlackClients
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.listeners.prompts import prompt_listeners
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from tests.fakes.prompt_files import FakePromptFiles, prompt
from tests.fakes.slack import FakeSlack, Interaction
from tests.fakes.slack.workspace import TEAM, Json

AGENT = "document_analysis"
REVIEWER = "findings_review"
COMMAND = "/prompt-version"
PATIENCE_S = 1.0
"""How long a statement waits for a database that is locked."""
LONG = "\n".join(f"Line {number} of a long prompt, with enough words to fill it." for number in range(90))


def release() -> FakePromptFiles:
    """The analyst's v3 is new, its v4 can't be read by this release; the reviewer's v2 is long."""
    return FakePromptFiles(
        replace(prompt(1), note="the first one"),
        replace(
            prompt(2, body="Read.\nAsk for the exception to each rule.\nQuote.\n"), note="asks for exceptions"
        ),
        replace(prompt(3, body="Read.\nQuote briefly.\n"), note="shorter", effort="low"),
        replace(prompt(4, contract="analysis/9"), note="a table of dates"),
        replace(prompt(1, agent=REVIEWER), note="the first one"),
        replace(prompt(2, agent=REVIEWER, body=LONG), note="stricter"),
    )


class FixedStatistics:
    """What came of versions 1 and 2, whoever asks."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[int, ...], datetime | None]] = []

    async def compare(
        self, agent: str, versions: Sequence[int] = (), since: datetime | None = None
    ) -> tuple[VersionStatistics, ...]:
        self.asked.append((agent, tuple(versions), since))
        thick = Figures(
            n=120,
            levels={RiskLevel.HIGH: 30, RiskLevel.LOW: 90},
            findings=480,
            judged=400,
            rejected=40,
            cost_nano_usd=Spread(42_000_000, 110_000_000),
            milliseconds=Spread(38_000, 95_000),
            failures={"model_overloaded": 3},
        )
        return (
            VersionStatistics(agent, 1, thick, {"live": thick}),
            VersionStatistics(agent, 2, Figures(n=12, levels={RiskLevel.LOW: 12})),
        )


class Admins:
    """The bot, and people who type and press."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, database: Database, **options: Any) -> None:
        self.slack, self.clients, self.database = slack, clients, database
        gate = EvaluationGate(options.pop("gate", GatePolicy.WARN), EvaluationStore(database))
        self.prompts = PromptVersions(release(), PromptStore(database), contracts={"analysis/1"}, gate=gate)
        self.statistics = FixedStatistics()
        self.permissions = Permissions(
            clients,
            team=TEAM,
            admin_users=frozenset(options.pop("admin_users", ())),
            **options.pop("who", {}),
        )
        channel = options.pop("admin_channel", "")
        posts = Posts(clients, PostStore(database), "first")
        self.announcements = Announcements(posts, channel, self.permissions.name_of)
        self.modals = Modals(clients, **options)

    async def connect(self) -> slack_app.SocketMode:
        await self.prompts.import_templates()
        identity = await slack_app.identify(self.clients)

        async def nothing(_: Any) -> None: ...

        inbox = Inbox(SharedFiles(nothing, bot_user=identity.bot_user))
        listeners = prompt_listeners(
            self.clients, self.prompts, self.statistics, self.announcements, self.permissions, self.modals
        )
        app = slack_app.build_app(self.clients, self.slack.bot_token, identity, inbox, listeners)
        socket = slack_app.SocketMode(app, self.slack.app_token, self.clients, inbox)
        await socket.start()
        return socket

    async def types(self, text: str, user: str = "ann", *, answers: int = 1) -> Interaction:
        result = await self.slack.slash_command(user, "contracts", COMMAND, text, answers=answers)
        assert result.acked
        for message in result.said:
            assert validate_blocks(message["blocks"]) == []
            assert message.get("response_type", "ephemeral") == "ephemeral"
        return result

    async def asks(self, text: str, user: str = "ann") -> str:
        """Types it; all the words of the answer."""
        return words((await self.types(text, user)).said)

    async def presses(
        self,
        button: Json,
        user: str = "ann",
        *,
        ts: str = "ephemeral",
        channel: str = "contracts",
        answers: int = 1,
    ) -> Interaction:
        return await self.slack.click(
            user, channel, ts, button["action_id"], value=button["value"], answers=answers
        )

    async def modal_of(self, text: str) -> Json:
        """Types it; the modal that opens."""
        before = len(self.slack.core.views)
        await self.types(text, answers=0)
        await self.slack.wait_for(lambda: len(self.slack.core.views) > before, what="a modal")
        return self.slack.modal()

    async def log(self, agent: str = AGENT) -> list[Activation]:
        """Newest first."""
        return list((await self.prompts.history(agent, limit=100)).activations)

    async def live(self, agent: str = AGENT) -> int:
        return (await self.prompts.live(agent)).version


@asynccontextmanager
async def admins_of(
    slack: FakeSlack, clients: SlackClients, folder: Path, **options: Any
) -> AsyncIterator[Admins]:
    database = await Database.open(f"sqlite+aiosqlite:///{folder / 'app.db'}", busy_timeout_s=PATIENCE_S)
    admins = Admins(slack, clients, database, **options)
    socket = await admins.connect()
    try:
        yield admins
    finally:
        await socket.stop()
        await admins.announcements.finish()
        await asyncio.sleep(0)
        await database.close()


def because(reason: str, *, override: bool = False) -> dict[str, Json]:
    """What somebody fills in."""
    ticked = [{"value": "yes"}] if override else []
    return {"reason": {"value": reason}, "override": {"selected_options": ticked}}


def words(shown: Any) -> str:
    """Every text in blocks, messages or views, in their order."""
    return "".join(_words(shown)).replace("\u00a0", " ")


def buttons(shown: Any) -> dict[str, Json]:
    """Label → button."""
    found: dict[str, Json] = {}
    for block in json.loads(json.dumps(shown))["blocks"] if isinstance(shown, dict) else []:
        if block["type"] == "actions":
            found |= {item["text"]["text"]: item for item in block["elements"] if item["type"] == "button"}
    return found


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, dict):
        if value.get("type") in {"user", "channel"}:
            yield f"<{value.get('user_id') or value.get('channel_id')}>"
        for key, item in value.items():
            if key == "text" and isinstance(item, str):
                yield item if value.get("type") in {"text", "plain_text"} else ""
            elif key != "private_metadata":
                yield from _words(item)
        if value.get("type") in {"rich_text_section", "plain_text", "rich_text_preformatted"}:
            yield "\n"
