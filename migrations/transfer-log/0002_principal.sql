-- Who asked for a transaction: the id of its principal. Rows from before this column have none.
ALTER TABLE transactions ADD COLUMN principal TEXT;

CREATE TRIGGER transactions_principal_fixed BEFORE UPDATE ON transactions
WHEN NEW.principal IS NOT OLD.principal
BEGIN SELECT RAISE(ABORT, 'who asked for a transaction does not change'); END;
