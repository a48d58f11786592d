"""Make a database to try things on: schema, prompt versions, and the two samples analysed by the offline rules.

`python scripts/seed_db.py` writes to DATABASE_URL (default: smallprint.db here). Running it again adds nothing.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from smallprint.bootstrap.product import assemble
from smallprint.config import load_settings
from smallprint.logging import configure_logging
from smallprint.models.domain import AnalysisRequest, Step

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SAMPLES = ("services-agreement.pdf", "remote-work-policy.docx")


async def ignore(_: Step) -> None:
    """Nobody watches."""


async def seed() -> None:
    async with assemble(load_settings(), offline=True) as product:
        for name in SAMPLES:
            document = await product.reader.read(name, (EXAMPLES / name).read_bytes())
            request = AnalysisRequest(f"seed-{document.sha256[:16]}", trigger="seed")
            report = await product.orchestrator.run(document, request, ignore)
            print(f"{name}: {report.risk_level.value}, {len(report.findings)} findings")


if __name__ == "__main__":
    configure_logging("ERROR")
    asyncio.run(seed())
