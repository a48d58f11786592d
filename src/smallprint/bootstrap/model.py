"""Settings → the client that asks the language model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from smallprint.config import Settings
from smallprint.errors import ConfigurationError
from smallprint.services.pricing import Pricing
from smallprint.services.tracing import Tracing

if TYPE_CHECKING:
    from anthropic import OpenTelemetryClientOption

    from smallprint.services.ai_client import AIClient, CallLog
    from smallprint.services.ai_client.connection import Client

NO_KEY = (
    "ANTHROPIC_API_KEY is not set, so there is no AI to ask."
    " Set it (in the environment or in .env), or add --offline to use the rules that need no key."
)
NO_ADDRESS = (
    "ENDPOINT=compatible needs ANTHROPIC_BASE_URL, the address of the server: without it, documents would go to"
    " Anthropic."
)
NO_KEY_NEEDED = "none"
"""Sent to a server of one's own that asks for no key."""
SILENCE_S = 120.0
"""Between two pieces of Claude's answer."""


def require_model(settings: Settings) -> None:
    """Raises ConfigurationError when there is no model to ask: the key or the address is missing."""
    if settings.llm_provider != "anthropic":
        return
    if settings.endpoint == "compatible":
        if settings.anthropic_base_url is None:
            raise ConfigurationError(NO_ADDRESS)
    elif settings.anthropic_api_key is None:
        raise ConfigurationError(NO_KEY)


def open_model(settings: Settings, calls: CallLog, tracing: Tracing | None = None) -> AIClient:
    """One per process; close it.

    Raises:
        ConfigurationError: a setting is missing, wrong, or meant for another provider.
        ModelAuthentication: the key cannot be one.
    """
    from smallprint.services.ai_client import AIClient, capabilities_of  # noqa: PLC0415  anthropic takes a second to load; the offline analyst does without

    return AIClient(
        open_client(settings).with_options(open_telemetry=_spans(tracing)),
        calls,
        Pricing(),
        call_budget_s=settings.model_timeout_seconds,
        capabilities=capabilities_of(
            settings.endpoint,
            document_delivery=settings.document_delivery,
            sees=settings.model_sees_pictures,
        ),
    )


def open_client(settings: Settings) -> Client:
    """The vendor's client alone, without our books; raises as `open_model`."""
    require_model(settings)
    from smallprint.services.ai_client import Cloud, connect, connect_cloud  # noqa: PLC0415  as above

    cloud = Cloud(
        settings.llm_provider,
        region=settings.cloud_region,
        project=settings.cloud_project,
        api_key=_secret(settings.cloud_api_key),
    )
    cloud.check()
    address, retries, silence_s = settings.anthropic_base_url, settings.max_retries, _silence_s(settings)
    if settings.llm_provider == "anthropic":
        key = _secret(settings.anthropic_api_key) or NO_KEY_NEEDED
        return connect(key, address, max_retries=retries, read_timeout_s=silence_s)
    return connect_cloud(cloud, address, max_retries=retries, read_timeout_s=silence_s)


def _spans(tracing: Tracing | None) -> OpenTelemetryClientOption:
    """Said to the SDK in full, so that no variable of the environment can put document text into spans.

    It is not sent our trace's ids either: they are nobody's business but our own backend's.
    """
    if tracing is None or tracing.provider is None:
        return False
    return {
        "tracer_provider": tracing.provider,
        "traces": {"content_mode": "metadata_only"},
        "propagation": False,
    }


def _silence_s(settings: Settings) -> float:
    """A server of one's own may read a long document for minutes before the first piece of its answer comes."""
    return settings.model_timeout_seconds if settings.endpoint == "compatible" else SILENCE_S


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()
