"""What evaluations came to, without evaluations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from smallprint.models.domain import Prompt
from smallprint.models.evaluation import EvaluationMode, EvaluationRun, EvaluationVerdict


class FakeVerdicts:
    """Knows the versions that `judge` was told about, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self._runs: dict[tuple[str, str], EvaluationRun] = {}

    def judge(self, prompt: Prompt, verdict: EvaluationVerdict, *, days_ago: int = 3) -> None:
        at = datetime.now(UTC) - timedelta(days=days_ago)
        self._runs[prompt.agent, prompt.sha256] = EvaluationRun(
            id="5eed00",
            dataset="evaluation/datasets/house",
            dataset_sha256="0" * 64,
            profile="",
            prompts={prompt.agent: prompt.version},
            prompt_hashes={prompt.agent: prompt.sha256},
            models={},
            mode=EvaluationMode.LIVE,
            repeats=1,
            started_at=at,
            finished_at=at,
            metrics="{}",
            app_version="0.1.0",
            verdict=verdict,
        )

    async def latest_verdict(self, agent: str, sha256: str) -> EvaluationRun | None:
        self.asked += 1
        return self._runs.get((agent, sha256))
