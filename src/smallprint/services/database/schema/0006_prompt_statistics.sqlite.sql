-- Results of earlier releases, as their reports tell. A report that cannot be read is passed over.

INSERT INTO analysis_prompts
SELECT
  a.id,
  json_extract(run.value, '$$.agent'),
  max(json_extract(run.value, '$$.prompt_version')),
  'live',
  a.risk_level,
  a.finished_at,
  coalesce(f.kept, 0),
  coalesce(f.judged, 0),
  coalesce(f.rejected, 0),
  coalesce(f.lowered, 0),
  coalesce(f.raised, 0),
  coalesce(f.added, 0),
  coalesce(max(json_extract(a.report, '$$.ungrounded')), 0),
  CASE WHEN count(json_extract(run.value, '$$.cost_nano_usd')) = count(*)
    THEN sum(json_extract(run.value, '$$.cost_nano_usd')) END,
  CAST(round(sum(json_extract(run.value, '$$.seconds')) * 1000) AS INTEGER)
FROM (
  SELECT id, risk_level, finished_at, CASE WHEN json_valid(report) THEN report ELSE '{}' END AS report
  FROM analyses
  WHERE status = 'done' AND earlier_id = '' AND report IS NOT NULL
    AND risk_level IS NOT NULL AND finished_at IS NOT NULL
) a
JOIN json_each(a.report, '$$.agents') run
LEFT JOIN (
  SELECT
    analysis_id,
    sum(outcome <> 'rejected') AS kept,
    sum(verdict IS NOT NULL) AS judged,
    sum(outcome = 'rejected') AS rejected,
    sum(outcome = 'lowered') AS lowered,
    sum(outcome = 'raised') AS raised,
    sum(outcome = 'added') AS added
  FROM findings
  GROUP BY analysis_id
) f ON f.analysis_id = a.id
WHERE json_extract(run.value, '$$.prompt_version') IS NOT NULL
GROUP BY a.id, json_extract(run.value, '$$.agent');
