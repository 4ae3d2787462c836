-- What the clean log before clean_position says of the raw log, kept for when it is released.
CREATE TABLE process_position (
  id             INTEGER PRIMARY KEY CHECK (id = 1),
  clean_position INTEGER NOT NULL,
  raw_position   INTEGER NOT NULL, -- the raw event that the last clean frame before it decides
  raw_index      INTEGER NOT NULL
) STRICT;
