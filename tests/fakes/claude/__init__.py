"""A loopback Claude: the Messages API as the product sees it, strict where the real one is strict; and a local server."""

from tests.fakes.claude.local import LocalServer
from tests.fakes.claude.outcomes import Outcome
from tests.fakes.claude.server import Billed, FakeClaude

__all__ = ["Billed", "FakeClaude", "LocalServer", "Outcome"]
