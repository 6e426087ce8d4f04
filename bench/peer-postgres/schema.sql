-- What a back end on PostgreSQL would write instead: one database, append-only entries, no balance
-- column, one idempotency row for each write.
CREATE TABLE accounts (
  id text PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE transactions (
  id text PRIMARY KEY,
  type text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  debit_account text NOT NULL,
  credit_account text NOT NULL,
  payment_reference text UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account text NOT NULL,
  transaction_id text NOT NULL,
  currency text NOT NULL,
  -- Credits are positive, debits negative.
  amount bigint NOT NULL CHECK (amount <> 0),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Covers the sum, so that a balance is an index-only scan of the account's entries.
CREATE INDEX entries_of_account ON entries (account, currency, id) INCLUDE (amount);

CREATE TABLE idempotency_keys (
  key text PRIMARY KEY,
  request text NOT NULL,
  status integer,
  body text
);
