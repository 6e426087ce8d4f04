-- The same as before, checked with less: a statement that names a column that never changes is
-- refused without comparing what it holds, and each of the others is looked at where it is written.
DROP TRIGGER transactions_decided_once;
DROP TRIGGER transactions_principal_fixed;

CREATE TRIGGER transactions_content_fixed
BEFORE UPDATE OF id, tenant, fingerprint, request, legs, renderer, principal, request_id,
  created_at, deadline ON transactions
BEGIN SELECT RAISE(ABORT, 'what was recorded does not change'); END;

CREATE TRIGGER transactions_decided_once
BEFORE UPDATE OF state, refusal, decided_at ON transactions
WHEN OLD.state <> 'preparing'
BEGIN SELECT RAISE(ABORT, 'what was decided does not change'); END;

CREATE TRIGGER transactions_settled_once BEFORE UPDATE OF open, settled_at ON transactions
WHEN OLD.open = 0
BEGIN SELECT RAISE(ABORT, 'what is settled does not change'); END;

CREATE TRIGGER transactions_details_kept BEFORE UPDATE OF details ON transactions
WHEN NOT (OLD.state = 'rejected' AND OLD.open = 0 AND NEW.details IS NULL)
BEGIN SELECT RAISE(ABORT, 'what was recorded does not change'); END;
