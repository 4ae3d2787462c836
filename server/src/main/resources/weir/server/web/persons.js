// The persons behind a number.

import { advice } from './api.js'
import { by, copyButton, el } from './dom.js'
import { exact } from './insight-words.js'

/** Opens the list; ask answers {persons, total}. */
export async function showPersons(title, ask) {
  const dialog = by('persons-dialog')
  const body = el('div', { class: 'persons', 'aria-live': 'polite' }, el('p', { class: 'hint' }, 'Looking…'))
  dialog.replaceChildren(
    el(
      'div',
      { class: 'dialog-head' },
      el('h2', { id: 'persons-title' }, title),
      el('span', { class: 'spring' }),
      el('button', { type: 'button', class: 'close', autofocus: true, onclick: () => dialog.close() }, 'Close'),
    ),
    body,
  )
  dialog.onclick = (event) => event.target === dialog && dialog.close()
  dialog.showModal()
  dialog.scrollTop = 0
  try {
    const { persons, total } = await ask()
    body.replaceChildren(...list(persons, total))
  } catch (cause) {
    body.replaceChildren(el('p', { class: 'notice bad' }, advice(cause)))
  }
}

function list(persons, total) {
  if (persons.length === 0) return [el('p', {}, 'Nobody who is known by an id.')]
  const said = `${exact(total)} ${total === 1 ? 'person' : 'persons'}`
  return [
    el('div', { class: 'heading' }, el('p', {}, total > persons.length ? `${said}, of whom the first ${exact(persons.length)} are listed` : said), el('span', { class: 'spring' }), copyButton(() => persons.join('\n'), 'the persons')),
    el('ol', { class: 'person-list' }, persons.map((person) => el('li', {}, el('code', {}, person)))),
  ]
}
