// Sessions: how many there were, and how long they took.

import { el } from './dom.js'
import { field, filters, range, text } from './insight-fields.js'
import { exact, numbersTable, percent, pressed, seconds } from './insight-words.js'

export const sessions = {
  id: 'sessions',
  label: 'Sessions',
  about: 'How many visits there were, and how long they took.',

  usual: (catalog) => ({ timeout: '30m', from: catalog.from, to: '', filters: [] }),

  fields: (question, catalog, changed) => [
    el('div', { class: 'fields' }, field('A session ends after', text(question, 'timeout', ['10m', '30m', '1h', '4h'])), range(question)),
    filters(question, catalog.properties, changed),
  ],

  body: ({ timeout }) => ({ timeout }),

  empty: (answer) => answer.sessions === 0,

  draw({ answer, persons }) {
    const show = () => persons('Persons with sessions', {})
    const figure = (name, value, note) => el('div', { class: 'total' }, el('dt', {}, name), el('dd', {}, value), el('dd', { class: 'hint' }, note))
    return [
      el(
        'dl',
        { class: 'totals' },
        figure('Sessions', exact(answer.sessions), answer.persons === 0 ? '' : `${exact(answer.sessions / answer.persons)} a person`),
        figure('Persons', el('button', { type: 'button', class: 'behind', 'aria-label': `${exact(answer.persons)} persons; who`, onclick: show }, exact(answer.persons)), 'different ones'),
        figure('Median length', seconds(answer.median_seconds), 'half of them are shorter'),
        figure('Mean length', seconds(answer.mean_seconds), 'from first to last event'),
        figure('Longest', seconds(answer.max_seconds), 'from first to last event'),
        figure('Bounce rate', percent(answer.bounce_rate), 'with one event only'),
      ),
      numbersTable(
        'Sessions',
        [{ name: 'Figure' }, { name: 'Value', number: true }],
        [
          ['sessions', answer.sessions],
          ['persons', pressed(exact(answer.persons), `${exact(answer.persons)} persons; who`, show)],
          ['mean length in seconds', answer.mean_seconds],
          ['median length in seconds', answer.median_seconds],
          ['longest in seconds', answer.max_seconds],
          ['bounce rate', exact(answer.bounce_rate)],
        ],
      ),
    ]
  },
}
