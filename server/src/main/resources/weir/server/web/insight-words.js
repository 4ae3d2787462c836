// Words for an insight's numbers, and the table beneath its chart.

import { el, roving, span } from './dom.js'

const MOST_ROWS = 500

export const exact = (number) => (number === null ? '–' : number.toLocaleString('en', { maximumFractionDigits: 2 }))

export const percent = (share) => `${(share * 100).toLocaleString('en', { maximumFractionDigits: 1 })} %`

export const seconds = (number) => (number === null ? '–' : number === 0 ? '0 s' : span(number * 1000))

/** An event of the question: no name stands for any. */
export const eventName = (name) => name || 'any event'

const two = (number) => String(number).padStart(2, '0')

/** When a bucket begins, in this browser's time. */
export function bucketName(at, interval) {
  const date = new Date(at)
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  if (interval === 'month') return day.slice(0, 7)
  return interval === 'day' || interval === 'week' ? day : `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** A number that can be pressed. */
export const pressed = (text, name, onpress) => ({ text, name, onpress })

/**
 * A table. A cell is a text or a number, or pressed().
 *
 * @param columns [{name, number, short}], short where nothing is to be broken into lines
 */
export function numbersTable(caption, columns, rows) {
  const kind = (i) => (columns[i].number ? 'number' : columns[i].short ? 'time' : '')
  const cell = (value, i) => {
    if (value === null || typeof value !== 'object') return el('td', { class: kind(i) }, typeof value === 'number' ? exact(value) : (value ?? '–'))
    return el('td', { class: kind(i) }, el('button', { type: 'button', class: 'behind', 'aria-label': value.name, onclick: value.onpress }, value.text))
  }
  const table = el(
    'table',
    { class: 'result numbers' },
    el('caption', { class: 'sr' }, caption),
    el('thead', {}, el('tr', {}, columns.map((column, i) => el('th', { scope: 'col', class: kind(i) }, column.name)))),
    el('tbody', {}, rows.slice(0, MOST_ROWS).map((row) => el('tr', {}, row.map(cell)))),
  )
  const box = el('div', { class: 'table-box', role: 'region', 'aria-label': caption, tabindex: '0' }, roving(table, 'button.behind'))
  return el('div', {}, box, rows.length > MOST_ROWS ? el('p', { class: 'hint' }, `The first ${MOST_ROWS} of ${exact(rows.length)} rows.`) : null)
}
