"""Settings: from the environment, checked, and told apart from their values."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from smallprint.config import Settings, load_settings, require_slack
from smallprint.errors import ConfigurationError

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def names_in_example() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))


def names_in_reference() -> set[str]:
    return set(
        re.findall(
            r"^\| `([A-Z_]+)`",
            (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )


def test_every_setting_is_in_the_example_and_in_the_reference() -> None:
    names = {name.upper() for name in Settings.model_fields}
    assert names_in_example() == names
    assert names_in_reference() == names


def test_the_example_is_a_valid_env_file_with_the_defaults() -> None:
    assert load_settings(ROOT / ".env.example") == load_settings(None)


def test_a_wrong_value_names_the_setting_and_not_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_PAGES", "many-secret")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(None)
    assert "MAX_PAGES" in caught.value.user_message
    assert "secret" not in caught.value.user_message


def test_admin_users_are_separated_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_USERS", "U1, U2 U3")
    assert load_settings(None).admin_users == {"U1", "U2", "U3"}


def test_ids_of_slack_may_be_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("ADMIN_USERS", "u1,U2"),
        ("ADMIN_GROUP", " s0counsel1 "),
        ("ADMIN_CHANNEL", "c0admins1"),
    ):
        monkeypatch.setenv(name, value)
    settings = load_settings(None)
    assert settings.admin_users == {"U1", "U2"}
    assert (settings.admin_group, settings.admin_channel) == ("S0COUNSEL1", "C0ADMINS1")


@pytest.mark.parametrize(("name", "value"), [("ADMIN_GROUP", "legal-team"), ("ADMIN_CHANNEL", "#admins")])
def test_names_where_slack_s_ids_belong_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        load_settings(None)
    assert name in caught.value.user_message
    assert value not in caught.value.user_message


def test_tokens_never_show_in_a_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-very-secret")
    assert "very-secret" not in repr(load_settings(None))


def set_slack(monkeypatch: pytest.MonkeyPatch, bot: str, app: str = "", signing_secret: str = "") -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", bot)
    monkeypatch.setenv("SLACK_APP_TOKEN", app)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", signing_secret)


@pytest.mark.parametrize(
    ("bot", "app", "named"),
    [
        ("", "", "SLACK_BOT_TOKEN"),
        ("xoxb-1", "xoxb-2", "SLACK_APP_TOKEN"),
        ("xoxb-1", " ", "SLACK_SIGNING_SECRET"),
    ],
)
def test_serving_needs_tokens_of_the_right_kind(
    monkeypatch: pytest.MonkeyPatch, bot: str, app: str, named: str
) -> None:
    set_slack(monkeypatch, bot, app)
    with pytest.raises(ConfigurationError, match=named):
        require_slack(load_settings(None))


def test_without_an_app_level_token_the_signing_secret_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    set_slack(monkeypatch, "xoxb-1", "", "0123secret")
    access = require_slack(load_settings(None))
    assert (access.app_token, access.signing_secret) == ("", "0123secret")
    assert "secret" not in repr(access).replace("signing_secret", "")


def test_with_both_it_is_socket_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    set_slack(monkeypatch, "xoxb-1", "xapp-1", "0123secret")
    access = require_slack(load_settings(None))
    assert (access.app_token, access.signing_secret) == ("xapp-1", "")


def test_the_token_goes_to_slack_over_tls_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://example.org/api/")
    with pytest.raises(ConfigurationError, match="SLACK_API_URL"):
        load_settings(None)
