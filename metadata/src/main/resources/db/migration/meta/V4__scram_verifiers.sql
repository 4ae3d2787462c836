-- What SCRAM-SHA-256 needs to know of a key; null for keys from before, until they are next used.

alter table api_keys add column scram text;
