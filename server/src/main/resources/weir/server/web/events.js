// The list of the last events, and one event's raw and clean form.

import { advice, get } from './api.js'
import { by, clock, copyButton, el, say } from './dom.js'

const SHOWN = 50
const DECISIONS = { event: null, bad: 'quarantined', duplicate: 'duplicate', dropped: 'dropped' }

const held = []
let paused = false

/** Wires the pause button. */
export function prepareEvents() {
  by('event-list').replaceChildren(el('p', { class: 'empty' }, 'Events appear here as they come, each with what was sent and what became of it. Those of long before are in the answers below.'))
  by('pause').addEventListener('click', () => {
    paused = !paused
    by('pause').setAttribute('aria-pressed', String(paused))
    say(by('pause'), paused ? 'Go on' : 'Pause')
    if (!paused) add(held.splice(0))
    showState()
  })
  by('event-dialog').addEventListener('click', (event) => {
    if (event.target === by('event-dialog')) by('event-dialog').close()
  })
}

function showState() {
  say(by('events-state'), paused ? (held.length > 0 ? `paused, ${held.length} more since` : 'paused') : 'live')
}

/** Adds events, the oldest first, at the top. */
export function addEvents(events) {
  if (paused) {
    held.push(...events)
    held.splice(0, Math.max(0, held.length - SHOWN))
  } else {
    add(events)
  }
  showState()
}

function add(events) {
  if (events.length === 0) return
  const list = by('event-list')
  if (list.firstElementChild?.tagName !== 'OL') list.replaceChildren(el('ol', { reversed: true }))
  const rows = list.firstElementChild
  const scrolled = list.scrollTop
  const before = list.scrollHeight
  rows.prepend(...events.slice(-SHOWN).reverse().map(row))
  while (rows.children.length > SHOWN) rows.lastElementChild.remove()
  if (scrolled > 0) list.scrollTop = scrolled + Math.max(0, list.scrollHeight - before)
}

/** What an event is called, or what there is instead of a name. */
export function nameOf(event) {
  if (event.event) return event.event
  return event.decision === 'duplicate' ? `again: ${event.event_id}` : '(no name)'
}

const who = (event) => event.clean?.user_id ?? event.clean?.anonymous_id ?? event.clean?.group_id ?? ''

function badge(event) {
  const name = DECISIONS[event.decision]
  return name === null ? null : el('span', { class: `badge ${event.decision}` }, name)
}

/** Of a view the page, who looked and what brought them; of all events their properties. */
function gist(event) {
  if (event.decision !== 'event') return event.message ?? event.reason ?? ''
  const properties = Object.entries(event.clean)
    .filter(([name]) => name.startsWith('p_'))
    .map(([name, value]) => `${name.slice(2)}: ${value}`)
  return [...view(event.clean), ...properties].join('  ').slice(0, 300)
}

function view({ kind, page_host: host, page_path: path, country, browser, channel, utm_campaign: campaign }) {
  if (kind !== 'page_view') return []
  return [`${host ?? ''}${path ?? ''}`, country, browser, channel, campaign].filter((each) => each)
}

function row(event) {
  return el(
    'li',
    {},
    el(
      'button',
      { type: 'button', class: 'event-row', onclick: () => open(event) },
      el('time', { datetime: event.received_at }, clock(event.received_at)),
      el('span', { class: 'event-name' }, nameOf(event), ' ', badge(event)),
      el('span', { class: 'event-who' }, who(event)),
      el('span', { class: 'event-gist' }, gist(event)),
    ),
  )
}

async function open(event) {
  const dialog = by('event-dialog')
  const raw = el('div', {}, el('p', { class: 'hint' }, 'Reading the raw log…'))
  dialog.replaceChildren(
    el(
      'div',
      { class: 'dialog-head' },
      el('h2', { id: 'event-title' }, nameOf(event), ' ', badge(event)),
      el('span', { class: 'hint' }, event.received_at),
      el('span', { class: 'spring' }),
      el('button', { type: 'button', class: 'close', autofocus: true, onclick: () => dialog.close() }, 'Close'),
    ),
    el(
      'div',
      { class: 'forms' },
      el('section', { id: 'raw-form', 'aria-labelledby': 'raw-title' }, el('h3', { id: 'raw-title' }, 'As the client sent it'), raw),
      el('section', { id: 'clean-form', 'aria-labelledby': 'clean-title' }, el('h3', { id: 'clean-title' }, 'What Weir made of it'), clean(event)),
    ),
  )
  dialog.showModal()
  dialog.scrollTop = 0
  try {
    raw.replaceChildren(...rawForm(await get(`api/v1/events/raw?position=${encodeURIComponent(event.raw_position)}`)))
  } catch (cause) {
    const text = cause.status === 410 ? 'The raw log has given it back: what was sent is kept only until the event is safe in the lake. What Weir made of it stays.' : advice(cause)
    raw.replaceChildren(el('p', { class: 'notice' }, text))
  }
}

function rawForm(sent) {
  const place = sent.events > 1 ? `event ${sent.index + 1} of ${sent.events} in ` : ''
  const agent = sent.headers['user-agent']
  return [
    el('p', { class: 'hint' }, `${place}POST ${sent.path} from ${sent.address}, ${sent.body_bytes.toLocaleString('en')} bytes, source ${sent.source}`),
    agent ? el('p', { class: 'hint' }, `user agent ${agent}`) : null,
    el(
      'div',
      { class: 'code' },
      el('pre', { tabindex: '0', role: 'region', 'aria-label': 'The event as it was sent' }, el('code', {}, pretty(sent.event))),
      copyButton(() => sent.event, 'what was sent'),
    ),
    sent.truncated ? el('p', { class: 'hint' }, 'Only its beginning is shown.') : null,
  ].filter((each) => each !== null)
}

/** Indented, numbers and order as they were sent: only the white space between tokens changes. */
export function pretty(text) {
  let out = ''
  let depth = 0
  let string = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (string) {
      out += c
      if (c === '\\') out += text[++i] ?? ''
      else if (c === '"') string = false
    } else if (c === '"') {
      string = true
      out += c
    } else if (c === '{' || c === '[') {
      const empty = /^\s*[}\]]/.exec(text.slice(i + 1, i + 200))
      if (empty) {
        out += c + (c === '{' ? '}' : ']')
        i += empty[0].length
      } else {
        out += `${c}\n${'  '.repeat(++depth)}`
      }
    } else if (c === '}' || c === ']') {
      depth = Math.max(0, depth - 1)
      out += `\n${'  '.repeat(depth)}${c}`
    } else if (c === ',') {
      out += `,\n${'  '.repeat(depth)}`
    } else if (c === ':') {
      out += ': '
    } else if (!/\s/.test(c)) {
      out += c
    }
  }
  return out
}

function clean(event) {
  switch (event.decision) {
    case 'bad':
      return el(
        'div',
        {},
        el('p', { class: 'notice warn' }, event.message),
        columns({ stage: event.stage, reason: event.reason, event: event.event, event_id: event.event_id, _raw_position: event.raw_position }),
        el('p', { class: 'hint' }, 'It is a row of bad_events, not of events.'),
      )
    case 'duplicate':
      return el('div', {}, el('p', {}, 'An event of this id has come before; this one is counted in the ledger and not stored again.'), columns({ event_id: event.event_id, _raw_position: event.raw_position }))
    case 'dropped':
      return el('div', {}, el('p', {}, 'Left out by policy, and counted in the ledger.'), columns({ reason: event.reason, event_id: event.event_id, _raw_position: event.raw_position }))
    default:
      return columns(event.clean)
  }
}

function columns(values) {
  return el(
    'table',
    { class: 'columns' },
    el('thead', { class: 'sr' }, el('tr', {}, el('th', { scope: 'col' }, 'Column'), el('th', { scope: 'col' }, 'Value'))),
    el(
      'tbody',
      {},
      Object.entries(values)
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, String(value)))),
    ),
  )
}
