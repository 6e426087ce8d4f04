-- An entry closes the leg that it posts, in its own statement: neither is ever seen without the
-- other. What may follow what is as strict as before, and is checked with less: a statement that
-- names a column that never changes is refused without comparing what it holds.
DROP TRIGGER entries_appended;
DROP TRIGGER legs_closed_once;

CREATE TRIGGER entries_appended BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE sequence >= NEW.sequence)
  OR NOT CASE NEW.sequence
    WHEN 1 THEN NEW.previous_hash IS (SELECT genesis FROM identity)
    ELSE EXISTS (
      SELECT 1 FROM entries
      WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous_hash
        AND created_at <= NEW.created_at
    )
  END
  OR NOT EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id = NEW.transaction_id
      AND direction = NEW.direction AND currency = NEW.currency AND amount = NEW.amount
  )
  -- The entry before has closed its leg: so no leg is posted twice, should that ever fail.
  OR EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id =
      (SELECT transaction_id FROM entries WHERE sequence = NEW.sequence - 1)
  )
BEGIN SELECT RAISE(ABORT, 'an entry continues the chain and posts a held leg'); END;

CREATE TRIGGER entries_close_legs AFTER INSERT ON entries
BEGIN
  UPDATE legs SET open = 0, sequence = NEW.sequence
  WHERE open = 1 AND transaction_id = NEW.transaction_id;
END;

CREATE TRIGGER legs_content_fixed
BEFORE UPDATE OF transaction_id, fingerprint, direction, currency, amount, refusal ON legs
BEGIN SELECT RAISE(ABORT, 'a leg only closes, with its content unchanged'); END;

CREATE TRIGGER legs_closed_once BEFORE UPDATE OF open, sequence ON legs
WHEN NOT (
  OLD.open = 1 AND NEW.open = 0
  AND (
    NEW.sequence IS NULL
    OR EXISTS (
      SELECT 1 FROM entries
      WHERE sequence = NEW.sequence AND transaction_id = OLD.transaction_id
    )
  )
)
BEGIN SELECT RAISE(ABORT, 'a leg only closes, once, and as posted with its entry'); END;
