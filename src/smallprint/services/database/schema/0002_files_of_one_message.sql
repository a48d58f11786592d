-- Several files in one message: their order, and whether the headline over all of them was posted.

ALTER TABLE jobs ADD COLUMN message_ts TEXT NOT NULL DEFAULT '';

ALTER TABLE jobs ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;

ALTER TABLE jobs ADD COLUMN siblings INTEGER NOT NULL DEFAULT 1;

ALTER TABLE jobs ADD COLUMN summed_up_at TEXT;

CREATE INDEX ix_jobs_message ON jobs (team, channel, thread_ts, message_ts) WHERE siblings > 1;

-- what a sweep looks at: nearly all messages are out of it
CREATE INDEX ix_jobs_not_summed_up ON jobs (created_at) WHERE siblings > 1 AND summed_up_at IS NULL;
