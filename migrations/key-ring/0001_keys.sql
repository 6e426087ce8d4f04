-- Which ring this is. Written once; the ring refuses to work under another number of rings.
CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  class TEXT NOT NULL,
  shard INTEGER NOT NULL,
  shards INTEGER NOT NULL
) STRICT;

CREATE TRIGGER identity_written_once BEFORE INSERT ON identity
WHEN EXISTS (SELECT 1 FROM identity)
BEGIN SELECT RAISE(ABORT, 'identity is written once'); END;

CREATE TRIGGER identity_not_updated BEFORE UPDATE ON identity
BEGIN SELECT RAISE(ABORT, 'identity is immutable'); END;

CREATE TRIGGER identity_not_deleted BEFORE DELETE ON identity
BEGIN SELECT RAISE(ABORT, 'identity is immutable'); END;

-- One row for each API key that was ever created: the record of the act and of its idempotency key.
-- What a key may do never changes; a key with other rights is another key.
CREATE TABLE keys (
  id TEXT PRIMARY KEY CHECK (id GLOB 'key_*'),
  tenant TEXT NOT NULL CHECK (tenant <> ''),
  fingerprint TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON list.
  scopes TEXT NOT NULL CHECK (json_type(scopes) = 'array'),
  -- SHA-256 of the secret, in hexadecimal. The secret itself is nowhere.
  secret_hash TEXT NOT NULL CHECK (length(secret_hash) = 64),
  -- All times in milliseconds since the epoch.
  expires_at INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  request_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A trigger runs before the conflict clause, so INSERT OR REPLACE cannot walk past it.
CREATE TRIGGER keys_created_once BEFORE INSERT ON keys
WHEN EXISTS (SELECT 1 FROM keys WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a key is created once'); END;

CREATE TRIGGER keys_not_updated BEFORE UPDATE ON keys
BEGIN SELECT RAISE(ABORT, 'keys are immutable'); END;

CREATE TRIGGER keys_not_deleted BEFORE DELETE ON keys
BEGIN SELECT RAISE(ABORT, 'keys are never deleted'); END;

-- A key with a row here is worth nothing, for ever.
CREATE TABLE revocations (
  key_id TEXT PRIMARY KEY,
  revoked_by TEXT NOT NULL,
  revoked_at INTEGER NOT NULL,
  request_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER revocations_appended BEFORE INSERT ON revocations
WHEN NOT EXISTS (SELECT 1 FROM keys WHERE id = NEW.key_id)
  OR EXISTS (SELECT 1 FROM revocations WHERE key_id = NEW.key_id)
BEGIN SELECT RAISE(ABORT, 'a key that exists is revoked, once'); END;

CREATE TRIGGER revocations_not_updated BEFORE UPDATE ON revocations
BEGIN SELECT RAISE(ABORT, 'revocations are immutable'); END;

CREATE TRIGGER revocations_not_deleted BEFORE DELETE ON revocations
BEGIN SELECT RAISE(ABORT, 'revocations are never deleted'); END;
