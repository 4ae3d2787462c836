// A query's result: a chart chosen by its shape, and its table.

import { bars, lines } from './chart.js'
import { el } from './dom.js'

const LONG = 120
const ROWS = 1000
const SERIES = 6
const BARS = 40

const isTime = (type) => /^(TIMESTAMP|DATE)/.test(type)
const isNumber = (type) => /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL)[^[]*$/.test(type)
const isCategory = (type) => /^(VARCHAR|BOOLEAN|ENUM|UUID)/.test(type)

/**
 * Chooses a chart: time and numbers make lines, time, category and number a line for each category,
 * a category and a number bars. Null where none fits.
 */
export function chartOf(result, width) {
  const drawn = (series, description) => {
    const some = series.filter((each) => each.points.length > 0)
    return some.some((each) => each.points.length > 1) ? lines(some, description, width) : null
  }
  const { columns, rows } = result
  if (rows.length < 2) return null
  const times = columns.findIndex((column) => isTime(column.type))
  const numbers = columns.map((column, i) => (isNumber(column.type) ? i : -1)).filter((i) => i >= 0)
  const categories = columns.map((column, i) => (isCategory(column.type) ? i : -1)).filter((i) => i >= 0)
  if (numbers.length === 0) return null
  if (times === 0 && columns.length === 1 + numbers.length) return drawn(...timeLines(result, times, numbers))
  if (times >= 0 && categories.length === 1 && columns.length === 3) return drawn(...categoryLines(result, times, categories[0], numbers[0]))
  if (categories[0] === 0 && times < 0 && categories.length === 1 && rows.length <= BARS) return categoryBars(result, numbers[0])
  return null
}

const number = (value) => (value === null ? null : Number(value))

function timeLines({ columns, rows }, time, numbers) {
  const series = numbers.slice(0, SERIES).map((i) => ({ name: columns[i].name, points: points(rows, time, i) }))
  return [series, `${series.map((each) => each.name).join(', ')} over ${columns[time].name}`]
}

function points(rows, time, value) {
  return rows
    .filter((row) => row[time] !== null && Number.isFinite(number(row[value])) && row[value] !== null)
    .map((row) => [Date.parse(row[time]), Number(row[value])])
    .filter((point) => Number.isFinite(point[0]))
    .sort((a, b) => a[0] - b[0])
}

function categoryLines({ columns, rows }, time, category, value) {
  const groups = new Map()
  for (const row of rows) {
    const name = row[category] === null ? '(null)' : String(row[category])
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  const sum = (list) => list.reduce((total, row) => total + Math.abs(number(row[value]) ?? 0), 0)
  const series = [...groups]
    .sort((a, b) => sum(b[1]) - sum(a[1]))
    .slice(0, SERIES)
    .map(([name, list]) => ({ name, points: points(list, time, value) }))
  return [series, `${columns[value].name} over ${columns[time].name}, by ${columns[category].name}`]
}

function categoryBars({ columns, rows }, value) {
  const list = rows.filter((row) => row[value] !== null && Number.isFinite(Number(row[value]))).map((row) => [row[0] === null ? '(null)' : String(row[0]), Number(row[value])])
  return list.length < 2 ? null : bars(list, `${columns[value].name} by ${columns[0].name}`)
}

/** The table; only so many rows are drawn. */
export function tableOf(result) {
  const { columns, rows } = result
  if (columns.length === 0) return el('p', { class: 'empty' }, 'No columns.')
  const numeric = columns.map((column) => isNumber(column.type))
  const table = el(
    'table',
    { class: 'result' },
    el(
      'thead',
      {},
      el('tr', {}, columns.map((column, i) => el('th', { scope: 'col', class: numeric[i] ? 'number' : '' }, column.name, el('span', { class: 'type' }, column.type.toLowerCase())))),
    ),
    el('tbody', {}, rows.slice(0, ROWS).map((row) => el('tr', {}, row.map((value, i) => cell(value, columns[i].type, numeric[i]))))),
  )
  return el(
    'div',
    {},
    el('div', { class: 'table-box', role: 'region', 'aria-label': 'Result table', tabindex: '0' }, table),
    rows.length === 0 ? el('p', { class: 'empty' }, 'No rows. If events were sent just now, run it again in a second.') : null,
    rows.length > ROWS ? el('p', { class: 'hint' }, `The first ${ROWS} rows are shown; the downloads hold all of them.`) : null,
  )
}

function cell(value, type, numeric) {
  if (value === null) return el('td', { class: numeric ? 'number' : '' }, el('span', { class: 'null' }, 'null'))
  const text = isTime(type) && typeof value === 'string' ? value.replace('T', ' ').replace(/(\.0+)?Z$/, '') : typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (text === '') return el('td', {}, el('span', { class: 'null' }, 'empty'))
  if (text.length <= LONG) return el('td', { class: numeric ? 'number' : isTime(type) ? 'time' : '' }, text)
  return el('td', { class: 'long' }, el('details', {}, el('summary', {}, `${text.slice(0, LONG)}…`), el('div', { class: 'whole' }, text)))
}
