-- What the asker wishes of an analysis: JSON of a Brief, '' where nobody said anything.

ALTER TABLE jobs ADD COLUMN brief TEXT NOT NULL DEFAULT '';

-- Under what a report may be shown again for the same document; '' = never (offline rules, failures).

ALTER TABLE analyses ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';

ALTER TABLE analyses ADD COLUMN profile TEXT NOT NULL DEFAULT '';

-- The analysis whose report this one shows again; '' = its own.

ALTER TABLE analyses ADD COLUMN earlier_id TEXT NOT NULL DEFAULT '';

CREATE INDEX ix_analyses_same ON analyses (document_sha256, fingerprint, finished_at) WHERE fingerprint <> '';
