"""`smallprint eval from-feedback`: what people decided about real findings becomes a data set that `eval run` takes."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

from smallprint.evaluation.datasets import load_dataset
from smallprint.models.domain import Decision, Report
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.connection import Database
from smallprint.services.database.feedback import FeedbackStore
from tests.fakes.reports import decision
from tests.integration.program import AGREEMENT, run


def test_accepted_findings_are_expected_and_dismissed_ones_must_not_be_found(tmp_path: Path) -> None:
    assert run(tmp_path, "analyse", "--offline", str(AGREEMENT)).returncode == 0
    report = asyncio.run(_decide(tmp_path))
    lacking = run(tmp_path, "eval", "from-feedback", "cases")
    assert lacking.returncode == 1
    assert report.document_sha256 in lacking.stdout
    assert "put these files into cases/files under any name" in lacking.stdout
    assert list((tmp_path / "cases").glob("*.json")) == []
    (tmp_path / "a-file").write_text("no folder")
    refused = run(tmp_path, "eval", "from-feedback", "a-file")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "Please name another folder" in refused.stderr

    shutil.copy(AGREEMENT, tmp_path / "cases" / "files" / "renamed.pdf")
    done = run(tmp_path, "eval", "from-feedback", "cases")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert "1 accepted, 1 dismissed" in done.stdout
    (case,) = load_dataset(tmp_path / "cases")
    assert [each.category for each in case.expected] == [report.findings[0].finding.category]
    assert len(case.must_not_flag) == 1
    assert not case.exhaustive
    assert run(tmp_path, "eval", "run", "cases", "--offline").returncode == 0


def test_without_decisions_there_is_nothing_to_make(tmp_path: Path) -> None:
    done = run(tmp_path, "eval", "from-feedback", "cases")
    assert done.returncode == 0
    assert "Nobody has accepted or dismissed a finding yet" in done.stdout


async def _decide(folder: Path) -> Report:
    """Accept the first finding, dismiss the second, and change one's mind about the third."""
    database = await Database.open(f"sqlite+aiosqlite:///{folder / 'smallprint.db'}")
    try:
        async with database.read() as connection:
            analysis_id = (await connection.exec_driver_sql("SELECT id FROM analyses")).scalar_one()
        report = await AnalysisStore(database).report(analysis_id)
        assert report is not None
        names = [finding.finding.id for finding in report.findings]
        decided = (Decision.ACCEPTED, Decision.DISMISSED, Decision.ACCEPTED, Decision.UNDONE)
        for number, each in enumerate(decided):
            entry = decision(names[min(number, 2)], each, analysis_id=analysis_id)
            await FeedbackStore(database).decide(replace(entry, request_id=str(number)))
        return report
    finally:
        await database.close()
