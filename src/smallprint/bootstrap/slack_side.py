"""Our side of Slack: what deliveries, listeners and jobs share, made once."""

from __future__ import annotations

import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass

from smallprint.bootstrap.product import Product
from smallprint.config import Settings, SlackAccess
from smallprint.models.sizes import MEGABYTE
from smallprint.services.database.posts import PostStore
from smallprint.services.metrics import Metrics
from smallprint.services.web_links import WebLinks
from smallprint.slack.announcements import Announcements
from smallprint.slack.app import Identity, identify
from smallprint.slack.client import SlackClients, connect
from smallprint.slack.destinations import Destinations
from smallprint.slack.file_access import FileAccess
from smallprint.slack.files import SlackFiles
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.sources import Sources


@dataclass(frozen=True, slots=True)
class SlackSide:
    """One per process."""

    clients: SlackClients
    identity: Identity
    files: SlackFiles
    """Slack's alone."""
    sources: Sources
    """With public links, where they are allowed."""
    posts: Posts
    destinations: Destinations
    permissions: Permissions
    announcements: Announcements
    modals: Modals


async def open_slack(
    stack: AsyncExitStack, settings: Settings, access: SlackAccess, product: Product, metrics: Metrics
) -> SlackSide:
    """Connected to the Web API; events come later. Closed with the stack.

    Raises:
        ConfigurationError, SlackUnavailable: Slack does not know us, or does not answer.
    """
    clients = connect(access.bot_token, settings.slack_api_url, counting=metrics.slack_called)
    stack.push_async_callback(clients.session.close)
    identity = await identify(clients)
    max_bytes = settings.max_file_mb * MEGABYTE
    files = SlackFiles(clients, access.bot_token, settings.slack_api_url, max_bytes=max_bytes)
    posts = Posts(clients, PostStore(product.database), owner=uuid.uuid4().hex)
    permissions = Permissions(
        clients,
        team=identity.team,
        admin_users=settings.admin_users,
        admin_group=settings.admin_group or "",
        admins_from_slack=settings.admins_from_slack,
    )
    announcements = Announcements(posts, settings.admin_channel or "", permissions.name_of)
    stack.push_async_callback(announcements.finish)  # what was announced last is still on its way
    return SlackSide(
        clients=clients,
        identity=identity,
        files=files,
        sources=Sources(
            files,
            WebLinks(max_bytes=max_bytes) if settings.allow_links else None,
            FileAccess(files, permissions),
        ),
        posts=posts,
        destinations=Destinations(clients, posts),
        permissions=permissions,
        announcements=announcements,
        modals=Modals(clients),
    )
