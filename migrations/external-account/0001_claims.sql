-- Who uses a payment reference: a held leg provisionally, a posted one for ever. A claim goes only
-- in the sql transaction that voids its leg.
CREATE TABLE claims (
  provider TEXT NOT NULL,
  reference TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  PRIMARY KEY (provider, reference)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER claims_not_taken_over BEFORE INSERT ON claims
WHEN EXISTS (
  SELECT 1 FROM claims WHERE provider = NEW.provider AND reference = NEW.reference
)
BEGIN SELECT RAISE(ABORT, 'a payment reference is claimed once'); END;

CREATE TRIGGER claims_not_updated BEFORE UPDATE ON claims
BEGIN SELECT RAISE(ABORT, 'claims are immutable'); END;

CREATE TRIGGER claims_kept BEFORE DELETE ON claims
WHEN NOT EXISTS (
  SELECT 1 FROM legs
  WHERE open = 0 AND transaction_id = OLD.transaction_id AND sequence IS NULL
)
BEGIN SELECT RAISE(ABORT, 'only the claim of a void leg may go'); END;
