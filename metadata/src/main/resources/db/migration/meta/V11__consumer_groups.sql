-- How far each group of consumers has read a project's events; positions of the clean log as text.

create table consumer_groups (
  project text not null references projects (name),
  name text not null,
  position text not null,
  created_at integer not null,
  committed_at integer,                  -- null until the first commit
  primary key (project, name)
) strict;
