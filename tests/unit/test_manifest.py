"""manifest.yaml against Slack's limits, our listeners and the methods we call."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from smallprint.slack import usage_answers
from smallprint.slack.listeners import analyse, home, joined, prompt_version, shortcuts, smallprint
from smallprint.slack.listeners.events import EVENTS

ROOT = Path(__file__).parents[2]
SLACK_SOURCE = ROOT / "src" / "smallprint" / "slack"


def text(low: int, high: int) -> dict[str, Any]:
    return {"type": "string", "minLength": low, "maxLength": high}


# The parts of Slack's manifest schema (github.com/slackapi/manifest-schema, version 2) that we use.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["_metadata", "display_information", "features", "oauth_config", "settings"],
    "additionalProperties": False,
    "properties": {
        "_metadata": {
            "properties": {"major_version": {"const": 2}},
            "required": ["major_version"],
            "additionalProperties": False,
        },
        "display_information": {
            "required": ["name"],
            "additionalProperties": False,
            "properties": {
                "name": text(1, 35),
                "description": text(1, 140),
                "long_description": text(175, 4000),
                "background_color": {"type": "string", "pattern": "^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"},
            },
        },
        "features": {
            "additionalProperties": False,
            "properties": {
                "app_home": {
                    "additionalProperties": False,
                    "properties": {
                        key: {"type": "boolean"}
                        for key in (
                            "home_tab_enabled",
                            "messages_tab_enabled",
                            "messages_tab_read_only_enabled",
                        )
                    },
                },
                "bot_user": {
                    "additionalProperties": False,
                    "required": ["display_name"],
                    "properties": {"display_name": text(1, 80), "always_online": {"type": "boolean"}},
                },
                "agent_view": {
                    "additionalProperties": False,
                    "required": ["agent_description"],
                    "properties": {
                        "agent_description": text(1, 300),
                        "suggested_prompts": {
                            "type": "array",
                            "maxItems": 4,
                            "items": {
                                "additionalProperties": False,
                                "required": ["title", "message"],
                                "properties": {"title": text(1, 75), "message": text(1, 500)},
                            },
                        },
                    },
                },
                "shortcuts": {
                    "type": "array",
                    "maxItems": 10,
                    "items": {
                        "additionalProperties": False,
                        "required": ["name", "type", "callback_id", "description"],
                        "properties": {
                            "name": text(1, 24),
                            "type": {"enum": ["message", "global"]},
                            "callback_id": text(1, 255),
                            "description": text(1, 150),
                        },
                    },
                },
                "slash_commands": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 50,
                    "items": {
                        "additionalProperties": False,
                        "required": ["command", "description"],
                        "properties": {
                            "command": {"type": "string", "pattern": "^/", "minLength": 2, "maxLength": 32},
                            "description": text(1, 2000),
                            "usage_hint": text(1, 1000),
                            "should_escape": {"type": "boolean"},
                        },
                    },
                },
            },
        },
        "oauth_config": {
            "additionalProperties": False,
            "properties": {
                "scopes": {
                    "additionalProperties": False,
                    "properties": {"bot": {"type": "array", "uniqueItems": True}},
                }
            },
        },
        "settings": {
            "additionalProperties": False,
            "properties": {
                "event_subscriptions": {
                    "additionalProperties": False,
                    "properties": {"bot_events": {"type": "array", "uniqueItems": True, "maxItems": 100}},
                },
                "interactivity": {"required": ["is_enabled"]},
                "org_deploy_enabled": {"type": "boolean"},
                "socket_mode_enabled": {"type": "boolean"},
                "token_rotation_enabled": {"type": "boolean"},
            },
        },
    },
}

CONVERSATION_KINDS = ("channels", "groups", "im", "mpim")
HISTORY = {f"{kind}:history" for kind in CONVERSATION_KINDS}
READ = {f"{kind}:read" for kind in CONVERSATION_KINDS}

# docs.slack.dev/reference/methods: what each method we call needs.
SCOPES_OF_METHODS: dict[str, set[str]] = {
    "apps_connections_open": set(),  # with the app-level token
    "auth_test": set(),
    "agents_sessions_setStatus": {"assistant:write"},
    "assistant_threads_setStatus": {"assistant:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
    "canvases_getContent": {"canvases:read"},
    "chat_appendStream": {"chat:write"},
    "chat_delete": {"chat:write"},
    "chat_getPermalink": set(),
    "chat_postMessage": {"chat:write"},
    "chat_startStream": {"chat:write"},
    "chat_stopStream": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": HISTORY,
    "conversations_replies": HISTORY,
    "conversations_info": READ,
    "conversations_members": READ,
    "conversations_open": {"im:write"},  # one person each
    "files_delete": {"files:write"},
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
    "users_conversations": READ,
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
# docs.slack.dev/reference/events: what each subscription needs.
SCOPES_OF_EVENTS = {
    "agent_session_stopped": "",
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "channel_left": "channels:read",
    "file_deleted": "files:read",
    "file_shared": "files:read",
    "group_left": "groups:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "tokens_revoked": "",
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def called_methods() -> set[str]:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SLACK_SOURCE.rglob("*.py"))
    return set(re.findall(r"(?:clients\.(?:read|write))\.([a-z]+_[A-Za-z_0-9]+)\b", source))


def test_it_keeps_slacks_rules(manifest: dict[str, Any]) -> None:
    jsonschema.validate(manifest, SCHEMA)


def test_every_subscribed_event_has_a_listener(manifest: dict[str, Any]) -> None:
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {event.partition(".")[0] for event in subscribed} == {*EVENTS, home.EVENT, joined.EVENT}


def test_every_command_has_a_listener(manifest: dict[str, Any]) -> None:
    commands = {command["command"] for command in manifest["features"]["slash_commands"]}
    assert commands == {
        analyse.COMMAND,
        prompt_version.COMMAND,
        smallprint.COMMAND,
        usage_answers.COMMAND,
    }


def test_every_shortcut_has_a_listener(manifest: dict[str, Any]) -> None:
    assert [shortcut["callback_id"] for shortcut in manifest["features"]["shortcuts"]] == [shortcuts.CALLBACK]


def test_what_the_messages_tab_suggests_is_the_same_when_it_is_opened(manifest: dict[str, Any]) -> None:
    suggested = manifest["features"]["agent_view"]["suggested_prompts"]
    assert [(prompt["title"], prompt["message"]) for prompt in suggested] == [*home.SUGGESTIONS]


def test_buttons_reach_us_only_with_interactivity(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["interactivity"]["is_enabled"]


def test_every_method_we_call_is_known_here() -> None:
    assert called_methods() == set(SCOPES_OF_METHODS)


def test_every_scope_has_a_use_and_every_use_its_scope(manifest: dict[str, Any]) -> None:
    needed = {"commands"}.union(*SCOPES_OF_METHODS.values())
    needed |= {SCOPES_OF_EVENTS[event] for event in manifest["settings"]["event_subscriptions"]["bot_events"]}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed - {""}
