"""Settings → Slack, jobs and HTTP around the product, from start to a stop that loses nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from smallprint.api.health import Check, Health, database_check, health_routes, queue_check
from smallprint.api.metrics import metrics_routes
from smallprint.api.routes import build_api
from smallprint.api.server import serving
from smallprint.bootstrap.channels import Channels, channels_of
from smallprint.bootstrap.connecting import Connection, connection_of
from smallprint.bootstrap.forgetting import oblivion_of
from smallprint.bootstrap.housekeeping import budget_notices_of, housekeeping_of
from smallprint.bootstrap.listening import inbox_of, slack_listeners
from smallprint.bootstrap.product import Product, assemble
from smallprint.bootstrap.slack_side import SlackSide, open_slack
from smallprint.bootstrap.spending import budget_books
from smallprint.bootstrap.watching import Watching, how_things_stand, left_this_month
from smallprint.bootstrap.working import Work, work_of
from smallprint.config import Settings, require_slack
from smallprint.jobs.queue import DocumentJobs
from smallprint.services.ai_client import AIClient
from smallprint.services.metrics import Metrics

log = structlog.get_logger()


@asynccontextmanager
async def serve(settings: Settings, *, offline: bool = False) -> AsyncIterator[None]:
    """Slack and HTTP, from start to a stop that loses nothing.

    On leaving: no more events are taken, paid calls in flight get `shutdown_seconds` to finish, and jobs that
    are not done are continued by the next start.

    Raises:
        ConfigurationError, DatabaseError, SlackUnavailable: it cannot start.
    """
    access = require_slack(settings)
    async with AsyncExitStack() as stack:
        metrics = Metrics(CollectorRegistry())
        product = await stack.enter_async_context(assemble(settings, offline=offline, metrics=metrics))
        slack = await open_slack(stack, settings, access, product, metrics)
        channels = _channels(stack, product, slack)
        work = work_of(settings, product, slack, channels, Watching(metrics, product.tracing))
        await work.jobs.start()
        stack.push_async_callback(_wind_down, work.jobs, product.model, settings.shutdown_seconds)
        oblivion = oblivion_of(product.database, slack, work)
        oblivion.eraser.start()
        stack.push_async_callback(oblivion.eraser.stop)
        _keep_house(stack, settings, product, slack, work)
        problems = Health(_working(settings, work.jobs)).problems
        listeners = slack_listeners(settings, product, slack, work, channels, oblivion, problems)
        inbox = inbox_of(product, slack, work, oblivion)
        connection = connection_of(access, slack.clients, slack.identity, inbox, listeners)
        api = _api(settings, product, work.jobs, connection, metrics)
        await stack.enter_async_context(serving(api, settings.api_host, settings.api_port))
        stack.push_async_callback(connection.stop)
        await connection.start()
        identity = slack.identity
        log.info("connected to Slack", team=identity.team, bot=identity.bot_user, offline=offline)
        yield


def _channels(stack: AsyncExitStack, product: Product, slack: SlackSide) -> Channels:
    channels = channels_of(
        product.database,
        slack.clients,
        slack.posts,
        slack.destinations,
        slack.permissions,
        slack.files,
        slack.identity,
    )
    stack.push_async_callback(channels.introductions.finish)
    return channels


def _keep_house(
    stack: AsyncExitStack, settings: Settings, product: Product, slack: SlackSide, work: Work
) -> None:
    """Until the stack unwinds."""
    notices = budget_notices_of(settings, slack.posts)
    housekeeping = housekeeping_of(settings, product.database, work.jobs.counts, notices)
    housekeeping.start()
    stack.push_async_callback(housekeeping.stop)


def _api(
    settings: Settings, product: Product, jobs: DocumentJobs, slack: Connection, metrics: Metrics
) -> FastAPI:
    health = Health({"slack": slack.problem, **_working(settings, jobs)})
    token = settings.metrics_token
    budget_left = left_this_month(budget_books(settings, product.database).standing)
    standing = partial(how_things_stand, jobs.counts, budget_left)
    return build_api(
        slack.routes(),
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
