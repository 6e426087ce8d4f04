-- Freezes get their door. Until now none could be recorded; from now on each one says who froze or
-- thawed the wallet and why, and is the idempotency record of the request that asked for it.
ALTER TABLE freezes ADD COLUMN freeze_id TEXT;
ALTER TABLE freezes ADD COLUMN fingerprint TEXT;
ALTER TABLE freezes ADD COLUMN reason TEXT;
ALTER TABLE freezes ADD COLUMN principal TEXT;
-- The wording in which it is answered, for ever.
ALTER TABLE freezes ADD COLUMN renderer INTEGER;

-- Added columns cannot be NOT NULL, and a unique index would cost a row with every freeze.
CREATE TRIGGER freezes_accountable BEFORE INSERT ON freezes
WHEN NEW.freeze_id IS NULL OR NEW.fingerprint IS NULL OR NEW.reason IS NULL
  OR NEW.principal IS NULL OR NEW.renderer IS NULL
  OR EXISTS (SELECT 1 FROM freezes WHERE freeze_id = NEW.freeze_id)
BEGIN SELECT RAISE(ABORT, 'a freeze says who, why and for which request, once'); END;
