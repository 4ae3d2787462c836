-- Sources that services call: POST /hook/ADDRESS. Never deleted, so that requests that wait to be
-- decoded find their mapping, and nobody is given an address again that others may still call.

create table webhooks (
  id text primary key,                   -- names it and opens nothing
  project text not null references projects (name),
  name text not null,                    -- the source of its events
  address text not null unique,          -- the last part of its URL
  template text not null,
  secrets text not null,                 -- JSON: [{"secret":"...","until":null}], to verify signatures
  replay_key text not null,              -- lets in what is brought again
  mapping text not null,                 -- JSON
  rules text,                            -- as those of write keys
  enabled integer not null check (enabled in (0, 1)),
  created_at integer not null,
  deleted_at integer
) strict;

create unique index webhooks_of_projects on webhooks (project, name) where deleted_at is null;

-- The last requests of each, as frames of the raw log have them.
create table webhook_requests (
  number integer primary key,
  webhook text not null references webhooks (id),
  request_id text not null unique,       -- what is decoded again is not kept again
  request blob not null
) strict;

create index requests_of_webhooks on webhook_requests (webhook, number);
