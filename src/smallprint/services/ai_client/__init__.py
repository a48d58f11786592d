"""Claude: the only part of Smallprint that knows the anthropic SDK (its import takes more than a second)."""

from smallprint.services.ai_client.capabilities import CLAUDE, COMPATIBLE, Capabilities, capabilities_of
from smallprint.services.ai_client.client import AIClient, CallLog
from smallprint.services.ai_client.clouds import Cloud, connect_cloud
from smallprint.services.ai_client.connection import connect, quiet_client_logs

__all__ = [
    "CLAUDE",
    "COMPATIBLE",
    "AIClient",
    "CallLog",
    "Capabilities",
    "Cloud",
    "capabilities_of",
    "connect",
    "connect_cloud",
    "quiet_client_logs",
]
