CREATE FUNCTION smallprint_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$$$ BEGIN RAISE EXCEPTION 'prompt versions and the log of their activations are never changed'; END $$$$;

CREATE TRIGGER prompt_versions_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON prompt_versions
FOR EACH STATEMENT EXECUTE FUNCTION smallprint_refuse_change();

CREATE TRIGGER prompt_activations_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON prompt_activations
FOR EACH STATEMENT EXECUTE FUNCTION smallprint_refuse_change();
