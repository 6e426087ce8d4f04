-- What only wallets have: who they belong to, freezes, checkpoints. All times are milliseconds
-- since the epoch.

-- The user whose wallet this is. Version 1 is the opening, and its idempotency record.
CREATE TABLE profiles (
  version INTEGER PRIMARY KEY CHECK (version > 0),
  fingerprint TEXT,
  name TEXT,
  email TEXT,
  -- JSON object of strings.
  metadata TEXT,
  external_id TEXT,
  -- The wording in which it is answered, for ever.
  renderer INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  -- Of the HTTP request that asked for it: its own repeats are no replays.
  nonce TEXT,
  -- Set when a user is erased: what is personal is gone then.
  erased_at INTEGER,
  CHECK ((erased_at IS NULL) = (name IS NOT NULL)),
  CHECK ((erased_at IS NULL) = (fingerprint IS NOT NULL)),
  CHECK (erased_at IS NULL
    OR (email IS NULL AND metadata IS NULL AND external_id IS NULL))
) STRICT;

CREATE TRIGGER profiles_appended BEFORE INSERT ON profiles
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM profiles)
  OR NEW.erased_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'versions of a profile are appended'); END;

-- The one permitted update takes everything personal away, and only that.
CREATE TRIGGER profiles_only_erased BEFORE UPDATE ON profiles
WHEN OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL
  OR NEW.version IS NOT OLD.version
  OR NEW.renderer IS NOT OLD.renderer
  OR NEW.created_at IS NOT OLD.created_at
  OR NEW.nonce IS NOT OLD.nonce
BEGIN SELECT RAISE(ABORT, 'a version of a profile is immutable, but for its erasure'); END;

CREATE TRIGGER profiles_not_deleted BEFORE DELETE ON profiles
BEGIN SELECT RAISE(ABORT, 'versions of a profile are never deleted'); END;

-- What may enter or leave: the newest row counts, no row means that nothing is frozen. Each is also
-- the idempotency record of the request that asked for it.
CREATE TABLE freezes (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  freeze_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('debits', 'credits', 'all', 'none')),
  reason TEXT NOT NULL,
  principal TEXT NOT NULL,
  renderer INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  nonce TEXT
) STRICT;

-- A unique index would cost a row with every freeze.
CREATE TRIGGER freezes_appended BEFORE INSERT ON freezes
WHEN EXISTS (SELECT 1 FROM freezes WHERE id >= NEW.id OR freeze_id = NEW.freeze_id)
BEGIN SELECT RAISE(ABORT, 'freezes are appended, each once'); END;

CREATE TRIGGER freezes_not_updated BEFORE UPDATE ON freezes
BEGIN SELECT RAISE(ABORT, 'freezes are immutable'); END;

CREATE TRIGGER freezes_not_deleted BEFORE DELETE ON freezes
BEGIN SELECT RAISE(ABORT, 'freezes are never deleted'); END;

-- What the ledger adds up to after entry 64, 128, ...: shortens sums, and nothing else. Deleting
-- all of them changes no answer.
CREATE TABLE checkpoints (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  -- JSON object by currency: {"available": net, "reserved": net, "debited": "all debits of what was
  -- available that limits count, in decimal"}.
  sums TEXT NOT NULL,
  -- The newest decision so far, and the longest time from a decision to its posting.
  decided_at INTEGER NOT NULL,
  lag INTEGER NOT NULL CHECK (lag >= 0)
) STRICT;

CREATE TRIGGER checkpoints_appended BEFORE INSERT ON checkpoints
WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM entries)
  OR EXISTS (SELECT 1 FROM checkpoints WHERE sequence >= NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'a checkpoint follows the entry it is written with'); END;

CREATE TRIGGER checkpoints_not_updated BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are immutable'); END;

-- What every sum is derived from, in one place. A checkpoint beyond the last entry is damage, and
-- counts for nothing.
CREATE VIEW sound_checkpoints AS
SELECT * FROM checkpoints WHERE sequence <= (SELECT max(sequence) FROM entries);

CREATE VIEW movements AS
SELECT sequence, currency, bucket, direction, type, decided_at, created_at,
  CASE direction WHEN 'credit' THEN amount ELSE -amount END AS amount
FROM entries;
