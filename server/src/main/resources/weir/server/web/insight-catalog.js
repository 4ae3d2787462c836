// What can be asked about: events by name, properties, and the time in which there are events.

import { query } from './api.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const FRESH = 30_000

let known = null
let read = 0

/** The catalog, read again when it is old. events: [{name, count, persons}], the most frequent first. */
export async function catalog() {
  if (known !== null && known.events.length > 0 && Date.now() - read < FRESH) return known
  const [names, columns] = await Promise.all([
    query({
      sql: `select event, count(*) as events, approx_count_distinct(person_id) as persons, min(timestamp) as first, max(timestamp) as last
from events where event is not null group by event order by events desc, event limit 500`,
    }),
    query({ sql: 'select * from events limit 0' }),
  ])
  const rows = names.rows.map(([name, count, persons, first, last]) => ({ name, count: Number(count), persons: Number(persons), first: Date.parse(first), last: Date.parse(last) }))
  known = { events: rows, properties: properties(columns.columns), ...reach(rows) }
  read = Date.now()
  return known
}

/** Forgets it, as after signing in elsewhere. */
export function forgetCatalog() {
  known = null
}

/** A property is called as its sender called it, unless Weir has a column of that name; Weir's own work is left out. */
function properties(columns) {
  const names = columns.map((column) => column.name)
  const sent = names.filter((name) => name.startsWith('p_')).map((name) => (names.includes(name.slice(2)) ? name : name.slice(2)))
  return [...sent, ...names.filter((name) => !name.startsWith('p_') && !name.startsWith('_') && !['properties', 'traits', 'context'].includes(name))]
}

/** The shortest of the usual times in which there are events, and the interval that suits it. */
function reach(events) {
  const now = Date.now()
  const first = Math.min(now, ...events.map((event) => event.first))
  const last = Math.max(0, ...events.map((event) => event.last))
  if (now - first <= HOUR) return { from: '-1h', interval: 'minute' }
  if (now - first <= DAY) return { from: '-24h', interval: 'hour' }
  const days = [7, 30, 90].find((each) => now - last < each * DAY)
  if (days !== undefined) return { from: `-${days}d`, interval: 'day' }
  return { from: '', interval: intervalOf(last - first) }
}

/** An interval that cuts a time into a few dozen. */
export function intervalOf(milliseconds) {
  if (milliseconds <= 3 * HOUR) return 'minute'
  if (milliseconds <= 3 * DAY) return 'hour'
  if (milliseconds <= 92 * DAY) return 'day'
  return milliseconds <= 2 * 365 * DAY ? 'week' : 'month'
}

/** The milliseconds of a time such as -7d; null for anything else. */
export function back(text) {
  const found = /^-(\d{1,6})([mhdw])$/.exec(text)
  return found === null ? null : Number(found[1]) * { m: 60_000, h: HOUR, d: DAY, w: 7 * DAY }[found[2]]
}
