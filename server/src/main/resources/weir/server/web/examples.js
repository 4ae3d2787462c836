// Queries to begin with.

export const examples = [
  {
    name: 'Events by name',
    sql: `select event, count(*) as events, count(distinct person_id) as people
from events
group by event
order by events desc`,
  },
  {
    name: 'Per minute, last hour',
    sql: `select date_trunc('minute', received_at) as minute, count(*) as events
from events
where received_at >= now() - interval 1 hour
group by minute
order by minute`,
  },
  {
    name: 'Per day',
    sql: `select date_trunc('day', timestamp) as day, count(*) as events, count(distinct person_id) as people
from events
group by day
order by day`,
  },
  {
    name: 'Top events by hour',
    sql: `select date_trunc('hour', timestamp) as hour, event, count(*) as events
from events
where timestamp >= now() - interval 7 days
group by all
order by hour`,
  },
  {
    name: 'The newest events',
    sql: `select received_at, event, person_id, properties, page_path, library
from events
order by received_at desc
limit 20`,
  },
  {
    name: 'Most active people',
    sql: `select person_id, count(*) as events, min(timestamp) as first_seen, max(timestamp) as last_seen
from events
group by person_id
order by events desc
limit 25`,
  },
  {
    name: 'Sessions a day',
    sql: `-- a session ends with 30 minutes without an event
select date_trunc('day', started_at) as day, count(*) as sessions
from sessions
group by day
order by day`,
  },
  {
    name: 'Where people come from',
    sql: `select coalesce(utm_source, referrer_host, '(direct)') as origin, count(*) as pages
from events
where kind = 'page_view'
group by origin
order by pages desc
limit 20`,
  },
  {
    name: 'What is quarantined, and why',
    sql: `select reason, count(*) as events, max(received_at) as newest, any_value(message) as message
from bad_events
group by reason
order by events desc`,
  },
  {
    name: 'The ledger',
    sql: `select minute, source, accepted, loaded, quarantined, duplicate, dropped, in_flight
from ledger
order by minute desc
limit 60`,
  },
]
