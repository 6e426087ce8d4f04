-- The only table of the canary objects that health checks write to.
CREATE TABLE canary (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  token TEXT NOT NULL
) STRICT;
