CREATE FUNCTION smallprint_refuse_budget_change() RETURNS trigger LANGUAGE plpgsql AS
$$$$ BEGIN RAISE EXCEPTION 'the log of budgets is append-only'; END $$$$;

CREATE TRIGGER budget_changes_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON budget_changes
FOR EACH STATEMENT EXECUTE FUNCTION smallprint_refuse_budget_change();
