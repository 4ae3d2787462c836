-- What was counted of the two logs up to the positions below, per minute of receipt.
create table ledger_minute (
  project     text    not null,
  source      text    not null,
  minute      integer not null, -- minutes since the epoch
  accepted    integer not null default 0,
  derived     integer not null default 0,
  loaded      integer not null default 0,
  quarantined integer not null default 0,
  duplicate   integer not null default 0,
  in_flight   integer not null default 0, -- counted at the same cut: decided but not loaded, accepted but not decided
  primary key (project, source, minute)
) without rowid;

create table ledger_dropped (
  project text    not null,
  source  text    not null,
  minute  integer not null,
  reason  text    not null,
  dropped integer not null,
  primary key (project, source, minute, reason)
) without rowid;

create table ledger_position (
  id           integer primary key check (id = 1),
  raw          integer not null, -- accepted is counted before this position of the raw log
  clean        integer not null, -- decisions are counted before this position of the clean log
  decided      integer not null, -- the raw position of the last decision before it; -1 if none
  decided_upto integer not null  -- its index
);

insert into ledger_position values (1, 0, 0, -1, -1);
