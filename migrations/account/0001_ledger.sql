-- What every account has, wallet or outside world: who it is, its legs, its ledger.

-- Written once, at the first use of the object. A caller with another identity is refused.
CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  class TEXT NOT NULL,
  tenant TEXT NOT NULL,
  account TEXT NOT NULL,
  -- The number of shards that the data was laid out for; NULL where there are none.
  shards INTEGER,
  -- The hash before the first entry.
  genesis TEXT NOT NULL,
  opened_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER identity_written_once BEFORE INSERT ON identity
WHEN EXISTS (SELECT 1 FROM identity)
BEGIN SELECT RAISE(ABORT, 'identity is written once'); END;

CREATE TRIGGER identity_not_updated BEFORE UPDATE ON identity
BEGIN SELECT RAISE(ABORT, 'identity is immutable'); END;

CREATE TRIGGER identity_not_deleted BEFORE DELETE ON identity
BEGIN SELECT RAISE(ABORT, 'identity is immutable'); END;

-- One row for each transaction that this account was ever asked about: the dedupe index, never
-- deleted. open = 1: held. open = 0 with a sequence: posted; without: void, and `refusal` is the NO
-- that made it so. The leading `open` keeps the few held legs together, with no second index.
CREATE TABLE legs (
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  transaction_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('debit', 'credit')),
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  sequence INTEGER CHECK (sequence > 0),
  refusal TEXT,
  CHECK (open = 0 OR (sequence IS NULL AND refusal IS NULL)),
  CHECK (sequence IS NULL OR refusal IS NULL),
  PRIMARY KEY (open, transaction_id)
) STRICT, WITHOUT ROWID;

-- A trigger runs before the conflict clause, so INSERT OR REPLACE cannot walk past it.
CREATE TRIGGER legs_inserted_once BEFORE INSERT ON legs
WHEN NEW.sequence IS NOT NULL
  OR EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1) AND transaction_id = NEW.transaction_id)
BEGIN SELECT RAISE(ABORT, 'a leg starts held or void, once'); END;

CREATE TRIGGER legs_closed_once BEFORE UPDATE ON legs
WHEN NOT (
  OLD.open = 1 AND NEW.open = 0
  AND NEW.transaction_id IS OLD.transaction_id
  AND NEW.fingerprint IS OLD.fingerprint
  AND NEW.direction IS OLD.direction
  AND NEW.currency IS OLD.currency
  AND NEW.amount IS OLD.amount
  AND NEW.refusal IS NULL
  AND CASE WHEN NEW.sequence IS NULL
    -- Void: without an entry. A leg that has one is open only while its entry is the newest.
    THEN OLD.transaction_id IS NOT
      (SELECT transaction_id FROM entries ORDER BY sequence DESC LIMIT 1)
    ELSE EXISTS (
      SELECT 1 FROM entries
      WHERE sequence = NEW.sequence AND transaction_id = OLD.transaction_id
    )
  END
)
BEGIN SELECT RAISE(ABORT, 'a leg only closes, once, with its content unchanged'); END;

CREATE TRIGGER legs_not_deleted BEFORE DELETE ON legs
BEGIN SELECT RAISE(ABORT, 'legs are never deleted'); END;

-- The ledger: posted legs, append-only and chained by hash. It keeps what history shows.
CREATE TABLE entries (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  transaction_id TEXT NOT NULL,
  type TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('debit', 'credit')),
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  currency TEXT NOT NULL,
  counterparty TEXT NOT NULL,
  provider TEXT,
  payment_reference TEXT,
  description TEXT,
  -- JSON object of strings.
  metadata TEXT,
  -- Milliseconds since the epoch, never before the previous entry's.
  created_at INTEGER NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER entries_appended BEFORE INSERT ON entries
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM entries)
  OR NEW.previous_hash IS NOT coalesce(
    (SELECT hash FROM entries ORDER BY sequence DESC LIMIT 1),
    (SELECT genesis FROM identity)
  )
  OR NEW.created_at < (SELECT created_at FROM entries ORDER BY sequence DESC LIMIT 1)
  OR NOT EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id = NEW.transaction_id
      AND direction = NEW.direction AND currency = NEW.currency AND amount = NEW.amount
  )
  -- The entry before has closed its leg: so no leg is ever posted twice.
  OR EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id =
      (SELECT transaction_id FROM entries ORDER BY sequence DESC LIMIT 1)
  )
BEGIN SELECT RAISE(ABORT, 'an entry continues the chain and posts a held leg'); END;

CREATE TRIGGER entries_not_updated BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;

CREATE TRIGGER entries_not_deleted BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
