-- One shard of the transfer log. All times are milliseconds since the epoch.

-- Which shard this is. Written once; the shard refuses to work under another number of shards.
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

-- The saga log and the record of idempotency: one row for each transaction, never deleted.
-- open = 1 until every account has acknowledged the decision; 0: done. 2 is for what is settled and
-- has still to be told to others.
CREATE TABLE transactions (
  open INTEGER NOT NULL CHECK (open IN (0, 1, 2)),
  id TEXT NOT NULL,
  tenant TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preparing', 'committed', 'rejected')),
  -- JSON: the request with its defaults resolved, less description and metadata.
  request TEXT NOT NULL,
  -- JSON: description and metadata; dropped from rejected transactions after 30 days.
  details TEXT,
  -- JSON list: all that moves, the sender's first. Each line is [account, counterparty, bucket,
  -- direction, currency, amount].
  lines TEXT NOT NULL,
  -- The wording in which this transaction is answered, for ever.
  renderer INTEGER NOT NULL,
  -- JSON: why it was rejected.
  refusal TEXT,
  -- Who asked for it: the id of a principal.
  principal TEXT NOT NULL,
  -- Whose request created it; only ever logged.
  request_id TEXT NOT NULL,
  -- Which HTTP request created it: a number that the edge draws for each one, so that its own
  -- repeat of a call is told from a client's replay.
  nonce TEXT,
  created_at INTEGER NOT NULL,
  -- When it may no longer commit; NULL for one that may take as long as it takes.
  deadline INTEGER,
  decided_at INTEGER,
  settled_at INTEGER,
  -- What anchors the hash chains of the accounts outside of their own files: JSON list, in the
  -- order of the legs, of the beginnings of the hashes of their last entries, null where an account
  -- told none. NULL in rows that were rejected or are not settled.
  anchors TEXT,
  -- Attempts that ended without settling, and when the alarm makes the next one.
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  stuck INTEGER NOT NULL CHECK (stuck IN (0, 1)),
  CHECK ((state = 'preparing') = (decided_at IS NULL)),
  CHECK ((state = 'rejected') = (refusal IS NOT NULL)),
  CHECK ((open = 1) = (settled_at IS NULL)),
  CHECK (settled_at IS NULL OR decided_at IS NOT NULL),
  PRIMARY KEY (open, id)
) STRICT, WITHOUT ROWID;

-- What the clean-up looks for: holds rejected transactions only, and only until they are cleaned.
CREATE INDEX transactions_to_clean ON transactions (settled_at)
WHERE state = 'rejected' AND settled_at IS NOT NULL AND details IS NOT NULL;

CREATE TRIGGER transactions_recorded_once BEFORE INSERT ON transactions
WHEN NEW.open <> 1 OR NEW.state <> 'preparing'
  OR EXISTS (SELECT 1 FROM transactions WHERE open IN (0, 1, 2) AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a transaction starts preparing, once'); END;

-- A statement that names a column that never changes is refused without comparing what it holds.
CREATE TRIGGER transactions_content_fixed
BEFORE UPDATE OF id, tenant, fingerprint, request, lines, renderer, principal, request_id, nonce,
  created_at, deadline ON transactions
BEGIN SELECT RAISE(ABORT, 'what was recorded does not change'); END;

CREATE TRIGGER transactions_decided_once
BEFORE UPDATE OF state, refusal, decided_at ON transactions
WHEN OLD.state <> 'preparing'
BEGIN SELECT RAISE(ABORT, 'what was decided does not change'); END;

CREATE TRIGGER transactions_settled_once
BEFORE UPDATE OF open, settled_at, anchors ON transactions
WHEN NOT (
  OLD.open = 1
  OR (OLD.open = 2 AND NEW.open = 0
    AND NEW.settled_at IS OLD.settled_at AND NEW.anchors IS OLD.anchors)
)
BEGIN SELECT RAISE(ABORT, 'what is settled does not change'); END;

CREATE TRIGGER transactions_details_kept BEFORE UPDATE OF details ON transactions
WHEN NOT (OLD.state = 'rejected' AND OLD.open <> 1 AND NEW.details IS NULL)
BEGIN SELECT RAISE(ABORT, 'what was recorded does not change'); END;

CREATE TRIGGER transactions_not_deleted BEFORE DELETE ON transactions
BEGIN SELECT RAISE(ABORT, 'transactions are never deleted'); END;

-- Authorizations that are still to expire: written with the decision, gone when they have an end.
CREATE TABLE expirations (
  expires_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (expires_at, id)
) STRICT, WITHOUT ROWID;

-- Batches: the dedupe index of their keys. Their items are transactions of this shard.
CREATE TABLE batches (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  created_at INTEGER NOT NULL,
  nonce TEXT
) STRICT, WITHOUT ROWID;

CREATE TRIGGER batches_recorded_once BEFORE INSERT ON batches
WHEN EXISTS (SELECT 1 FROM batches WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a batch is recorded once'); END;

CREATE TRIGGER batches_not_updated BEFORE UPDATE ON batches
BEGIN SELECT RAISE(ABORT, 'batches are immutable'); END;

CREATE TRIGGER batches_not_deleted BEFORE DELETE ON batches
BEGIN SELECT RAISE(ABORT, 'batches are never deleted'); END;

-- The scrub of this shard: how far it is, who asked for it, and what it found.

-- One row, rewritten by every batch.
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
  -- As in the transaction's lines; empty where the transaction's own row is wrong.
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
