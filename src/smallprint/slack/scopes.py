"""What each permission of the app is for, in an admin's words; the same list as in manifest.yaml."""

from __future__ import annotations

from collections.abc import Mapping

PURPOSES: Mapping[str, str] = {
    "app_mentions:read": "to hear when somebody mentions it beside a file",
    "assistant:write": "to show what it is doing, and what one can ask it in its Messages tab",
    "canvases:read": "to read canvases that are shared",
    "channels:history": "to see files that are shared in public channels",
    "channels:read": "to know who is in a public channel",
    "chat:write": "to answer at all",
    "commands": "for /analyse and the other commands",
    "files:read": "to download the documents",
    "files:write": "to attach exports and charts as files, and to take them away again",
    "groups:history": "to see files that are shared in private channels",
    "groups:read": "to know who is in a private channel",
    "im:history": "to see files that are sent to it directly",
    "im:read": "to answer in direct messages",
    "im:write": "to answer privately, and to send the chart of /usage to who asked for it",
    "mpim:history": "to see files that are shared in group messages",
    "mpim:read": "to know who is in a group message",
    "usergroups:read": "to know who is in ADMIN_GROUP, and to offer user groups to be told of high risks",
    "users:read": "to know who is an admin, and who is a guest",
}


def granted(header: str) -> frozenset[str]:
    """The scopes in Slack's header `x-oauth-scopes`, which comes with every answer."""
    return frozenset(scope.strip() for scope in header.split(",") if scope.strip())
