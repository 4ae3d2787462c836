-- The column that each property of a project has found, in the order of first sight.
CREATE TABLE property_columns (
  project     TEXT    NOT NULL,
  name        TEXT    NOT NULL, -- as the client sends it
  column_name TEXT    NOT NULL, -- p_ and the folded name
  type        TEXT    NOT NULL CHECK (type IN ('boolean', 'double', 'string')),
  ordinal     INTEGER NOT NULL, -- from 1 in each project
  first_key   TEXT    NOT NULL, -- the name of the write key that brought it
  created_at  INTEGER NOT NULL, -- received_at of the event that brought it, in microseconds
  raw_position INTEGER NOT NULL, -- that event
  raw_index    INTEGER NOT NULL,
  PRIMARY KEY (project, name),
  UNIQUE (project, column_name),
  UNIQUE (project, ordinal)
) STRICT;
