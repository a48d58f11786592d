-- Jobs of other kinds than documents, and jobs that somebody stopped.

ALTER TABLE jobs ADD COLUMN kind TEXT NOT NULL DEFAULT 'document';

ALTER TABLE jobs ADD COLUMN stopped_by TEXT NOT NULL DEFAULT '';

CREATE INDEX ix_jobs_thread ON jobs (channel, thread_ts, created_at);

-- What a channel wants of us: append-only, the last row of (team, channel) holds.

CREATE TABLE channel_settings (
  id ${identity},
  team TEXT NOT NULL,
  channel TEXT NOT NULL,
  settings TEXT NOT NULL,
  actor TEXT NOT NULL,
  request_id TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL
);

CREATE INDEX ix_channel_settings_last ON channel_settings (team, channel, id);

-- Thumbs: append-only, the last row of (analysis, user) counts. The reason goes with retention.

CREATE TABLE feedback (
  id ${identity},
  analysis_id TEXT NOT NULL,
  user_id TEXT,
  thumb TEXT NOT NULL,
  reason TEXT NOT NULL,
  request_id TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL
);

-- covering: the statistics of prompt versions read nothing else of it
CREATE INDEX ix_feedback_last ON feedback (analysis_id, user_id, id, thumb, created_at);

-- What people decided on findings: append-only, the last row of (analysis, finding) holds.

CREATE TABLE finding_decisions (
  id ${identity},
  analysis_id TEXT NOT NULL,
  finding_id TEXT NOT NULL,
  decision TEXT NOT NULL,
  reason TEXT NOT NULL,
  user_id TEXT,
  request_id TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL
);

CREATE INDEX ix_finding_decisions_last ON finding_decisions (
  analysis_id, finding_id, id, decision, created_at
);

-- Questions in a thread, by the id of their job; the texts go with retention.

CREATE TABLE questions (
  id TEXT PRIMARY KEY NOT NULL,
  analysis_id TEXT NOT NULL,
  team TEXT NOT NULL,
  channel TEXT NOT NULL,
  thread_ts TEXT NOT NULL,
  user_id TEXT,
  question TEXT NOT NULL,
  answer TEXT,
  created_at TEXT NOT NULL,
  finished_at TEXT
);

CREATE INDEX ix_questions_thread ON questions (channel, thread_ts, created_at);

CREATE INDEX ix_questions_analysis ON questions (analysis_id);

-- What a newer version of a document changes, by the id of the job; the text goes with retention.

CREATE TABLE comparisons (
  id TEXT PRIMARY KEY NOT NULL,
  before_id TEXT NOT NULL,
  before_sha256 TEXT NOT NULL,
  after_sha256 TEXT NOT NULL,
  channel TEXT NOT NULL,
  user_id TEXT,
  result TEXT,
  created_at TEXT NOT NULL,
  finished_at TEXT
);

CREATE INDEX ix_comparisons_before ON comparisons (before_id);

-- What is to be forgotten, written down before Slack gets its ack.

CREATE TABLE erasures (
  id ${identity},
  request_id TEXT NOT NULL UNIQUE,
  team TEXT NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  reference TEXT NOT NULL,
  actor TEXT NOT NULL,
  created_at TEXT NOT NULL,
  done_at TEXT
);

CREATE INDEX ix_erasures_open ON erasures (created_at) WHERE done_at IS NULL;

CREATE INDEX ix_jobs_of_file ON jobs (file_id);

-- Whose post is this? Asked when somebody points at one of our messages.

CREATE INDEX ix_posts_ts ON posts (ts);

-- The App Home counts documents, not questions about them.

DROP INDEX ix_jobs_outcomes;

CREATE INDEX ix_jobs_outcomes ON jobs (created_at, kind, state, outcome);
