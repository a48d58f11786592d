-- Where the inference ran: decides the price ("us" costs 1.1 times as much).

ALTER TABLE llm_calls ADD COLUMN inference_geo TEXT;

-- Covering for what is asked, with who may see it; stop_reason is in them because a cost without one is a lower bound.
-- In the order of documents, which makes counting them cheap. They take the place of two that lacked both.

DROP INDEX ix_llm_calls_day;

DROP INDEX ix_llm_calls_prompt;

CREATE INDEX ix_llm_calls_spending ON llm_calls (
  day, analysis_id, channel, user_id, agent, request_model, prompt_version, cost_nano_usd, stop_reason,
  input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, thinking_tokens
);

CREATE INDEX ix_llm_calls_version ON llm_calls (
  agent, prompt_version, analysis_id, day, channel, user_id, cost_nano_usd, stop_reason
);

-- which analyses used a version last
CREATE INDEX ix_llm_calls_version_time ON llm_calls (agent, prompt_version, created_at);
