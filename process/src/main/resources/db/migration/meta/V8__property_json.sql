-- Properties that have had a value in the JSON of the column properties.
CREATE TABLE property_json (
  project TEXT NOT NULL,
  name    TEXT NOT NULL, -- as the client sends it
  PRIMARY KEY (project, name)
) STRICT, WITHOUT ROWID;

-- Projects whose properties without a column are not all in property_json: there are too many.
CREATE TABLE property_json_rest (
  project TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Of what came before these tables were made nothing is known.
INSERT INTO property_json SELECT project, name FROM property_columns;
INSERT INTO property_json_rest SELECT DISTINCT project FROM property_columns;
