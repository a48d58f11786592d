-- Limits changed at run time: append-only, the last row of (scope, scope_id) holds, the settings are the defaults.

CREATE TABLE budget_changes (
  id ${identity},
  scope TEXT NOT NULL,
  scope_id TEXT NOT NULL,
  action TEXT NOT NULL,
  amount_nano_usd BIGINT,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  request_id TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL
);

CREATE INDEX ix_budget_changes_last ON budget_changes (scope, scope_id, id);

-- What analyses that run now may cost; a row goes when its analysis has ended.

CREATE TABLE budget_reservations (
  analysis_id TEXT PRIMARY KEY NOT NULL,
  channel TEXT NOT NULL,
  user_id TEXT NOT NULL,
  amount_nano_usd BIGINT NOT NULL,
  expires_at TEXT NOT NULL
);

-- Monthly budgets of which 80 or 100 percent are spent. A limit that was raised can be reached again.

CREATE TABLE budget_notices (
  id ${identity},
  scope TEXT NOT NULL,
  scope_id TEXT NOT NULL,
  month TEXT NOT NULL,
  percent INTEGER NOT NULL,
  limit_nano_usd BIGINT NOT NULL,
  spent_nano_usd BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  told_at TEXT,
  UNIQUE (scope, scope_id, month, percent, limit_nano_usd)
);

-- A month's sum is asked for before each analysis: covering, and narrow.

CREATE INDEX ix_llm_calls_budget ON llm_calls (day, channel, cost_nano_usd);

-- What retention looks for: analyses that still have texts, and paid answers by age.

CREATE INDEX ix_analyses_texts ON analyses (created_at) WHERE report IS NOT NULL OR document_name <> '';

CREATE INDEX ix_answers_created ON answers (created_at);
