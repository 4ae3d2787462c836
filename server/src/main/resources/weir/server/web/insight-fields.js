// The fields of a question. Each writes what was entered into the question; the form hears of it.

import { el } from './dom.js'

let made = 0

/** A control with its label. */
export function field(label, control, properties = {}) {
  control.id = `field-${++made}`
  return el('div', { ...properties, class: `field ${properties.class ?? ''}` }, el('label', { for: control.id }, label), control)
}

/** Choices: [[value, label]]. */
export function choose(question, name, choices) {
  const control = el(
    'select',
    {
      onchange: () => (question[name] = typeof question[name] === 'number' ? Number(control.value) : control.value),
    },
    choices.map(([value, label]) => el('option', { value }, label)),
  )
  control.value = question[name]
  return control
}

/** One of the events that exist, or the one of the question. */
export function chooseEvent(question, name, events, any) {
  const names = events.map((event) => event.name)
  const chosen = question[name]
  const absent = chosen !== '' && !names.includes(chosen) ? [[chosen, `${chosen} (not seen)`]] : []
  return choose(question, name, [...(any === undefined ? [] : [['', any]]), ...absent, ...names.map((each) => [each, each])])
}

export function text(question, name, suggestions = [], properties = {}) {
  const list = suggestions.length === 0 ? null : el('datalist', { id: `suggestions-${++made}` }, suggestions.map((each) => el('option', { value: each })))
  const control = el('input', {
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    autocapitalize: 'off',
    list: list?.id,
    ...properties,
    onchange: () => (question[name] = control.value.trim()),
  })
  control.value = question[name]
  if (list !== null) control.append(list)
  return control
}

export function number(question, name, least, most) {
  const control = el('input', { type: 'number', min: least, max: most, step: 1, onchange: () => (question[name] = Number(control.value)) })
  control.value = question[name]
  return control
}

export function check(question, name, label) {
  const control = el('input', { type: 'checkbox', onchange: () => (question[name] = control.checked) })
  control.checked = question[name]
  return el('label', { class: 'check' }, control, label)
}

/** What stands between commas. */
export const list = (entered) =>
  entered
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

const RANGES = [
  ['-1h', 'Last hour'],
  ['-24h', 'Last 24 hours'],
  ['-7d', 'Last 7 days'],
  ['-30d', 'Last 30 days'],
  ['-90d', 'Last 90 days'],
  ['-365d', 'Last 365 days'],
  ['', 'All time'],
  ['other', 'From … to …'],
]

/** From and to: one of the usual times up to now, or both entered. */
export function range(question, onrange = () => {}) {
  const usual = question.to === '' && RANGES.some(([value]) => value === question.from)
  const shown = { range: usual ? question.from : 'other' }
  const choice = choose(shown, 'range', RANGES)
  const hint = { placeholder: '-14d or 2026-01-31' }
  const own = [field('From', text(question, 'from', [], hint), { hidden: usual }), field('To', text(question, 'to', [], { placeholder: 'now' }), { hidden: usual })]
  choice.addEventListener('change', () => {
    own.forEach((each) => (each.hidden = choice.value !== 'other'))
    if (choice.value !== 'other') {
      Object.assign(question, { from: choice.value, to: '' })
      own.forEach((each, i) => (each.querySelector('input').value = [question.from, ''][i]))
    }
    onrange()
  })
  return [field('Time', choice), ...own]
}

/**
 * Rows that can be added, removed and, if they have an order, moved.
 *
 * @param row makes the controls of items[i]
 * @param changed is told when a row came, went or moved
 */
export function rows({ title, noun, items, row, fresh, least = 0, most = 25, moves = false, changed }) {
  const list = el('ol', { class: 'rows' })
  const add = el('button', { type: 'button', class: 'chip', onclick: () => put() }, `Add ${noun}`)
  const put = () => {
    items.push(fresh())
    draw()
    list.lastElementChild.querySelector('select, input').focus()
    changed()
  }
  const move = (from, to) => {
    items.splice(to, 0, items.splice(from, 1)[0])
    draw()
    const buttons = [...list.children[to].querySelectorAll('button.move')]
    const same = buttons[to < from ? 0 : 1]
    ;(same.disabled ? buttons[to < from ? 1 : 0] : same).focus()
    changed()
  }
  const remove = (i) => {
    items.splice(i, 1)
    draw()
    ;(list.children[Math.min(i, items.length - 1)]?.querySelector('select, input') ?? add).focus()
    changed()
  }
  const button = (sign, name, onclick, disabled, kind) => el('button', { type: 'button', class: `icon ${kind}`, 'aria-label': name, title: name, onclick, disabled }, sign)
  const draw = () => {
    list.replaceChildren(
      ...items.map((_, i) =>
        el(
          'li',
          { class: 'row' },
          moves ? el('span', { class: 'place', 'aria-hidden': 'true' }, String(i + 1)) : null,
          row(items, i),
          moves ? button('↑', `Move ${noun} ${i + 1} up`, () => move(i, i - 1), i === 0, 'move') : null,
          moves ? button('↓', `Move ${noun} ${i + 1} down`, () => move(i, i + 1), i === items.length - 1, 'move') : null,
          items.length > least ? button('×', `Remove ${noun} ${i + 1}`, () => remove(i), false, 'remove') : null,
        ),
      ),
    )
    add.hidden = items.length >= most
  }
  draw()
  return el('fieldset', { class: 'rows-box' }, el('legend', {}, title), list, add)
}

const OPS = [
  ['=', 'is'],
  ['!=', 'is not'],
  ['<', '<'],
  ['<=', '≤'],
  ['>', '>'],
  ['>=', '≥'],
  ['in', 'is one of'],
  ['not_in', 'is none of'],
  ['contains', 'contains'],
  ['not_contains', 'does not contain'],
  ['starts_with', 'starts with'],
  ['matches', 'matches'],
  ['is_null', 'is not there'],
  ['is_not_null', 'is there'],
]

/** Conditions on properties, all of which must hold. */
export function filters(question, properties, changed) {
  return rows({
    title: 'Only events where',
    noun: 'filter',
    items: question.filters,
    fresh: () => ({ property: '', op: '=', value: '' }),
    changed: () => changed(),
    row: (items, i) => {
      const value = text(items[i], 'value', [], { 'aria-label': `Value of filter ${i + 1}`, placeholder: 'value' })
      const op = choose(items[i], 'op', OPS)
      op.setAttribute('aria-label', `Comparison of filter ${i + 1}`)
      const show = () => {
        value.hidden = op.value.endsWith('_null')
        value.placeholder = op.value.endsWith('in') && !op.value.endsWith('contains') ? 'a, b, c' : 'value'
      }
      op.addEventListener('change', show)
      show()
      return el('span', { class: 'filter' }, text(items[i], 'property', properties, { 'aria-label': `Property of filter ${i + 1}`, placeholder: 'property' }), op, value)
    },
  })
}

/** Filters as the API takes them; those without a property are not complete yet. */
export function filtersAsked(list) {
  return list
    .filter((each) => each.property !== '')
    .map(({ property, op, value }) => {
      if (op.endsWith('_null')) return { property, op }
      if (op === 'in' || op === 'not_in') return { property, op, value: value.split(',').map((each) => each.trim()) }
      const ordered = op.startsWith('<') || op.startsWith('>')
      return { property, op, value: ordered && value !== '' && Number.isFinite(Number(value)) ? Number(value) : value }
    })
}
