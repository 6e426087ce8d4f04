-- The user whose wallet this is: also the idempotency record of the opening.
CREATE TABLE owner (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  fingerprint TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  -- JSON object of strings.
  metadata TEXT,
  -- The wording in which the opening is answered, for ever.
  renderer INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER owner_written_once BEFORE INSERT ON owner
WHEN EXISTS (SELECT 1 FROM owner)
BEGIN SELECT RAISE(ABORT, 'a wallet is opened once'); END;

CREATE TRIGGER owner_not_updated BEFORE UPDATE ON owner
BEGIN SELECT RAISE(ABORT, 'the opening of a wallet is immutable'); END;

CREATE TRIGGER owner_not_deleted BEFORE DELETE ON owner
BEGIN SELECT RAISE(ABORT, 'the opening of a wallet is immutable'); END;

-- Whether new debits are refused: the newest row counts, no row means not frozen.
CREATE TABLE freezes (
  id INTEGER PRIMARY KEY,
  frozen INTEGER NOT NULL CHECK (frozen IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER freezes_not_updated BEFORE UPDATE ON freezes
BEGIN SELECT RAISE(ABORT, 'freezes are immutable'); END;

CREATE TRIGGER freezes_not_deleted BEFORE DELETE ON freezes
BEGIN SELECT RAISE(ABORT, 'freezes are never deleted'); END;

CREATE TRIGGER freezes_appended BEFORE INSERT ON freezes
WHEN EXISTS (SELECT 1 FROM freezes WHERE id >= NEW.id)
BEGIN SELECT RAISE(ABORT, 'freezes are appended'); END;

-- Net amounts per currency (JSON object) after entry 64, 128, ...: shortens sums, and nothing else.
-- Deleting all of them changes no answer.
CREATE TABLE checkpoints (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  net TEXT NOT NULL
) STRICT;

CREATE TRIGGER checkpoints_not_updated BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are immutable'); END;

CREATE TRIGGER checkpoints_appended BEFORE INSERT ON checkpoints
WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM entries)
  OR EXISTS (SELECT 1 FROM checkpoints WHERE sequence >= NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'a checkpoint follows the entry it is written with'); END;
