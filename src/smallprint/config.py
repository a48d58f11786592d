"""Settings: read once from the environment and `.env`, checked, frozen. Nothing is built at import.

Every field is documented in `.env.example` and `docs/reference/settings.md`; a test compares the three.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from smallprint.errors import ConfigurationError
from smallprint.models.domain import Profile
from smallprint.prompts.gate import GatePolicy

SLACK_API_URL = "https://slack.com/api/"

NO_BOT_TOKEN = "SLACK_BOT_TOKEN is missing or does not start with xoxb- (Slack app → OAuth & Permissions)."  # noqa: S105 - a sentence
BAD_APP_TOKEN = (
    "SLACK_APP_TOKEN does not start with xapp- (Slack app → Basic Information → App-Level Tokens)."  # noqa: S105 - a sentence
)
NO_WAY_IN = (
    "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set. For Socket Mode, which needs no public address, set"
    " SLACK_APP_TOKEN (it starts with xapp-; Slack app → Basic Information → App-Level Tokens). For HTTP mode set"
    " SLACK_SIGNING_SECRET (Slack app → Basic Information → App Credentials)."
)


class Settings(BaseSettings):
    """One instance per process, made by `load_settings`."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    # Slack
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = SLACK_API_URL
    admin_users: Annotated[frozenset[str], NoDecode] = frozenset()
    admin_group: str | None = Field(None, pattern=r"^S[A-Z0-9]+$")
    admins_from_slack: bool = True
    admin_channel: str | None = Field(None, pattern=r"^[CG][A-Z0-9]+$")

    # Claude
    anthropic_api_key: SecretStr | None = None
    anthropic_base_url: str | None = None
    default_model: str = "claude-sonnet-5-5"
    reviewer_model: str = "claude-haiku-5-5"
    adjudicator_model: str = "claude-opus-5-5"
    analysis_profile: Profile = Profile.BALANCED
    fallback_models: Annotated[tuple[str, ...], NoDecode] = ("claude-opus-5-5",)
    llm_provider: Literal["anthropic", "bedrock", "vertex", "foundry"] = "anthropic"
    cloud_api_key: SecretStr | None = None
    cloud_region: str = ""
    cloud_project: str = ""
    endpoint: Literal["claude", "compatible"] = "claude"
    document_delivery: Literal["tool_result", "document_block", "text"] | None = None
    model_sees_pictures: bool | None = None
    max_retries: int = Field(4, ge=0, le=10)
    model_timeout_seconds: float = Field(240, gt=0, le=3600)

    # Documents
    max_file_mb: int = Field(32, ge=1, le=100)
    max_pages: int = Field(600, ge=1, le=5000)
    allow_links: bool = False
    read_timeout_seconds: int = Field(45, ge=1, le=600)

    # Analyses
    long_document_tokens: int = Field(150_000, ge=10_000, le=900_000)
    ask_above_cost_usd: float = Field(1.0, ge=0, le=1000)
    enable_caching: bool = True
    cache_days: int = Field(30, ge=1, le=3650)
    offline_fallback: bool = False
    gate: GatePolicy = GatePolicy.WARN

    # Budgets and retention
    max_cost_per_document_usd: Decimal | None = Field(None, ge=0, le=1_000_000)
    daily_budget_per_user_usd: Decimal | None = Field(None, ge=0, le=1_000_000)
    monthly_budget_per_channel_usd: Decimal | None = Field(None, ge=0, le=1_000_000)
    monthly_budget_usd: Decimal | None = Field(None, ge=0, le=1_000_000)
    retention_days: int = Field(90, ge=0, le=3650)

    # Jobs and storage
    database_url: str = "sqlite+aiosqlite:///smallprint.db"
    max_concurrent_jobs: int = Field(8, ge=1, le=64)
    job_retry_seconds: float = Field(2, gt=0, le=600)
    shutdown_seconds: float = Field(25, ge=1, le=600)

    # HTTP and logs
    api_host: str = "127.0.0.1"
    api_port: int = Field(8080, ge=0, le=65535)
    metrics_token: SecretStr | None = None
    max_queue_age_seconds: float = Field(1800, ge=1, le=604_800)
    otel_exporter_otlp_endpoint: str | None = Field(None, pattern=r"^https?://\S+$")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("admin_users", mode="before")
    @classmethod
    def _split_user_ids(cls, value: object) -> object:
        return frozenset(value.upper().replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("admin_group", "admin_channel", mode="before")
    @classmethod
    def _as_slack_writes_ids(cls, value: object) -> object:
        return value.strip().upper() if isinstance(value, str) else value

    @field_validator("fallback_models", mode="before")
    @classmethod
    def _split_models(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        names = tuple(value.replace(",", " ").split())
        return () if names == ("none",) else names  # an empty setting would mean the default

    @field_validator("slack_api_url")
    @classmethod
    def _end_with_slash(cls, value: str) -> str:
        if not value.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            msg = "must start with https:// (or be a loopback address)"
            raise ValueError(msg)
        return value.rstrip("/") + "/"

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """What `serve` needs of Slack: the bot token, and one of the other two."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    """Socket Mode; empty in HTTP mode."""
    signing_secret: str = field(repr=False)
    """HTTP mode; empty in Socket Mode."""


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the environment and `env_file`.

    Raises:
        ConfigurationError: naming each wrong setting and what it should be; never its value.
    """
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            for fault in error.errors()
        )
        raise ConfigurationError(f"Wrong settings. {faults}.") from None


def require_slack(settings: Settings) -> SlackAccess:
    """The bot token, and what the chosen mode needs: the app-level token goes before the signing secret.

    Raises:
        ConfigurationError: when one is missing or has the wrong prefix.
    """
    bot, app = _secret(settings.slack_bot_token), _secret(settings.slack_app_token)
    signing_secret = _secret(settings.slack_signing_secret)
    if not bot.startswith("xoxb-"):
        raise ConfigurationError(NO_BOT_TOKEN)
    if app and not app.startswith("xapp-"):
        raise ConfigurationError(BAD_APP_TOKEN)
    if not app and not signing_secret:
        raise ConfigurationError(NO_WAY_IN)
    return SlackAccess(bot, app, "" if app else signing_secret)


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value().strip() if value else ""
