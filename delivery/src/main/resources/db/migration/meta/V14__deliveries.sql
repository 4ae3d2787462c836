-- Where a project's events are delivered to, how far, and what could not be. Times are microseconds
-- since the epoch, positions those of the clean log as text.

create table deliveries (
  id text primary key,
  project text not null references projects (name),
  name text not null,
  url text not null,
  events text not null,                  -- names of events as a JSON list; empty for all
  condition text not null,               -- as behind WHERE in SQL; empty for none
  batch_events integer not null,
  made_by text not null,                 -- the id of the API key that answers for it
  secret text not null,
  secret_before text,                    -- signs too, until
  secret_before_until integer,
  position text not null,                -- from where on nothing was delivered
  paused integer not null check (paused in (0, 1)),
  why text not null,                     -- it is paused; empty where somebody wanted it
  size integer not null,                 -- how many events the next batch may have
  pending_id text,                       -- a batch that was begun, from position on
  pending_to text,
  pending_events integer,
  pending_at integer,
  attempts integer not null,             -- of that batch that failed
  next_at integer,                       -- when it is tried again
  last_at integer,
  last_answer text not null,
  delivered_at integer,
  delivered integer not null,            -- events
  created_at integer not null,
  unique (project, name)
) strict;

create table dead_letters (
  id text primary key,
  delivery text not null references deliveries (id),
  request text not null,                 -- the id that its requests bear; empty for a gap
  events integer not null,
  body blob,                             -- null for a gap: events that the log had given back
  bytes integer not null,
  reason text not null,
  created_at integer not null,
  expires_at integer not null,
  wanted integer not null check (wanted in (0, 1))   -- to be delivered again
) strict;

create index dead_letters_of_deliveries on dead_letters (delivery);
