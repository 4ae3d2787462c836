-- Decisions count when they are made, and events as loaded when they are committed. What was in
-- flight is decided again from the clean position on, which was the committed one.
alter table ledger_minute add column uncommitted integer not null default 0; -- of in_flight: decided, not committed
update ledger_minute set in_flight = undecided where in_flight <> undecided;
alter table ledger_minute drop column undecided;
alter table ledger_position add column loaded integer not null default 0; -- events before this position of the clean log count as loaded
alter table ledger_position add column held integer not null default 0; -- requests before this position of the raw log are decided, and their events loaded
update ledger_position set loaded = clean, held = max(0, min(raw, decided));

-- A row stands for so many minutes from its own on: 1, 60 or 1440.
alter table ledger_minute add column span integer not null default 1;

-- The sum of the row's ledger_dropped.
alter table ledger_minute add column dropped integer not null default 0;
update ledger_minute as row set dropped = part.dropped
  from (select project, source, minute, sum(dropped) as dropped from ledger_dropped
    group by project, source, minute) as part
  where part.project = row.project and part.source = row.source and part.minute = row.minute;

create index ledger_time on ledger_minute (project, minute, source);
create index ledger_span on ledger_minute (span, minute);
create index ledger_open on ledger_minute (project, in_flight, uncommitted) where in_flight <> 0 or uncommitted <> 0;
create index ledger_unbalanced on ledger_minute (project, minute)
  where accepted + derived <> loaded + quarantined + duplicate + dropped + in_flight;

-- Sums over all time, so that nobody adds up the rows for them.
create table ledger_total (
  project     text    not null,
  source      text    not null,
  accepted    integer not null,
  derived     integer not null,
  loaded      integer not null,
  quarantined integer not null,
  duplicate   integer not null,
  dropped     integer not null,
  primary key (project, source)
) without rowid;

insert into ledger_total
select project, source, sum(accepted), sum(derived), sum(loaded), sum(quarantined), sum(duplicate), sum(dropped)
from ledger_minute group by project, source;
