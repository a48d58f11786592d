"""`/usage` and the App Home as they are in the product: real listeners on a loopback Slack, figures in a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from smallprint.agents.budget_limits import BudgetLimits
from smallprint.errors import DatabaseUnavailable
from smallprint.models.domain import AnalysisRequest, BudgetScope, Job, ModelCall, Usage
from smallprint.models.usage import Grouping, Period, UsageTable, Viewer
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.activity import ActivityStore
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.budget_changes import BudgetChangeStore
from smallprint.services.database.budgets import BudgetBooks
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.services.database.posts import PostStore
from smallprint.services.database.prompts import PromptStore
from smallprint.services.database.usage import UsageStore
from smallprint.slack import app as slack_app
from smallprint.slack.announcements import Announcements
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.client import SlackClients
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.listeners.accounts import account_listeners
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.usage_answers import Usages
from tests.fakes.passages import document_of
from tests.fakes.slack import FakeSlack, Interaction
from tests.fakes.slack.workspace import BOB, CONTRACTS, TEAM, Json
from tests.integration.slack.prompting import release, words

DOLLAR = 1_000_000_000
COMMAND = "/usage"
LIMITS = {BudgetScope.USER_DAY: 5 * DOLLAR, BudgetScope.WORKSPACE_MONTH: 100 * DOLLAR}


class ClosedBooks:
    """Figures that cannot be reached."""

    async def spend(self, period: Period, by: Grouping, *, viewer: Viewer) -> UsageTable:
        raise DatabaseUnavailable


class Accounts:
    """The bot, what it spent, and people who ask."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, database: Database, **settings: Any) -> None:
        self.slack, self.clients, self.database = slack, clients, database
        self.problems: Mapping[str, str] = {}
        self.usages: Usages = settings.pop("usages", UsageStore(database))
        defaults = settings.pop("limits", {})
        self.limits = BudgetLimits(BudgetBooks(database, defaults), BudgetChangeStore(database))
        self.prompts = PromptVersions(release(), PromptStore(database), contracts={"analysis/1"})
        self.permissions = Permissions(clients, team=TEAM, admin_users=frozenset())
        posts = Posts(clients, PostStore(database), "first")
        self.announcements = Announcements(posts, settings.pop("admin_channel", ""), self.permissions.name_of)
        self._calls = 0

    async def connect(self) -> slack_app.SocketMode:
        await self.prompts.import_templates()
        identity = await slack_app.identify(self.clients)

        async def nothing(_: Any) -> None: ...

        async def problems() -> Mapping[str, str]:
            return self.problems

        inbox = Inbox(SharedFiles(nothing, bot_user=identity.bot_user))
        listeners = account_listeners(
            self.clients,
            self.usages,
            ActivityStore(self.database),
            self.limits,
            self.prompts,
            self.permissions,
            Modals(self.clients),
            problems,
            self.announcements,
        )
        app = slack_app.build_app(self.clients, self.slack.bot_token, identity, inbox, listeners)
        socket = slack_app.SocketMode(app, self.slack.app_token, self.clients, inbox)
        await socket.start()
        return socket

    async def analysed(
        self,
        number: int,
        dollars: float = 0.5,
        *,
        user: str = BOB,
        channel: str = CONTRACTS,
        name: str = "msa.pdf",
        outcome: str = "high",
        days_ago: int = 0,
    ) -> str:
        """A file that was shared, its thread in Slack, and one call; the job's id. Without a name it could not be read."""
        job = Job(f"doc-{number}", TEAM, channel, "1.0", f"F{number}", user, "message")
        await JobStore(self.database).add([Arrival(job, JobState.ACCEPTED, datetime.now(UTC))])
        if name:
            request = AnalysisRequest(job.id, team=TEAM, channel=channel, user=user)
            document = document_of("The supplier's liability is unlimited.", name=name)
            await AnalysisStore(self.database).begin(request, document, {}, offline=False)
            await self._called(job.id, dollars, days_ago)
        if outcome:
            await JobStore(self.database).finish(job.id, JobState.DONE, outcome)
        return job.id

    async def answered(self, job_id: str, channel: str = CONTRACTS) -> str:
        """Our message in the thread stands; its ts."""
        answer = await self.clients.write.chat_postMessage(channel=channel, text="Result")
        await PostStore(self.database).claim(f"{job_id}/placeholder", "first")
        await PostStore(self.database).sent(f"{job_id}/placeholder", answer["ts"])
        return str(answer["ts"])

    async def types(self, text: str, user: str = "bob", channel: str = "contracts") -> Interaction:
        result = await self.slack.slash_command(user, channel, COMMAND, text, answers=1)
        assert result.acked
        for message in result.said:
            assert validate_blocks(message["blocks"]) == []
            assert message.get("response_type", "ephemeral") == "ephemeral"
        return result

    async def asks(self, text: str, user: str = "bob", channel: str = "contracts") -> str:
        """Types it; all the words of the answer."""
        return words((await self.types(text, user, channel)).said)

    async def home(self, user: str) -> Json:
        """Opens the tab; what is published."""
        person = self.slack.workspace.user(user).id
        before = self.slack.core.homes.get(person)
        await self.slack.open_home(user)
        await self.slack.wait_for(lambda: self.slack.core.homes.get(person) is not before, what="a home")
        return self.slack.core.homes[person]

    async def modal_of(self, user: str, button: Json) -> Json:
        """Presses a button of the home; the modal that opens."""
        before = len(self.slack.core.views)
        await self.slack.press_in_home(user, button["action_id"], button["value"])
        await self.slack.wait_for(lambda: len(self.slack.core.views) > before, what="a modal")
        return self.slack.modal()

    async def _called(self, analysis: str, dollars: float, days_ago: int) -> None:
        self._calls += 1
        call = ModelCall(
            id=f"call-{self._calls}", analysis_id=analysis, agent="document_analysis", purpose="main", attempt=1,
            prompt_version=3, request_model="claude-sonnet-5-5", latency_ms=900, status="ok",
            started_at=datetime.now(UTC) - timedelta(days=days_ago), usage=Usage(100, output_tokens=40),
            cost_nano_usd=round(dollars * DOLLAR), price_source="test", stop_reason="end_turn",
        )  # fmt: skip
        await CallStore(self.database).record(call, f"key-{self._calls}", None)


@asynccontextmanager
async def accounts_of(
    slack: FakeSlack, clients: SlackClients, folder: Path, **settings: Any
) -> AsyncIterator[Accounts]:
    database = await Database.open(f"sqlite+aiosqlite:///{folder / 'app.db'}")
    accounts = Accounts(slack, clients, database, **settings)
    socket = await accounts.connect()
    try:
        yield accounts
    finally:
        await socket.stop()
        await asyncio.sleep(0)
        await database.close()
