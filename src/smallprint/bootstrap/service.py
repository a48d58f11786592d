"""Settings → Slack, jobs and HTTP around the product, from start to a stop that loses nothing."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import PurePath

import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from smallprint.api.health import Check, Health, database_check, health_routes, queue_check
from smallprint.api.metrics import metrics_routes
from smallprint.api.routes import build_api
from smallprint.api.server import serving
from smallprint.bootstrap.housekeeping import housekeeping_of
from smallprint.bootstrap.listening import (
    announcements_of,
    budget_notices_of,
    permissions_of,
    slack_listeners,
)
from smallprint.bootstrap.product import MEGABYTE, Product, assemble
from smallprint.bootstrap.spending import budget_books
from smallprint.bootstrap.watching import Watching, how_things_stand, left_this_month
from smallprint.config import Settings, require_slack
from smallprint.jobs.queue import DocumentJobs
from smallprint.services.ai_client import AIClient
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.posts import PostStore
from smallprint.services.metrics import Metrics
from smallprint.services.web_links import WebLinks
from smallprint.slack import app as slack_app
from smallprint.slack import client as slack_client
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.files import SlackFiles
from smallprint.slack.inbox import Inbox
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
        metrics = Metrics(CollectorRegistry())
        product = await stack.enter_async_context(assemble(settings, offline=offline, metrics=metrics))
        clients = slack_client.connect(bot_token, settings.slack_api_url, counting=metrics.slack_called)
        stack.push_async_callback(clients.session.close)
        identity = await slack_app.identify(clients)
        max_bytes = settings.max_file_mb * MEGABYTE
        files = SlackFiles(clients, bot_token, settings.slack_api_url, max_bytes=max_bytes)
        sources = Sources(files, WebLinks(max_bytes=max_bytes) if settings.allow_links else None)
        posts = Posts(clients, PostStore(product.database), owner=uuid.uuid4().hex)
        delivery = ThreadDelivery(clients, posts, name_of=sources.name_of)
        jobs = _jobs(settings, product, sources, delivery, Watching(metrics, product.tracing))
        await jobs.start()
        stack.push_async_callback(_wind_down, jobs, product.model, settings.shutdown_seconds)
        permissions = permissions_of(settings, clients, identity)
        announcements = announcements_of(settings, posts, permissions)
        stack.push_async_callback(announcements.finish)
        housekeeping = housekeeping_of(
            settings, product.database, jobs.counts, budget_notices_of(settings, posts)
        )
        housekeeping.start()
        stack.push_async_callback(housekeeping.stop)
        problems = Health(_working(settings, jobs)).problems
        listeners = slack_listeners(
            settings, product, clients, files, sources, permissions, announcements, jobs.accept, problems
        )
        inbox = Inbox(jobs.accept, bot_user=identity.bot_user)
        app = slack_app.build_app(clients, bot_token, identity, inbox, listeners)
        socket = slack_app.SocketMode(app, app_token, clients, inbox)
        api = _api(settings, product, jobs, socket.problem, metrics)
        await stack.enter_async_context(serving(api, settings.api_host, settings.api_port))
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


def _jobs(
    settings: Settings, product: Product, sources: Sources, delivery: ThreadDelivery, watching: Watching
) -> DocumentJobs:
    return DocumentJobs(
        engine_url=engine_url(settings.database_url),
        store=JobStore(product.database),
        files=sources,
        reader=product.reader,
        analyser=product.orchestrator,
        reports=product.analyses,
        delivery=delivery,
        concurrency=settings.max_concurrent_jobs,
        retry_interval_s=settings.job_retry_seconds,
        watch=watching,
    )


def _api(settings: Settings, product: Product, jobs: DocumentJobs, slack: Check, metrics: Metrics) -> FastAPI:
    health = Health({"slack": slack, **_working(settings, jobs)})
    token = settings.metrics_token
    budget_left = left_this_month(budget_books(settings, product.database).standing)
    standing = partial(how_things_stand, jobs.counts, budget_left)
    return build_api(
        health_routes(health),
        metrics_routes(metrics, standing, token.get_secret_value() if token else None),
    )


def _working(settings: Settings, jobs: DocumentJobs) -> dict[str, Check]:
    """What documents need to be read, whoever brings them."""
    return {
        "database": database_check(jobs.counts),
        "queue": queue_check(jobs.counts, max_age_s=settings.max_queue_age_seconds),
    }


async def _wind_down(jobs: DocumentJobs, model: AIClient | None, timeout_s: float) -> None:
    await jobs.stop_intake()
    if model is not None:
        await model.drain(timeout_s)
    await jobs.stop(timeout_s=2.0)
