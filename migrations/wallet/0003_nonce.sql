-- Which HTTP request opened the wallet, froze or thawed it: see transfer-log/0005_nonce. Rows from
-- before these columns have none. Both tables refuse every update already.
ALTER TABLE owner ADD COLUMN nonce TEXT;
ALTER TABLE freezes ADD COLUMN nonce TEXT;
