"""Claude at a cloud: Amazon Bedrock, Google Vertex AI, Microsoft Foundry (docs/decisions/0006-other-endpoints.md).

As with Anthropic itself, keys and addresses come from our settings only; of the environment that the vendors' tools
read, nothing is consulted but the ways in which Google finds its credentials.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from anthropic import AsyncAnthropicFoundry
from anthropic.lib.bedrock import AsyncAnthropicBedrockMantle
from anthropic.lib.vertex import AsyncAnthropicVertex

from smallprint.errors import ConfigurationError
from smallprint.services.ai_client.connection import Client, quiet_client_logs, sendable, timeouts
from smallprint.services.ai_client.google_credentials import GoogleCredentials

MISSING = "{field} is not set, and LLM_PROVIDER={provider} needs it: {meaning}."
NOT_USED = (
    "{field} is set, but LLM_PROVIDER={provider} does not use it."
    " Remove it, or set the provider that it was meant for."
)
ODD_NAME = "{field} has to be a name of letters, digits and hyphens."

NEEDED: Mapping[str, Mapping[str, str]] = {
    "anthropic": {},
    "bedrock": {
        "CLOUD_API_KEY": "a key of Amazon Bedrock",
        "CLOUD_REGION": "the AWS region, for example eu-central-1",
    },
    "vertex": {
        "CLOUD_REGION": "global, eu, us, or a region such as europe-west1",
        "CLOUD_PROJECT": "the id of the Google Cloud project",
    },
    "foundry": {
        "CLOUD_API_KEY": "a key of the Foundry resource",
        "CLOUD_PROJECT": "the name of the Foundry resource",
    },
}
"""By provider, the settings it needs and what they are."""

_VERTEX_HOSTS = {
    "global": "aiplatform.googleapis.com",
    "us": "aiplatform.us.rep.googleapis.com",
    "eu": "aiplatform.eu.rep.googleapis.com",
}
_NAME = re.compile(r"[A-Za-z0-9-]+")  # they become part of a host's name


@dataclass(frozen=True, slots=True)
class Cloud:
    """Which of the clouds, and as whom."""

    provider: str
    """A key of `NEEDED`."""
    region: str = ""
    project: str = ""
    """Google's project, or the resource of Foundry."""
    api_key: str = field(default="", repr=False)

    def check(self) -> None:
        """Raises ConfigurationError, naming the setting that is missing, wrong or meant for another provider."""
        given = {
            "CLOUD_API_KEY": self.api_key,
            "CLOUD_REGION": self.region,
            "CLOUD_PROJECT": self.project,
        }
        needed = NEEDED[self.provider]
        for name, value in given.items():
            if name in needed and not value:
                raise ConfigurationError(
                    MISSING.format(field=name, provider=self.provider, meaning=needed[name])
                )
            if value and name not in needed:
                raise ConfigurationError(NOT_USED.format(field=name, provider=self.provider))
            if value and name != "CLOUD_API_KEY" and not _NAME.fullmatch(value):
                raise ConfigurationError(ODD_NAME.format(field=name))


def connect_cloud(
    cloud: Cloud, base_url: str | None = None, *, max_retries: int, read_timeout_s: float = 120
) -> Client:
    """A client for the whole process, as `connection.connect` gives one. `base_url` replaces the cloud's own address.

    Raises:
        ConfigurationError: a setting is missing or wrong, or there are no credentials.
        ModelAuthentication: the key cannot stand in a header.
    """
    quiet_client_logs()
    cloud.check()
    return _CONNECT[cloud.provider](cloud, base_url, max_retries, read_timeout_s)


def _bedrock(cloud: Cloud, base_url: str | None, max_retries: int, read_timeout_s: float) -> Client:
    # Not AsyncAnthropicBedrock: that one cannot decode a stream without botocore.
    return AsyncAnthropicBedrockMantle(
        api_key=sendable(cloud.api_key),
        aws_region=cloud.region,
        base_url=base_url or f"https://bedrock-mantle.{cloud.region}.api.aws/anthropic",
        max_retries=max_retries,
        timeout=timeouts(read_timeout_s),
    )


def _vertex(cloud: Cloud, base_url: str | None, max_retries: int, read_timeout_s: float) -> Client:
    host = _VERTEX_HOSTS.get(cloud.region, f"{cloud.region}-aiplatform.googleapis.com")
    return AsyncAnthropicVertex(
        region=cloud.region,
        project_id=cloud.project,
        credentials=GoogleCredentials.find(),  # type: ignore[arg-type]  # it is all of them that the SDK uses
        base_url=base_url or f"https://{host}/v1",
        max_retries=max_retries,
        timeout=timeouts(read_timeout_s),
    )


def _foundry(cloud: Cloud, base_url: str | None, max_retries: int, read_timeout_s: float) -> Client:
    return AsyncAnthropicFoundry(
        api_key=sendable(cloud.api_key),
        base_url=base_url or f"https://{cloud.project}.services.ai.azure.com/anthropic/",
        max_retries=max_retries,
        timeout=timeouts(read_timeout_s),
    )


_CONNECT: Mapping[str, Callable[[Cloud, str | None, int, float], Client]] = {
    "bedrock": _bedrock,
    "vertex": _vertex,
    "foundry": _foundry,
}
