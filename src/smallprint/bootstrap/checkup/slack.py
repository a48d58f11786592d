"""Slack's tokens, what the app may do, how its events come, and whether the clocks agree."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from smallprint.bootstrap.checkup.checked import Checked, absent, fault, note, ok
from smallprint.config import Settings, SlackAccess, require_slack
from smallprint.errors import ConfigurationError, SlackError, SlackRefused
from smallprint.slack.app import BAD_APP_TOKEN, BAD_TOKEN
from smallprint.slack.client import SlackClients, answer_to, ask, connect
from smallprint.slack.http import PATH
from smallprint.slack.scopes import PURPOSES, granted

SLACK, BOT, APP, SCOPES, CLOCK = "Slack", "Slack bot token", "Slack app token", "Slack scopes", "clock"
HTTP = "Slack HTTP mode"

NOT_SET_UP = "SLACK_BOT_TOKEN, SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are empty"
NOT_SET_UP_REMEDY = "docs/how-to/connect-slack.md says how to get them. smallprint analyse works without."
CONNECT_REMEDY = "docs/how-to/connect-slack.md says where to find them."
ACCEPTED = "accepted, for the workspace {team}"
APP_ACCEPTED = "accepted; Socket Mode can connect"
BY_HTTP = "signed requests are taken at {path} on {host}:{port}"
"""Whether the secret is the right one only Slack's first request can show."""
BOTH = "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are set; Socket Mode is used"
BOTH_REMEDY = "For HTTP mode remove SLACK_APP_TOKEN; else SLACK_SIGNING_SECRET does nothing."
NOT_HEX = "SLACK_SIGNING_SECRET does not look like one: 32 digits and letters from a to f"
NOT_HEX_REMEDY = "Copy it again from your Slack app → Basic Information → App Credentials → Signing Secret."
RENEW_REMEDY = "Put it into the environment or .env, and start Smallprint again."
NO_ANSWER = "Slack did not answer at SLACK_API_URL"
NO_ANSWER_REMEDY = "Check the network and a proxy, and status.slack.com."
ALL_THERE = "all {count} that the manifest asks for"
NOT_SAID = "Slack did not say which it has"
MISSING = "missing: {scopes}"
MISSING_REMEDY = (
    "Paste manifest.yaml into the app's page under App Manifest, then reinstall the app to the workspace."
)
MORE_THAN_NEEDED = "more than it needs: {scopes}"
MORE_REMEDY = "Nothing breaks. To be strict, paste manifest.yaml under App Manifest and reinstall the app."
IN_TIME = "agrees with Slack's to a minute"
OUT_OF_TIME = "differs from Slack's by {minutes} minutes"
OUT_OF_TIME_REMEDY = "Set this machine's clock (NTP): days and months of usage and budgets follow it."

TOLERANCE_S = 60.0
SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")


async def check_slack(settings: Settings) -> AsyncIterator[Checked]:
    """Asks Slack who the tokens belong to. Opens no socket and posts nothing."""
    if not (settings.slack_bot_token or settings.slack_app_token or settings.slack_signing_secret):
        yield absent(SLACK, NOT_SET_UP, NOT_SET_UP_REMEDY)
        return
    try:
        access = require_slack(settings)
    except ConfigurationError as error:
        yield fault(SLACK, error.user_message, CONNECT_REMEDY)
        return
    clients = connect(access.bot_token, settings.slack_api_url)
    try:
        for checked in await _bot(clients):
            yield checked
        yield await _app(clients, access.app_token) if access.app_token else _http(settings, access)
    finally:
        await clients.session.close()
    if access.app_token and settings.slack_signing_secret:
        yield note(HTTP, BOTH, BOTH_REMEDY)


async def _bot(clients: SlackClients) -> list[Checked]:
    try:
        answer = await answer_to(clients.read.auth_test())
    except SlackRefused as refusal:
        return [fault(BOT, BAD_TOKEN.format(code=refusal.slack_code), RENEW_REMEDY)]
    except SlackError:
        return [fault(BOT, NO_ANSWER, NO_ANSWER_REMEDY)]
    headers = {name.lower(): value for name, value in (answer.headers or {}).items()}
    token = ok(BOT, ACCEPTED.format(team=answer.get("team") or answer.get("team_id")))
    return [token, *_scopes(headers), *_clock(headers, datetime.now(UTC))]


async def _app(clients: SlackClients, app_token: str) -> Checked:
    try:
        await ask(clients.read.apps_connections_open(app_token=app_token))
    except SlackRefused as refusal:
        return fault(APP, BAD_APP_TOKEN.format(code=refusal.slack_code), RENEW_REMEDY)
    except SlackError:
        return fault(APP, NO_ANSWER, NO_ANSWER_REMEDY)
    return ok(APP, APP_ACCEPTED)


def _http(settings: Settings, access: SlackAccess) -> Checked:
    if not SIGNING_SECRET.fullmatch(access.signing_secret):
        return note(HTTP, NOT_HEX, NOT_HEX_REMEDY)
    return ok(HTTP, BY_HTTP.format(path=PATH, host=settings.api_host, port=settings.api_port))


def _scopes(headers: Mapping[str, str]) -> list[Checked]:
    has = granted(headers.get("x-oauth-scopes", ""))
    if not has:
        return [note(SCOPES, NOT_SAID)]
    missing = [f"{scope} ({purpose})" for scope, purpose in PURPOSES.items() if scope not in has]
    if missing:
        return [fault(SCOPES, MISSING.format(scopes="; ".join(missing)), MISSING_REMEDY)]
    more = sorted(has - PURPOSES.keys())
    if more:
        return [note(SCOPES, MORE_THAN_NEEDED.format(scopes=", ".join(more)), MORE_REMEDY)]
    return [ok(SCOPES, ALL_THERE.format(count=len(PURPOSES)))]


def _clock(headers: Mapping[str, str], now: datetime) -> list[Checked]:
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return []
    apart_s = abs((now - theirs.astimezone(UTC)).total_seconds())
    if apart_s <= TOLERANCE_S:
        return [ok(CLOCK, IN_TIME)]
    return [fault(CLOCK, OUT_OF_TIME.format(minutes=round(apart_s / 60)), OUT_OF_TIME_REMEDY)]
