-- What every balance is derived from, in one place. A checkpoint beyond the last entry is damage,
-- and counts for nothing.
CREATE VIEW sound_checkpoints AS
SELECT sequence, net FROM checkpoints WHERE sequence <= (SELECT max(sequence) FROM entries);

CREATE VIEW movements AS
SELECT sequence, currency, CASE direction WHEN 'credit' THEN amount ELSE -amount END AS amount
FROM entries;
