CREATE TRIGGER budget_changes_no_update BEFORE UPDATE ON budget_changes
BEGIN SELECT RAISE(ABORT, 'the log of budgets is append-only'); END;

CREATE TRIGGER budget_changes_no_delete BEFORE DELETE ON budget_changes
BEGIN SELECT RAISE(ABORT, 'the log of budgets is append-only'); END;
