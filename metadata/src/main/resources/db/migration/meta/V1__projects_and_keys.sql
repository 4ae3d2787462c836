-- Times are microseconds since the epoch.

create table projects (
  name text primary key,
  created_at integer not null
) strict;

create table write_keys (
  key text primary key,
  project text not null references projects (name),
  source text not null,
  created_at integer not null,
  revoked_at integer
) strict;

create table api_keys (
  sha256 text primary key,
  project text not null references projects (name),
  scope text not null,
  created_at integer not null,
  revoked_at integer
) strict;

create table users (
  email text primary key,
  password text not null,
  role text not null,
  created_at integer not null
) strict;
