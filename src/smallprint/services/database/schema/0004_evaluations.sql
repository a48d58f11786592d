-- Evaluations: which prompt versions were measured on which labelled documents, and what came of it.

CREATE TABLE eval_runs (
  id TEXT PRIMARY KEY NOT NULL,
  dataset TEXT NOT NULL,
  dataset_sha256 TEXT NOT NULL,
  profile TEXT NOT NULL,
  prompts TEXT NOT NULL,
  prompt_hashes TEXT NOT NULL,
  models TEXT NOT NULL,
  mode TEXT NOT NULL,
  repeats INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  metrics TEXT NOT NULL,
  compared_with TEXT NOT NULL,
  verdict TEXT NOT NULL,
  app_version TEXT NOT NULL
);

CREATE TABLE eval_results (
  run_id TEXT NOT NULL REFERENCES eval_runs (id) ON DELETE CASCADE,
  document_id TEXT NOT NULL,
  "repeat" INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  report TEXT,
  error TEXT NOT NULL,
  score TEXT NOT NULL,
  PRIMARY KEY (run_id, document_id, "repeat")
);

CREATE INDEX ix_eval_runs_finished ON eval_runs (finished_at);
