-- What a person asked for last, and what came of everything since some day: the App Home asks for both.

CREATE INDEX ix_jobs_asker ON jobs (user_id, created_at);

CREATE INDEX ix_jobs_outcomes ON jobs (created_at, state, outcome);
