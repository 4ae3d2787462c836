// One insight: its form, and below it the answer, or what to do where there is none.

import { advice, insight } from './api.js'
import { by, clock, copyButton, el, say, whole } from './dom.js'
import { catalog } from './insight-catalog.js'
import { filtersAsked } from './insight-fields.js'
import { showPersons } from './persons.js'

const AGAIN = 3000

/**
 * Makes the panel of a kind of question.
 *
 * @param onquestion is told the question when a visitor changed it
 */
export function makeInsight(kind, onquestion) {
  const form = el('form', { class: 'question', 'aria-label': kind.label, novalidate: true })
  const status = el('p', { class: 'hint stats', role: 'status' })
  const result = el('div', { class: 'answer' })
  const panel = el('div', { class: 'insight', id: `insight-${kind.id}` }, el('p', { class: 'hint about' }, kind.about), form, status, result)
  let question = null
  let asked = null
  let last = null
  let retry = 0

  const body = () => ({
    ...kind.body(question),
    from: question.from,
    to: question.to,
    filters: filtersAsked(question.filters),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  })

  const changed = () => {
    onquestion(question)
    ask()
  }

  /** Shows the form with a question, or with the usual one, and asks it. */
  async function open(given) {
    clearTimeout(retry)
    if (question === null) say(status, 'Looking for events…')
    try {
      const known = await catalog()
      if (known.events.length === 0) {
        say(status, '')
        result.replaceChildren(el('p', { class: 'empty' }, 'There are no events yet. Send one, as is shown below; this comes by itself when SQL sees it.'))
        retry = setTimeout(function look() {
          if (document.hidden) retry = setTimeout(look, AGAIN)
          else if (panel.checkVisibility()) open(given)
        }, AGAIN)
        return
      }
      question = merge(kind.usual(known), given ?? question ?? {})
      form.replaceChildren(...kind.fields(question, known, changed), el('div', { class: 'actions' }, el('button', { type: 'submit', class: 'primary' }, 'Show'), el('span', { class: 'hint' }, `times in ${body().timezone}`)))
      await ask()
    } catch (cause) {
      showError(cause)
    }
  }

  async function ask() {
    asked?.abort()
    const mine = new AbortController()
    asked = mine
    panel.setAttribute('aria-busy', 'true')
    say(status, 'Asking…')
    const sent = body()
    try {
      const answer = await insight(kind.id, sent, mine.signal)
      if (asked !== mine) return
      last = { answer, question: structuredClone(question), sent }
      draw()
    } catch (cause) {
      if (asked !== mine) return
      last = null
      showError(cause)
    }
    panel.removeAttribute('aria-busy')
  }

  function draw() {
    const { answer, sent } = last
    const { stats } = answer
    say(status, [`${whole(stats.elapsed_ms)} ms`, stats.fresh_to ? `events up to ${clock(stats.fresh_to)}` : null].filter((word) => word !== null).join(' · '))
    const persons = (title, which, instead = {}) =>
      showPersons(title, async () => {
        const behind = await insight(kind.id, { ...sent, ...instead, persons: which })
        return { persons: behind.person_ids ?? behind.persons, total: behind.persons_total }
      })
    const shown = kind.empty(answer)
      ? [el('p', { class: 'empty' }, 'Nothing fits. Take a longer time, other events or fewer filters.')]
      : kind.draw({ ...last, width: result.clientWidth, persons }).filter((part) => part !== null)
    const notes = (answer.notes ?? []).map((note) => el('p', { class: 'notice warn' }, note.message))
    result.replaceChildren(...notes, ...shown, statement(answer.sql))
  }

  function showError(cause) {
    say(status, '')
    panel.removeAttribute('aria-busy')
    const wrong = cause.status === 400 || cause.status === 403
    result.replaceChildren(
      el('div', { class: 'notice bad', role: 'alert' }, el('p', {}, wrong ? cause.message : advice(cause)), el('p', {}, wrong ? 'Change the question above.' : 'Press Show to ask again.')),
    )
  }

  form.addEventListener('change', changed)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    changed()
  })
  let width = 0
  new ResizeObserver(() => {
    if (result.clientWidth === width || result.clientWidth === 0) return
    width = result.clientWidth
    if (last !== null && !panel.hasAttribute('aria-busy')) draw()
  }).observe(result)
  return { kind, panel, open, question: () => question }
}

function statement(sql) {
  const openInEditor = () => {
    by('statement').value = sql
    by('statement').dispatchEvent(new Event('input'))
    by('sql').scrollIntoView()
    by('statement').focus()
  }
  return el(
    'details',
    { class: 'ran' },
    el('summary', {}, 'The SQL that was run'),
    el('pre', { tabindex: '0', role: 'region', 'aria-label': 'The SQL that was run' }, el('code', {}, sql)),
    el('div', { class: 'actions' }, copyButton(() => sql, 'the SQL that was run'), el('button', { type: 'button', onclick: openInEditor }, 'Open it under SQL')),
  )
}

/** What was given, as far as it has the usual one's shape: a link may be old or mistyped. */
function merge(usual, given) {
  const fits = (value, like) => typeof value === typeof like && Array.isArray(value) === Array.isArray(like) && value !== null
  const merged = structuredClone(usual)
  for (const name of Object.keys(usual)) if (fits(given[name], usual[name])) merged[name] = structuredClone(given[name])
  for (const list of Object.values(merged).filter(Array.isArray)) {
    list.splice(0, list.length, ...list.filter((each) => typeof each === 'object' && each !== null))
  }
  merged.filters = merged.filters.map(({ property = '', op = '=', value = '' }) => ({ property: String(property), op: String(op), value: String(value) }))
  return merged
}
