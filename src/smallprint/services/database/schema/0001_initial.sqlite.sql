CREATE TRIGGER prompt_versions_no_update BEFORE UPDATE ON prompt_versions
BEGIN SELECT RAISE(ABORT, 'prompt versions are immutable'); END;

CREATE TRIGGER prompt_versions_no_delete BEFORE DELETE ON prompt_versions
BEGIN SELECT RAISE(ABORT, 'prompt versions are immutable'); END;

CREATE TRIGGER prompt_activations_no_update BEFORE UPDATE ON prompt_activations
BEGIN SELECT RAISE(ABORT, 'the log of prompt activations is append-only'); END;

CREATE TRIGGER prompt_activations_no_delete BEFORE DELETE ON prompt_activations
BEGIN SELECT RAISE(ABORT, 'the log of prompt activations is append-only'); END;
