-- What projects want of their enrichments, as JSON; a project without a row wants the defaults.

create table enrichment_settings (
  project text primary key references projects (name),
  settings text not null,
  changed_at integer not null
) strict;
