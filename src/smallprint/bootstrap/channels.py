"""What channels want, joined: who is let in, who is introduced, and who is told of a high risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smallprint.jobs.admission import Gate
from smallprint.services.database.admissions import AdmissionStore
from smallprint.services.database.channel_settings import ChannelSettingsStore
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.slack.admission import FileInfo, SlackAdmission
from smallprint.slack.alerts import Alerts
from smallprint.slack.app import Identity, Listener
from smallprint.slack.channel_facts import ConversationFacts
from smallprint.slack.client import SlackClients
from smallprint.slack.destinations import Destinations
from smallprint.slack.inbox import Accept
from smallprint.slack.introductions import Introductions
from smallprint.slack.listeners.joined import JoinedListener
from smallprint.slack.listeners.offer import OfferListener
from smallprint.slack.listeners.smallprint import SmallprintListener, Verb
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.settings_desk import SettingsDesk


@dataclass(frozen=True, slots=True)
class Channels:
    """Everything that knows what a channel is like and what it wants."""

    gate: Gate
    """For the jobs."""
    alerts: Alerts
    """A sequel of results."""
    admission: SlackAdmission
    """For listeners that have to say at once whether somebody may ask."""
    introductions: Introductions
    """Close it with `finish`."""
    facts: ConversationFacts
    desk: SettingsDesk


def channels_of(
    database: Database,
    clients: SlackClients,
    posts: Posts,
    destinations: Destinations,
    permissions: Permissions,
    files: FileInfo,
    identity: Identity,
) -> Channels:
    settings, facts = ChannelSettingsStore(database), ConversationFacts(clients)
    introductions, rows = Introductions(posts, facts, settings), AdmissionStore(database)
    admission = SlackAdmission(settings, facts, permissions, files, posts, destinations, introductions, rows)
    return Channels(
        gate=Gate(rows, admission),
        alerts=Alerts(clients, posts, destinations, settings, facts),
        admission=admission,
        introductions=introductions,
        facts=facts,
        desk=SettingsDesk(clients, settings, facts, permissions, posts, team=identity.team),
    )


def channel_listeners(
    channels: Channels,
    database: Database,
    clients: SlackClients,
    permissions: Permissions,
    modals: Modals,
    accept: Accept,
    identity: Identity,
    verbs: Mapping[str, Verb],
) -> Sequence[Listener]:
    """`verbs`: those of `/smallprint` beside `settings` and `help`."""
    jobs, admissions = JobStore(database), AdmissionStore(database)
    return (
        SmallprintListener(channels.desk, modals, verbs),
        OfferListener(clients, jobs, admissions, permissions, accept),
        JoinedListener(
            channels.introductions, channels.facts, team=identity.team, bot_user=identity.bot_user
        ),
    )
