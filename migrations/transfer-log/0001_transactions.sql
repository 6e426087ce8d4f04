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
-- open = 1 until every account has acknowledged the decision.
CREATE TABLE transactions (
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  id TEXT NOT NULL,
  tenant TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preparing', 'committed', 'rejected')),
  -- JSON: the request with its defaults resolved, less description and metadata.
  request TEXT NOT NULL,
  -- JSON: description and metadata; dropped from rejected transactions after 30 days.
  details TEXT,
  -- JSON list: the legs, the sender's first.
  legs TEXT NOT NULL,
  -- The wording in which this transaction is answered, for ever.
  renderer INTEGER NOT NULL,
  -- JSON: why it was rejected.
  refusal TEXT,
  -- Whose request created it; only ever logged.
  request_id TEXT NOT NULL,
  -- All times in milliseconds since the epoch.
  created_at INTEGER NOT NULL,
  deadline INTEGER NOT NULL,
  decided_at INTEGER,
  settled_at INTEGER,
  -- Attempts that ended without settling, and when the alarm makes the next one.
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  stuck INTEGER NOT NULL CHECK (stuck IN (0, 1)),
  CHECK ((state = 'preparing') = (decided_at IS NULL)),
  CHECK ((state = 'rejected') = (refusal IS NOT NULL)),
  CHECK ((open = 0) = (settled_at IS NOT NULL)),
  CHECK (settled_at IS NULL OR decided_at IS NOT NULL),
  PRIMARY KEY (open, id)
) STRICT, WITHOUT ROWID;

-- What the clean-up looks for: holds rejected transactions only, and only until they are cleaned.
CREATE INDEX transactions_to_clean ON transactions (settled_at)
WHERE state = 'rejected' AND settled_at IS NOT NULL AND details IS NOT NULL;

CREATE TRIGGER transactions_recorded_once BEFORE INSERT ON transactions
WHEN NEW.open <> 1 OR NEW.state <> 'preparing'
  OR EXISTS (SELECT 1 FROM transactions WHERE open IN (0, 1) AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a transaction starts preparing, once'); END;

CREATE TRIGGER transactions_decided_once BEFORE UPDATE ON transactions
WHEN NEW.id IS NOT OLD.id
  OR NEW.tenant IS NOT OLD.tenant
  OR NEW.fingerprint IS NOT OLD.fingerprint
  OR NEW.request IS NOT OLD.request
  OR NEW.legs IS NOT OLD.legs
  OR NEW.renderer IS NOT OLD.renderer
  OR NEW.created_at IS NOT OLD.created_at
  OR NEW.deadline IS NOT OLD.deadline
  OR (OLD.state <> 'preparing' AND (
    NEW.state IS NOT OLD.state
    OR NEW.refusal IS NOT OLD.refusal
    OR NEW.decided_at IS NOT OLD.decided_at
  ))
  OR (OLD.open = 0 AND NEW.open = 1)
  OR (OLD.settled_at IS NOT NULL AND NEW.settled_at IS NOT OLD.settled_at)
  OR (NEW.details IS NOT OLD.details AND NOT (
    OLD.state = 'rejected' AND OLD.open = 0 AND NEW.details IS NULL
  ))
BEGIN SELECT RAISE(ABORT, 'what was recorded or decided does not change'); END;

CREATE TRIGGER transactions_not_deleted BEFORE DELETE ON transactions
BEGIN SELECT RAISE(ABORT, 'transactions are never deleted'); END;
