"""How much something should worry the reader. Frozen, plain, without I/O."""

from __future__ import annotations

from enum import StrEnum


class RiskLevel(StrEnum):
    """How much a finding, or a whole document, should worry the reader. Ordered from low to critical."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low to 3 for critical; compare ranks, not the strings."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(RiskLevel)}
