// The figures at the top: rate, freshness, ledger, roles.

import { minutes } from './chart.js'
import { by, clock, el, say, short, span, whole } from './dom.js'
import { nameOf } from './events.js'

const MINUTES = 30
const parts = {}

function card(id, title, ...content) {
  return el('div', { class: 'card figure', id: `figure-${id}` }, el('h3', {}, title), ...content)
}

/** Makes the cards, empty. */
export function prepareFigures() {
  parts.rate = el('p', { class: 'big' }, '–')
  parts.chart = el('div', { class: 'minutes-box' })
  parts.chartNote = el('p', { class: 'hint' }, `accepted a minute, last ${MINUTES} minutes`)
  parts.fresh = el('p', { class: 'big' }, '–')
  parts.newest = el('p', { class: 'hint two-lines' }, 'no event yet')
  parts.sqlFresh = el('p', { class: 'hint two-lines' }, '')
  parts.balance = el('p', { class: 'big' }, '–')
  parts.counts = el('dl', { class: 'counts' })
  parts.roles = el('ul', { class: 'roles' })
  parts.problems = el('ul', { class: 'problems' })
  by('figures').replaceChildren(
    card('rate', 'Events a second', parts.rate, parts.chart, parts.chartNote),
    card('fresh', 'Newest event', parts.fresh, parts.newest, parts.sqlFresh),
    card('ledger', 'Ledger, last hour', parts.balance, parts.counts),
    card('roles', 'Processes', parts.roles, parts.problems),
  )
  showLedger({ rows: [], balanced: true }, Date.now())
  showRoles([
    { role: 'collect', up: true },
    { role: 'engine', up: true },
    { role: 'query', up: true },
  ])
}

/** Arrivals a second over the last minute, by when they came and not by when they were counted. */
function rateNow(rows, now) {
  const current = Math.floor(now / 60_000)
  const elapsed = (now % 60_000) / 60_000
  let count = 0
  for (const row of rows) {
    const back = current - Math.floor(Date.parse(row.minute) / 60_000)
    if (back === 0) count += row.accepted
    else if (back === 1) count += row.accepted * (1 - elapsed)
  }
  return count / 60
}

const total = (rows, name) => rows.reduce((sum, row) => sum + row[name], 0)
const left = (rows) => rows.reduce((sum, row) => sum + Object.values(row.dropped).reduce((a, b) => a + b, 0), 0)

/** Shows the ledger's last hour. */
export function showLedger(ledger, now) {
  const rows = ledger.rows
  const current = Math.floor(now / 60_000)
  const values = new Array(MINUTES).fill(0)
  const times = values.map((_, i) => clock((current - MINUTES + 1 + i) * 60_000).slice(0, 5))
  for (const row of rows) {
    const place = MINUTES - 1 - (current - Math.floor(Date.parse(row.minute) / 60_000))
    if (place >= 0 && place < MINUTES) values[place] += row.accepted
  }
  const accepted = total(rows, 'accepted')
  const rate = rateNow(rows, now)
  say(parts.rate, rate > 0 && rate < 10 ? rate.toFixed(rate < 0.1 ? 2 : 1) : short(Math.round(rate)))
  parts.chart.replaceChildren(minutes(values, times))
  say(parts.balance, rows.length === 0 ? 'Nothing yet' : ledger.balanced ? 'Balanced' : 'Not balanced')
  parts.balance.className = `big ${rows.length > 0 ? (ledger.balanced ? 'good' : 'bad') : ''}`
  const counts = [
    ['accepted', accepted],
    ['derived', total(rows, 'derived')],
    ['loaded', total(rows, 'loaded')],
    ['quarantined', total(rows, 'quarantined')],
    ['duplicate', total(rows, 'duplicate')],
    ['dropped', left(rows)],
    ['in flight', total(rows, 'in_flight')],
  ].filter(([name, value]) => value > 0 || !['derived', 'dropped'].includes(name))
  parts.counts.replaceChildren(
    ...counts.map(([name, value]) => el('div', { class: name === 'quarantined' && value > 0 ? 'warn' : '' }, el('dt', {}, name), el('dd', {}, whole(value)))),
  )
}

let newest = null

/** Shows how long ago the newest event came; called with null only to count on. */
export function showNewest(event, now) {
  newest = event ?? newest
  if (newest === null) return
  say(parts.fresh, `${span(now - Date.parse(newest.received_at))} ago`)
  say(parts.newest, nameOf(newest))
}

/** Shows how far SQL sees. */
export function showFreshness(freshTo) {
  if (newest === null || freshTo === null) return
  const behind = Date.parse(newest.received_at) - Date.parse(freshTo)
  say(parts.sqlFresh, behind <= 0 ? 'SQL sees it' : `SQL is ${span(behind)} behind`)
}

const NAMES = { collect: 'Collector', engine: 'Engine', query: 'Questions' }
const ORDER = Object.keys(NAMES)
const STATEMENTS = 'statements-'

/** What a process is called: each project in use has one for its SQL. */
function roleName(role) {
  return role.startsWith(STATEMENTS) ? `SQL of ${role.slice(STATEMENTS.length)}` : (NAMES[role] ?? role)
}

function place(role) {
  const known = ORDER.indexOf(role)
  return known < 0 ? ORDER.length : known
}

function showRoles(roles) {
  parts.roles.replaceChildren(
    ...[...roles]
      .sort((a, b) => place(a.role) - place(b.role))
      .map((role) =>
      el(
        'li',
        {},
        el('span', { class: `dot ${role.up === null ? 'unknown' : role.up ? 'up' : 'down'}`, 'aria-hidden': 'true' }),
        el('span', {}, roleName(role.role)),
        el('span', { class: 'hint' }, role.up === null ? 'not known' : role.up ? (role.restarts > 0 ? `up, restarted ${role.restarts}×` : 'up') : 'down, restarting'),
      ),
    ),
  )
}

/** Shows roles and problems, and the pill at the top. */
export function showStatus(status) {
  showRoles(status.roles)
  parts.problems.replaceChildren(...status.problems.map((problem) => el('li', {}, problem)))
  showHealth(status.ok ? 'good' : 'bad', status.ok ? 'All well' : status.problems.length === 1 ? '1 problem' : `${status.problems.length} problems`)
}

/** Shows that nothing is known of the processes now. */
export function showNoAnswer() {
  showRoles(ORDER.map((role) => ({ role, up: null })))
  showHealth('bad', 'No answer')
}

export function showHealth(state, text) {
  by('health').className = `pill ${state}`
  say(by('health'), text)
}
