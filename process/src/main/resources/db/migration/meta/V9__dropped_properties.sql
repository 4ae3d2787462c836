-- When an owner dropped a column, in microseconds since 1970. Its row stays: neither the column's
-- name nor a place of the key that brought it is given a second time, and the property finds no
-- other column.
ALTER TABLE property_columns ADD COLUMN dropped_at INTEGER;

-- Whether the lake's table has the dropped column no more.
ALTER TABLE property_columns ADD COLUMN left_lake INTEGER NOT NULL DEFAULT 0;
