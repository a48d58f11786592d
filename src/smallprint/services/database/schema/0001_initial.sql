-- The tables of models/database.py (a test compares the two). Statements stand apart by an empty line.
-- Never change this file once it is released: its sha256 is in every database. Add 0002_….sql instead.

CREATE TABLE prompt_versions (
  id ${identity},
  agent TEXT NOT NULL,
  version INTEGER NOT NULL,
  slug TEXT NOT NULL,
  note TEXT NOT NULL,
  body TEXT NOT NULL,
  settings TEXT NOT NULL,
  contract TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  source TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (agent, version),
  UNIQUE (agent, sha256)
);

CREATE TABLE prompt_activations (
  id ${identity},
  agent TEXT NOT NULL,
  scope TEXT NOT NULL,
  scope_id TEXT NOT NULL,
  action TEXT NOT NULL,
  version_id BIGINT NOT NULL REFERENCES prompt_versions (id),
  prev_id BIGINT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  gate TEXT NOT NULL,
  request_id TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  UNIQUE (agent, scope, scope_id, prev_id)
);

CREATE TABLE jobs (
  id TEXT PRIMARY KEY NOT NULL,
  team TEXT NOT NULL,
  channel TEXT NOT NULL,
  thread_ts TEXT NOT NULL,
  file_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  "trigger" TEXT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT NOT NULL,
  due_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  finished_at TEXT
);

CREATE TABLE posts (
  tag TEXT PRIMARY KEY NOT NULL,
  state TEXT NOT NULL,
  owner TEXT NOT NULL,
  ts TEXT NOT NULL,
  attempted_at TEXT NOT NULL
);

CREATE TABLE analyses (
  id TEXT PRIMARY KEY NOT NULL,
  team TEXT NOT NULL,
  channel TEXT NOT NULL,
  user_id TEXT,
  "trigger" TEXT NOT NULL,
  document_sha256 TEXT NOT NULL,
  document_name TEXT NOT NULL,
  document_kind TEXT NOT NULL,
  document_characters INTEGER NOT NULL,
  document_pages INTEGER,
  prompts TEXT NOT NULL,
  prompt_source TEXT NOT NULL,
  offline INTEGER NOT NULL,
  app_version TEXT NOT NULL,
  status TEXT NOT NULL,
  error_code TEXT,
  risk_level TEXT,
  report TEXT,
  created_at TEXT NOT NULL,
  finished_at TEXT,
  latency_ms INTEGER
);

CREATE TABLE llm_calls (
  id TEXT PRIMARY KEY NOT NULL,
  analysis_id TEXT NOT NULL,
  agent TEXT NOT NULL,
  purpose TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  prompt_version INTEGER,
  channel TEXT NOT NULL,
  user_id TEXT,
  request_model TEXT NOT NULL,
  response_model TEXT,
  request_id TEXT,
  service_tier TEXT,
  input_tokens BIGINT NOT NULL,
  cache_read_tokens BIGINT NOT NULL,
  cache_write_5m_tokens BIGINT NOT NULL,
  cache_write_1h_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  thinking_tokens BIGINT NOT NULL,
  cost_nano_usd BIGINT,
  price_source TEXT NOT NULL,
  stop_reason TEXT,
  status TEXT NOT NULL,
  http_status INTEGER,
  time_to_first_token_ms INTEGER,
  latency_ms INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  day TEXT NOT NULL
);

CREATE TABLE answers (
  key TEXT PRIMARY KEY NOT NULL,
  analysis_id TEXT NOT NULL,
  call_id TEXT NOT NULL REFERENCES llm_calls (id),
  text TEXT NOT NULL,
  model TEXT NOT NULL,
  seconds_ms INTEGER NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE findings (
  analysis_id TEXT NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
  finding_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  category TEXT NOT NULL,
  severity TEXT NOT NULL,
  severity_before TEXT NOT NULL,
  outcome TEXT NOT NULL,
  verdict TEXT,
  "match" TEXT NOT NULL,
  page INTEGER,
  title TEXT NOT NULL,
  PRIMARY KEY (analysis_id, finding_id)
);

-- what is due, and what a restart must continue: finished jobs (nearly all) stay out of it
CREATE INDEX ix_jobs_unfinished ON jobs (due_at, created_at) WHERE finished_at IS NULL;

CREATE INDEX ix_jobs_file ON jobs (team, channel, file_id);

CREATE INDEX ix_analyses_document ON analyses (document_sha256, created_at);

CREATE INDEX ix_analyses_created ON analyses (created_at, risk_level, status, latency_ms);

-- covering: spend questions never touch the table
CREATE INDEX ix_llm_calls_day ON llm_calls (day, request_model, channel, user_id, agent, prompt_version, cost_nano_usd);

CREATE INDEX ix_llm_calls_analysis ON llm_calls (analysis_id);

CREATE INDEX ix_llm_calls_prompt ON llm_calls (agent, prompt_version, day, cost_nano_usd, latency_ms);

CREATE INDEX ix_answers_analysis ON answers (analysis_id);

CREATE INDEX ix_answers_call ON answers (call_id);

CREATE INDEX ix_findings_category ON findings (category, severity);

CREATE INDEX ix_activations_version ON prompt_activations (version_id);

CREATE INDEX ix_activations_agent ON prompt_activations (agent, scope, scope_id, id);
