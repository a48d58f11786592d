"""A loopback Claude: the Messages API as the product sees it, strict where the real one is strict."""

from tests.fakes.claude.outcomes import Outcome
from tests.fakes.claude.server import Billed, FakeClaude

__all__ = ["Billed", "FakeClaude", "Outcome"]
