-- What every account has, wallet or outside world: who it is, its legs, its claims, its ledger.
-- All times are milliseconds since the epoch.

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

-- One row for each transaction that this account was ever asked about, with all of its lines here:
-- the dedupe index, never deleted. open = 1: held. open = 0 with a sequence: posted, its last line
-- there; without: void, and `refusal` is the NO that made it so. The leading `open` keeps the few
-- held legs together, with no second index.
CREATE TABLE legs (
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  transaction_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  -- The first line; debits come first.
  bucket TEXT NOT NULL CHECK (bucket IN ('available', 'reserved')),
  direction TEXT NOT NULL CHECK (direction IN ('debit', 'credit')),
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  -- JSON list of the further lines, each [bucket, direction, currency, amount]; NULL without any.
  further TEXT CHECK (json_array_length(further) > 0),
  -- The transaction that this one ends or reverses, if that has a leg here.
  origin TEXT,
  sequence INTEGER CHECK (sequence > 0),
  -- JSON.
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

CREATE TRIGGER legs_content_fixed
BEFORE UPDATE OF transaction_id, fingerprint, bucket, direction, currency, amount, further, origin,
  refusal ON legs
BEGIN SELECT RAISE(ABORT, 'a leg only closes, with its content unchanged'); END;

-- Posted with the entry of its last line, or void while it has none at all: a leg of which a line
-- is posted is open only while the newest entry is one of its own.
CREATE TRIGGER legs_closed_once BEFORE UPDATE OF open, sequence ON legs
WHEN NOT (
  OLD.open = 1 AND NEW.open = 0
  AND CASE WHEN NEW.sequence IS NULL
    THEN OLD.transaction_id IS NOT
      (SELECT transaction_id FROM entries ORDER BY sequence DESC LIMIT 1)
    ELSE EXISTS (
      SELECT 1 FROM entries
      WHERE sequence = NEW.sequence AND transaction_id = OLD.transaction_id
        AND line = 1 + coalesce(json_array_length(OLD.further), 0)
    )
  END
)
BEGIN SELECT RAISE(ABORT, 'a leg only closes, once: posted as a whole, or not at all'); END;

CREATE TRIGGER legs_not_deleted BEFORE DELETE ON legs
BEGIN SELECT RAISE(ABORT, 'legs are never deleted'); END;

-- Uses of keys that an account lets be used up to a capacity: by a held leg provisionally, by a
-- posted one for ever. `payment:<provider>:<reference>` and `payout:...` are used once; of
-- `origin:<transaction>` the amounts add up to what that one has put into the account at most.
CREATE TABLE claims (
  key TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  PRIMARY KEY (key, transaction_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER claims_made_once BEFORE INSERT ON claims
WHEN EXISTS (
    SELECT 1 FROM claims WHERE key = NEW.key
      AND (key NOT GLOB 'origin:*' OR transaction_id = NEW.transaction_id)
  )
  OR NOT EXISTS (SELECT 1 FROM legs WHERE open = 1 AND transaction_id = NEW.transaction_id)
BEGIN SELECT RAISE(ABORT, 'a held leg claims a key, once'); END;

CREATE TRIGGER claims_not_updated BEFORE UPDATE ON claims
BEGIN SELECT RAISE(ABORT, 'claims are immutable'); END;

CREATE TRIGGER claims_kept BEFORE DELETE ON claims
WHEN NOT EXISTS (
  SELECT 1 FROM legs
  WHERE open = 0 AND transaction_id = OLD.transaction_id AND sequence IS NULL
)
BEGIN SELECT RAISE(ABORT, 'only the claim of a void leg may go'); END;

-- The ledger: posted lines, append-only and chained by hash. It keeps what history shows.
CREATE TABLE entries (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  transaction_id TEXT NOT NULL,
  -- Its number in its leg: 1, 2, 3, ...
  line INTEGER NOT NULL CHECK (line > 0),
  type TEXT NOT NULL,
  bucket TEXT NOT NULL CHECK (bucket IN ('available', 'reserved')),
  direction TEXT NOT NULL CHECK (direction IN ('debit', 'credit')),
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  currency TEXT NOT NULL,
  counterparty TEXT NOT NULL,
  -- The transaction that this one ends or reverses.
  origin TEXT,
  provider TEXT,
  payment_reference TEXT,
  payout_reference TEXT,
  description TEXT,
  -- JSON object of strings.
  metadata TEXT,
  -- When the transaction was decided: the same on all of its sides.
  decided_at INTEGER NOT NULL,
  -- When it was posted here: never before the previous entry, nor before the decision.
  created_at INTEGER NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  CHECK (created_at >= decided_at)
) STRICT;

-- An entry continues the chain and posts the next line of a held leg. It follows the line before
-- it, or a whole other transaction: then the leg of the entry before is closed.
CREATE TRIGGER entries_appended BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE sequence >= NEW.sequence)
  OR NOT CASE NEW.sequence
    WHEN 1 THEN NEW.previous_hash IS (SELECT genesis FROM identity)
    ELSE EXISTS (
      SELECT 1 FROM entries
      WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous_hash
        AND CASE WHEN NEW.line = 1 THEN created_at <= NEW.created_at
          ELSE transaction_id = NEW.transaction_id AND line = NEW.line - 1
            AND created_at = NEW.created_at AND decided_at = NEW.decided_at
        END
    )
  END
  OR NOT EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id = NEW.transaction_id
      AND CASE WHEN NEW.line = 1
        THEN bucket = NEW.bucket AND direction = NEW.direction AND currency = NEW.currency
          AND amount = NEW.amount
        ELSE further -> (NEW.line - 2) =
          json_array(NEW.bucket, NEW.direction, NEW.currency, NEW.amount)
      END
  )
  OR (NEW.line = 1 AND EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id =
      (SELECT transaction_id FROM entries WHERE sequence = NEW.sequence - 1)
  ))
BEGIN SELECT RAISE(ABORT, 'an entry continues the chain and posts the next line of a held leg');
END;

-- The last line closes the leg, in its own statement: neither is ever seen without the other.
CREATE TRIGGER entries_close_legs AFTER INSERT ON entries
BEGIN
  UPDATE legs SET open = 0, sequence = NEW.sequence
  WHERE open = 1 AND transaction_id = NEW.transaction_id
    AND NEW.line = 1 + coalesce(json_array_length(further), 0);
END;

CREATE TRIGGER entries_not_updated BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;

CREATE TRIGGER entries_not_deleted BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
