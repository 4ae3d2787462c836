-- Accepted before the raw position, and not decided before the clean position: so that a start need
-- not read the raw log again from the last decision on.
alter table ledger_minute add column undecided integer not null default 0;

update ledger_minute set undecided = in_flight;
