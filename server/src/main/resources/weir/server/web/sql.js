// The SQL box.

import { advice, cancelQuery, query } from './api.js'
import { by, bytes, clock, el, say, whole } from './dom.js'
import { examples } from './examples.js'
import { chartOf, tableOf } from './result.js'

const LIMIT = 10_000
const MOST_LINES = 18
let running = null
let lastSql = ''
let wrongLine = 0

/** Wires the box. */
export function prepareSql() {
  by('examples').replaceChildren(
    ...examples.map((example) =>
      el('button', { type: 'button', class: 'chip', onclick: () => choose(example.sql) }, example.name),
    ),
  )
  const statement = by('statement')
  statement.value = examples[0].sql
  statement.addEventListener('input', () => {
    wrongLine = 0
    showGutter()
  })
  statement.addEventListener('scroll', () => (by('gutter').scrollTop = statement.scrollTop))
  statement.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      run()
    }
  })
  by('run').addEventListener('click', run)
  by('cancel').addEventListener('click', () => running && cancelQuery(running).catch(() => {}))
  by('as-csv').addEventListener('click', () => download('csv'))
  by('as-parquet').addEventListener('click', () => download('parquet'))
  showGutter()
}

function choose(sql) {
  by('statement').value = sql
  wrongLine = 0
  showGutter()
  run()
}

function showGutter() {
  const statement = by('statement')
  const count = statement.value.split('\n').length
  statement.rows = Math.min(MOST_LINES, Math.max(6, count))
  by('gutter').replaceChildren(
    ...Array.from({ length: count }, (_, i) => el('span', { class: i + 1 === wrongLine ? 'wrong' : '' }, String(i + 1))),
  )
  by('gutter').scrollTop = statement.scrollTop
}

/** crypto.randomUUID is missing on pages that came over plain HTTP from another machine. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function busy(id) {
  running = id
  by('run').disabled = id !== null
  by('cancel').disabled = id === null
}

async function run() {
  if (running !== null) return
  const sql = by('statement').value.trimEnd()
  if (sql.trim() === '') {
    say(by('sql-stats'), 'Write a statement first, or choose an example.')
    return
  }
  const id = newId()
  busy(id)
  wrongLine = 0
  showGutter()
  by('sql-error').replaceChildren()
  say(by('sql-stats'), 'Running…')
  by('sql').setAttribute('aria-busy', 'true')
  try {
    const result = await query({ sql, id, limit: LIMIT })
    lastSql = sql
    showResult(result)
  } catch (cause) {
    showError(cause, sql)
  }
  by('sql').removeAttribute('aria-busy')
  busy(null)
}

function showResult(result) {
  const { stats } = result
  const words = [
    `${whole(result.rows.length)} ${result.rows.length === 1 ? 'row' : 'rows'}${result.truncated ? ' (there are more: the downloads hold all)' : ''}`,
    `${whole(stats.elapsed_ms)} ms`,
    `${bytes(stats.bytes_scanned)} in ${stats.files} ${stats.files === 1 ? 'file' : 'files'}`,
    stats.cost ? `costs ${stats.cost}` : null,
    stats.fresh_to ? `events up to ${clock(stats.fresh_to)}` : null,
  ]
  say(by('sql-stats'), words.filter((word) => word !== null).join(' · '))
  const chart = chartOf(result, by('sql').clientWidth - 42)
  by('sql-chart').replaceChildren(...(chart ? [chart] : []))
  by('sql-result').replaceChildren(tableOf(result))
  by('as-csv').disabled = false
  by('as-parquet').disabled = false
}

function showError(cause, sql) {
  say(by('sql-stats'), '')
  by('sql-chart').replaceChildren()
  by('sql-result').replaceChildren()
  by('as-csv').disabled = true
  by('as-parquet').disabled = true
  const placed = Number.isInteger(cause.line)
  if (placed) {
    wrongLine = cause.line
    showGutter()
  }
  const where = placed ? `Line ${cause.line}, column ${cause.column}: ` : ''
  const text = cause.status === 400 || cause.status === 403 ? cause.message : advice(cause)
  by('sql-error').replaceChildren(
    el('div', { class: 'notice bad' }, el('p', {}, el('strong', {}, where), text), placed ? excerpt(sql, cause.line, cause.column) : null),
  )
}

/** The wrong line with its place marked. */
function excerpt(sql, line, column) {
  const text = sql.split('\n')[line - 1] ?? ''
  const at = Math.max(0, Math.min(column - 1, text.length))
  const end = at + (/^[\p{L}\p{N}_]+|^./u.exec(text.slice(at))?.[0].length ?? 0)
  return el('pre', { class: 'excerpt' }, el('code', {}, text.slice(0, at), el('mark', {}, text.slice(at, end) || ' '), text.slice(end)))
}

async function download(format) {
  if (running !== null) return
  const id = newId()
  busy(id)
  try {
    const blob = await query({ sql: lastSql, id, format })
    const url = URL.createObjectURL(blob)
    const link = el('a', { href: url, download: `weir-result.${format}`, class: 'sr' }, 'result')
    document.body.append(link)
    link.click()
    link.remove()
    setTimeout(() => URL.revokeObjectURL(url), 30_000)
    say(by('said'), `Downloaded weir-result.${format}, ${bytes(blob.size)}`)
  } catch (cause) {
    showError(cause, lastSql)
  }
  busy(null)
}
