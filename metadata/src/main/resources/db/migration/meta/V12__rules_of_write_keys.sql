-- What is asked of requests with a write key beyond the key, as JSON; null where nothing is.

alter table keys add column rules text;
