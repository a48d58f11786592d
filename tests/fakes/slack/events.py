"""The shapes of what Slack sends to an app: events in their outer payload, slash commands."""

from __future__ import annotations

import time
from typing import Any

from tests.fakes.slack.workspace import APP, BOT, BOT_USER, TEAM, Channel, Json


def event_payload(event: Json, event_id: str) -> Json:
    return {
        "token": "deprecated-verification-token",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def message_event(message: Json, channel: Channel) -> Json:
    """A posted message as its event; metadata and thread counters are not in it."""
    hidden = {"metadata", "reply_count", "reply_users", "latest_reply"}
    event = {key: value for key, value in message.items() if key not in hidden}
    return event | {"channel": channel.id, "channel_type": channel.kind, "event_ts": message["ts"]}


def changed_event(message: Json, previous: Json, channel: Channel, event_ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": message,
        "previous_message": previous,
        "channel": channel.id,
        "hidden": True,
        "ts": event_ts,
        "event_ts": event_ts,
        "channel_type": channel.kind,
    }


def deleted_event(previous: Json, channel: Channel, event_ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": previous,
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": previous["ts"],
        "ts": event_ts,
        "event_ts": event_ts,
        "channel_type": channel.kind,
    }


def file_shared_event(file_id: str, user: str, channel_id: str, event_ts: str) -> Json:
    return {
        "type": "file_shared",
        "channel_id": channel_id,
        "file_id": file_id,
        "user_id": user,
        "file": {"id": file_id},
        "event_ts": event_ts,
    }


def file_deleted_event(file_id: str, channel_ids: list[str], event_ts: str) -> Json:
    return {"type": "file_deleted", "file_id": file_id, "channel_ids": channel_ids, "event_ts": event_ts}


def joined_event(user: str, channel: Channel, inviter: str, event_ts: str) -> Json:
    kind = "G" if channel.is_private else "C"
    return {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": kind,
        "team": TEAM,
        "inviter": inviter,
        "event_ts": event_ts,
    }


def app_mention_event(message: Json, channel: Channel) -> Json:
    event = message_event(message, channel) | {"type": "app_mention"}
    for key in ("subtype", "channel_type"):
        event.pop(key, None)
    return event


def bot_message(text: str, ts: str, more: Json) -> Json:
    return {
        "type": "message",
        "user": BOT_USER,
        "bot_id": BOT,
        "app_id": APP,
        "team": TEAM,
        "bot_profile": {"id": BOT, "app_id": APP, "name": "smallprint", "team_id": TEAM, "deleted": False},
        "text": text,
        "ts": ts,
        **more,
    }


def command_payload(**fields: Any) -> Json:
    return {
        "token": "deprecated-verification-token",
        "team_id": TEAM,
        "team_domain": "acme",
        "api_app_id": APP,
        "is_enterprise_install": "false",
        **fields,
    }
