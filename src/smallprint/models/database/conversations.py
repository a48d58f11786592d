"""What people said of a result, asked about it, and compared it with."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from smallprint.models.database.metadata import metadata

questions = Table(
    "questions",  # by the id of the job; earlier ones of a thread are known to later ones
    metadata,
    Column("id", Text, primary_key=True),
    Column("analysis_id", Text, nullable=False),  # of the document it is about; the first of several
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread_ts", Text, nullable=False),
    Column("user_id", Text),  # NULL once the user was erased
    Column("question", Text, nullable=False),  # goes with retention
    Column("answer", Text),  # JSON of the Answer; goes with retention
    Column("created_at", Text, nullable=False),
    Column("finished_at", Text),
)

comparisons = Table(
    "comparisons",  # what a newer version of a document changes, by the id of the job
    metadata,
    Column("id", Text, primary_key=True),
    Column("before_id", Text, nullable=False),  # the older one's analysis
    Column("before_sha256", Text, nullable=False),
    Column("after_sha256", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("user_id", Text),  # NULL once the user was erased
    Column("result", Text),  # JSON of the DocumentChanges; goes with retention
    Column("created_at", Text, nullable=False),
    Column("finished_at", Text),
)

feedback = Table(
    "feedback",  # append-only: of (analysis, user) the last row counts
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("analysis_id", Text, nullable=False),
    Column("user_id", Text),  # NULL once the user was erased
    Column("thumb", Text, nullable=False),  # up | down
    Column("reason", Text, nullable=False),  # goes with retention
    Column("request_id", Text, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
)

finding_decisions = Table(
    "finding_decisions",  # append-only: of (analysis, finding) the last row holds
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("analysis_id", Text, nullable=False),
    Column("finding_id", Text, nullable=False),
    Column("decision", Text, nullable=False),  # accepted | dismissed | undone
    Column("reason", Text, nullable=False),  # goes with retention
    Column("user_id", Text),  # NULL once the user was erased
    Column("request_id", Text, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
)
