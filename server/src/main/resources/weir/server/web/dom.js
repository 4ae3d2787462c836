// Building elements, and words for numbers and times.

/** Makes an element; a property that begins with "on" is a listener, a child may be text or null. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (name === 'class') element.className = value
    else if (value === true) element.setAttribute(name, '')
    else element.setAttribute(name, value)
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined))
  return element
}

/** The element of this id. */
export const by = (id) => document.getElementById(id)

/** Changes a text only if it differs, so that nothing is announced or painted for nothing. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text
}

export const whole = (number) => Math.round(number).toLocaleString('en')

/** Few digits: 12,345 or 12.3k or 4.5M. */
export function short(number) {
  if (Math.abs(number) < 10_000) return number.toLocaleString('en', { maximumFractionDigits: 1 })
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(number)
}

export function bytes(number) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let rest = number
  let unit = 0
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024
    unit++
  }
  return `${unit === 0 ? rest : rest.toFixed(1)} ${units[unit]}`
}

/** A span of time in its two largest units. */
export function span(milliseconds) {
  const seconds = Math.max(0, milliseconds) / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86400)} days`
}

/** The time of day here, with milliseconds. */
export function clock(time) {
  const date = new Date(time)
  const two = (number) => String(number).padStart(2, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** A button that copies a text and says so; its width stays. */
export function copyButton(text, what) {
  const label = el('span', {}, 'Copy')
  return el(
    'button',
    {
      type: 'button',
      class: 'copy',
      'aria-label': `Copy ${what}`,
      onclick: async () => {
        const done = await copy(text())
        label.textContent = done ? 'Copied' : 'Select it'
        say(by('said'), done ? `Copied ${what}` : `Could not copy ${what}: select it and copy it by hand`)
        setTimeout(() => (label.textContent = 'Copy'), 1500)
      },
    },
    label,
  )
}

/** A page that came over plain HTTP from another machine has no clipboard of its own. */
async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      // denied: try the old way
    }
  }
  const area = el('textarea', { class: 'sr', 'aria-hidden': 'true', readonly: true })
  area.value = text
  const before = document.activeElement
  ;(document.querySelector('dialog[open]') ?? document.body).append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  before?.focus()
  return done
}

/** One stop for the Tab key among many parts: arrows move between them, in a table up and down too. */
export function roving(container, selector) {
  const parts = () => [...container.querySelectorAll(selector)]
  parts().forEach((part, i) => part.setAttribute('tabindex', i === 0 ? '0' : '-1'))
  const above = (part, rows) => {
    const cell = part.closest('td, th')
    const row = cell?.closest('tr')
    const all = [...(cell?.closest('table').rows ?? [])]
    return all[all.indexOf(row) + rows]?.cells[cell.cellIndex]?.querySelector(selector)
  }
  container.addEventListener('keydown', (event) => {
    const list = parts()
    const at = list.indexOf(event.target)
    if (at < 0) return
    const tabular = event.target.closest('td, th') !== null
    const next = {
      ArrowRight: () => list[at + 1],
      ArrowLeft: () => list[at - 1],
      ArrowDown: () => (tabular ? above(event.target, 1) : list[at + 1]),
      ArrowUp: () => (tabular ? above(event.target, -1) : list[at - 1]),
      Home: () => list[0],
      End: () => list.at(-1),
    }[event.key]?.()
    if (!next) return
    event.preventDefault()
    event.target.setAttribute('tabindex', '-1')
    next.setAttribute('tabindex', '0')
    next.focus()
  })
  return container
}

/** Tabs: arrows move between them. The element has choose(i); onchoose is told which one was chosen by hand. */
export function tabs(name, entries, onchoose = () => {}) {
  const list = el('div', { class: 'tabs', role: 'tablist', 'aria-label': name })
  const panels = entries.map((entry, i) =>
    el('div', { role: 'tabpanel', id: `${entry.id}-panel`, 'aria-labelledby': `${entry.id}-tab`, hidden: i > 0 }, entry.content),
  )
  const buttons = entries.map((entry, i) =>
    el(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `${entry.id}-tab`,
        'aria-controls': `${entry.id}-panel`,
        'aria-selected': i === 0 ? 'true' : 'false',
        tabindex: i === 0 ? '0' : '-1',
        onclick: () => pick(i),
      },
      entry.label,
    ),
  )
  const choose = (chosen) => {
    buttons.forEach((button, i) => {
      button.setAttribute('aria-selected', String(i === chosen))
      button.tabIndex = i === chosen ? 0 : -1
      panels[i].hidden = i !== chosen
    })
  }
  const pick = (chosen) => {
    choose(chosen)
    onchoose(chosen)
  }
  list.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(document.activeElement)
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined || at < 0) return
    const next = (at + step + buttons.length) % buttons.length
    pick(next)
    buttons[next].focus()
    event.preventDefault()
  })
  list.append(...buttons)
  return Object.assign(el('div', {}, list, panels), { choose })
}
