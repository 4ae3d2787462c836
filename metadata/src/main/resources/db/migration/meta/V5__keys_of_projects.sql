-- Write keys and API keys in one table, so that they are listed, named and revoked in one way.
-- Keys are never deleted: a revoked one stays, and nobody is given its name or secret again.

alter table projects add column closed_at integer;

create table keys (
  id text primary key,
  kind text not null check (kind in ('write', 'api')),
  project text not null references projects (name),
  name text not null,                    -- a write key's source
  secret text not null unique,           -- a write key itself; of an API key the SHA-256
  prefix text not null,                  -- what of the key may be shown
  scope text not null check (scope in ('write', 'read', 'admin')),
  installation integer not null check (installation in (0, 1)),
  limit_property text,                   -- null: the key sees all rows
  limit_value text,                      -- JSON
  scram text,                            -- null for API keys from before, until they are next used
  created_at integer not null,
  revoked_at integer
) strict;

create index keys_in_order on keys (project, created_at, id);

insert into keys
select 'key_' || lower(hex(randomblob(8))), 'write', project, source, key, substr(key, 1, 8),
  'write', 0, null, null, null, created_at, revoked_at
from write_keys;

-- The first project's first API key, which credentials.json holds, is that of the installation.
insert into keys
select 'key_' || lower(hex(randomblob(8))), 'api', project, '', sha256, 'ak_', 'admin',
  sha256 = (select sha256 from api_keys order by created_at, rowid limit 1),
  null, null, scram, created_at, revoked_at
from api_keys;

drop table write_keys;
drop table api_keys;
