"""Settings → Slack, jobs and HTTP around the product, from start to a stop that loses nothing."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import PurePath

import structlog

from smallprint.api.routes import Health, build_api
from smallprint.api.server import serving
from smallprint.bootstrap.product import MEGABYTE, Product, assemble
from smallprint.config import Settings, require_slack
from smallprint.errors import DatabaseError
from smallprint.jobs.queue import DocumentJobs
from smallprint.services.ai_client import AIClient
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.posts import PostStore
from smallprint.services.web_links import WebLinks
from smallprint.slack import app as slack_app
from smallprint.slack import client as slack_client
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.files import SlackFiles
from smallprint.slack.inbox import Inbox
from smallprint.slack.listeners.actions import ActionListeners
from smallprint.slack.listeners.analyse import AnalyseListener
from smallprint.slack.listeners.events import EventListeners
from smallprint.slack.listeners.prompt_version import PromptVersionListener
from smallprint.slack.listeners.repeat import RepeatListener
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.sources import Sources

log = structlog.get_logger()


@asynccontextmanager
async def serve(settings: Settings, *, offline: bool = False) -> AsyncIterator[None]:
    """Slack and HTTP, from start to a stop that loses nothing.

    On leaving: no more events are taken, paid calls in flight get `shutdown_seconds` to finish, and jobs that
    are not done are continued by the next start.

    Raises:
        ConfigurationError, DatabaseError, SlackUnavailable: it cannot start.
    """
    bot_token, app_token = require_slack(settings)
    async with AsyncExitStack() as stack:
        product = await stack.enter_async_context(assemble(settings, offline=offline))
        clients = slack_client.connect(bot_token, settings.slack_api_url)
        stack.push_async_callback(clients.session.close)
        identity = await slack_app.identify(clients)
        max_bytes = settings.max_file_mb * MEGABYTE
        files = SlackFiles(clients, bot_token, settings.slack_api_url, max_bytes=max_bytes)
        sources = Sources(files, WebLinks(max_bytes=max_bytes) if settings.allow_links else None)
        jobs = _jobs(settings, product, clients, sources)
        await jobs.start()
        stack.push_async_callback(_wind_down, jobs, product.model, settings.shutdown_seconds)
        permissions = Permissions(clients, team=identity.team, admin_users=settings.admin_users)
        listeners: list[slack_app.Listener] = [
            EventListeners(),
            AnalyseListener(clients, files, sources, permissions, jobs.accept),
            ActionListeners(product.analyses),
            RepeatListener(clients, JobStore(product.database), permissions, jobs.accept),
            PromptVersionListener(product.prompts, permissions),
        ]
        inbox = Inbox(jobs.accept, bot_user=identity.bot_user)
        app = slack_app.build_app(clients, bot_token, identity, inbox, listeners)
        socket = slack_app.SocketMode(app, app_token, clients, inbox)
        health = Health({"slack": socket.problem, "database": partial(_database_problem, jobs)})
        await stack.enter_async_context(serving(build_api(health), settings.api_host, settings.api_port))
        stack.push_async_callback(socket.stop)
        await socket.start()
        log.info("connected to Slack", team=identity.team, bot=identity.bot_user, offline=offline)
        yield


def engine_url(database_url: str) -> str:
    """Where the job engine keeps its state: a file beside ours on SQLite, the same server on Postgres."""
    if not database_url.startswith("sqlite"):
        return database_url
    path = PurePath(database_url.partition("///")[2])
    return f"sqlite:///{path.with_name(f'{path.stem}-jobs{path.suffix}')}"


def _jobs(settings: Settings, product: Product, clients: SlackClients, sources: Sources) -> DocumentJobs:
    posts = Posts(clients, PostStore(product.database), owner=uuid.uuid4().hex)
    return DocumentJobs(
        engine_url=engine_url(settings.database_url),
        store=JobStore(product.database),
        files=sources,
        reader=product.reader,
        analyser=product.orchestrator,
        reports=product.analyses,
        delivery=ThreadDelivery(clients, posts, name_of=sources.name_of),
        concurrency=settings.max_concurrent_jobs,
        retry_interval_s=settings.job_retry_seconds,
    )


async def _database_problem(jobs: DocumentJobs) -> str | None:
    try:
        await jobs.counts()
    except DatabaseError as error:
        return error.code
    return None


async def _wind_down(jobs: DocumentJobs, model: AIClient | None, timeout_s: float) -> None:
    await jobs.stop_intake()
    if model is not None:
        await model.drain(timeout_s)
    await jobs.stop(timeout_s=2.0)
