"""Claude: the only part of Smallprint that knows the anthropic SDK (its import takes more than a second)."""

from smallprint.services.ai_client.client import AIClient, CallLog
from smallprint.services.ai_client.connection import connect, quiet_client_logs

__all__ = ["AIClient", "CallLog", "connect", "quiet_client_logs"]
