-- What anchors the hash chains of the accounts outside of their own files: JSON list, in the order
-- of the legs, of the beginnings of the hashes of the entries that post them, null where an account
-- told none. NULL in rows that were rejected, are not settled, or were settled before this column.
ALTER TABLE transactions ADD COLUMN anchors TEXT;

CREATE TRIGGER transactions_anchored_once BEFORE UPDATE OF anchors ON transactions
WHEN OLD.open = 0
BEGIN SELECT RAISE(ABORT, 'what is settled does not change'); END;
