-- The scrub of this shard: how far it is, who asked for it, and what it found.

-- One row, rewritten by every batch. Times in milliseconds since the epoch.
CREATE TABLE scrub (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- Rounds that have begun.
  round INTEGER NOT NULL,
  -- The last transaction that the running round is done with; NULL between rounds.
  cursor TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  batch_at INTEGER,
  next_at INTEGER NOT NULL,
  -- Attempts at the present batch that left accounts unasked.
  tries INTEGER NOT NULL,
  -- Of the latest round: transactions that are checked, and that were left out.
  checked INTEGER NOT NULL,
  skipped INTEGER NOT NULL
) STRICT;

CREATE TRIGGER scrub_not_deleted BEFORE DELETE ON scrub
BEGIN SELECT RAISE(ABORT, 'the progress of the scrub is kept'); END;

-- Commands to begin a round: the dedupe index of their keys.
CREATE TABLE scrub_requests (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  principal TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  -- Of the HTTP request that gave the command: its own repeats are no replays.
  nonce TEXT
) STRICT, WITHOUT ROWID;

CREATE TRIGGER scrub_requests_once BEFORE INSERT ON scrub_requests
WHEN EXISTS (SELECT 1 FROM scrub_requests WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a command is recorded once'); END;

CREATE TRIGGER scrub_requests_not_updated BEFORE UPDATE ON scrub_requests
BEGIN SELECT RAISE(ABORT, 'commands are immutable'); END;

CREATE TRIGGER scrub_requests_not_deleted BEFORE DELETE ON scrub_requests
BEGIN SELECT RAISE(ABORT, 'commands are never deleted'); END;

-- What was found: each difference once, with the rounds that saw it first and last.
CREATE TABLE scrub_differences (
  tenant TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  -- As in the transaction's legs; empty where the transaction's own row is wrong.
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  first_found_at INTEGER NOT NULL,
  last_found_at INTEGER NOT NULL,
  last_round INTEGER NOT NULL,
  PRIMARY KEY (tenant, transaction_id, account, kind)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER scrub_differences_once BEFORE INSERT ON scrub_differences
WHEN EXISTS (
  SELECT 1 FROM scrub_differences
  WHERE tenant = NEW.tenant AND transaction_id = NEW.transaction_id
    AND account = NEW.account AND kind = NEW.kind
)
BEGIN SELECT RAISE(ABORT, 'a difference is recorded once'); END;

CREATE TRIGGER scrub_differences_fixed
BEFORE UPDATE OF tenant, transaction_id, account, kind, first_found_at ON scrub_differences
BEGIN SELECT RAISE(ABORT, 'a difference that was found does not change'); END;

CREATE TRIGGER scrub_differences_not_deleted BEFORE DELETE ON scrub_differences
BEGIN SELECT RAISE(ABORT, 'differences are never deleted'); END;
