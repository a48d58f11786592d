-- Results of earlier releases, as their reports tell.

INSERT INTO analysis_prompts
SELECT
  a.id,
  run.value ->> 'agent',
  max((run.value ->> 'prompt_version')::integer),
  'live',
  a.risk_level,
  a.finished_at,
  coalesce(max(f.kept), 0),
  coalesce(max(f.judged), 0),
  coalesce(max(f.rejected), 0),
  coalesce(max(f.lowered), 0),
  coalesce(max(f.raised), 0),
  coalesce(max(f.added), 0),
  coalesce((a.report::json ->> 'ungrounded')::integer, 0),
  CASE WHEN count(run.value ->> 'cost_nano_usd') = count(*)
    THEN sum((run.value ->> 'cost_nano_usd')::bigint) END,
  round(sum((run.value ->> 'seconds')::numeric) * 1000)
FROM analyses a
CROSS JOIN LATERAL json_array_elements(a.report::json -> 'agents') AS run (value)
LEFT JOIN (
  SELECT
    analysis_id,
    count(*) FILTER (WHERE outcome <> 'rejected') AS kept,
    count(verdict) AS judged,
    count(*) FILTER (WHERE outcome = 'rejected') AS rejected,
    count(*) FILTER (WHERE outcome = 'lowered') AS lowered,
    count(*) FILTER (WHERE outcome = 'raised') AS raised,
    count(*) FILTER (WHERE outcome = 'added') AS added
  FROM findings
  GROUP BY analysis_id
) f ON f.analysis_id = a.id
WHERE a.status = 'done' AND a.earlier_id = '' AND a.report IS NOT NULL
  AND a.risk_level IS NOT NULL AND a.finished_at IS NOT NULL
  AND run.value ->> 'prompt_version' IS NOT NULL
GROUP BY a.id, run.value ->> 'agent';
