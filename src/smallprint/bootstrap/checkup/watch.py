"""Who can look at the running process: metrics and traces."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator
from importlib.util import find_spec

from smallprint.bootstrap.checkup.checked import Checked, absent, fault, note, ok
from smallprint.config import Settings

METRICS, TRACES = "metrics", "traces"

LOCAL = "/metrics can be read on this machine only"
GUARDED = "/metrics wants its token"
OPEN = "/metrics can be read by whoever reaches {host}:{port}"
OPEN_REMEDY = "They hold counts and costs, no content. To guard them set METRICS_TOKEN."
NO_TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT is empty"
SENT = "sent to the endpoint of OTEL_EXPORTER_OTLP_ENDPOINT"
NO_EXTRA = "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed, so there are none"
NO_EXTRA_REMEDY = 'pip install "smallprint[otel]", or remove the setting.'

EXPORTER = "opentelemetry.exporter.otlp.proto.http"


async def check_watch(settings: Settings) -> AsyncIterator[Checked]:
    """Looks at the settings and at what is installed."""
    yield _metrics(settings)
    yield _traces(settings)


def _metrics(settings: Settings) -> Checked:
    if settings.metrics_token is not None:
        return ok(METRICS, GUARDED)
    if _is_local(settings.api_host):
        return ok(METRICS, LOCAL)
    return note(METRICS, OPEN.format(host=settings.api_host, port=settings.api_port), OPEN_REMEDY)


def _traces(settings: Settings, exporter: str = EXPORTER) -> Checked:
    if not settings.otel_exporter_otlp_endpoint:
        return absent(TRACES, NO_TRACES)
    try:
        installed = find_spec(exporter) is not None
    except ModuleNotFoundError:
        installed = False
    return ok(TRACES, SENT) if installed else fault(TRACES, NO_EXTRA, NO_EXTRA_REMEDY)


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
