-- A key is used once, for a transaction or for a batch: also by a release that knows no batches.

CREATE TRIGGER transactions_beside_batches BEFORE INSERT ON transactions
WHEN EXISTS (SELECT 1 FROM batches WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the key is that of a batch'); END;

CREATE TRIGGER batches_beside_transactions BEFORE INSERT ON batches
WHEN EXISTS (SELECT 1 FROM transactions WHERE open IN (0, 1, 2) AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the key is that of a transaction'); END;
