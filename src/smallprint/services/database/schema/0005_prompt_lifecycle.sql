-- Prompt versions tried on a share of the documents, pinned to a channel, and measured by a gate.

ALTER TABLE prompt_activations ADD COLUMN percent INTEGER NOT NULL DEFAULT 0;

-- the newest rows of one agent, whatever their scope: the history
CREATE INDEX ix_activations_history ON prompt_activations (agent, id);

-- the last row of each channel: hardly any row of the log is one of a channel
CREATE INDEX ix_activations_pins ON prompt_activations (agent, scope_id, id) WHERE scope = 'channel';

-- Why each prompt version of an analysis was the one: JSON, agent -> {"arm", "activation"}.

ALTER TABLE analyses ADD COLUMN arms TEXT NOT NULL DEFAULT '{}';
