-- Which HTTP request created a transaction: a number that the edge draws for each one, so that its
-- own repeat of a call is told from a client's replay. Rows from before this column have none.
ALTER TABLE transactions ADD COLUMN nonce TEXT;

CREATE TRIGGER transactions_nonce_fixed BEFORE UPDATE OF nonce ON transactions
BEGIN SELECT RAISE(ABORT, 'what was recorded does not change'); END;
