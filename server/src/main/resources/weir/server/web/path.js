// Path: which event followed which.

import { el } from './dom.js'
import { check, choose, chooseEvent, field, filters, number, range } from './insight-fields.js'
import { exact, numbersTable, pressed } from './insight-words.js'
import { sankey } from './sankey.js'

export const path = {
  id: 'path',
  label: 'Path',
  about: 'What came after what, step by step.',

  usual: (catalog) => ({ start: '', end: '', steps: 5, by: 'session', collapse_repeats: true, top: 10, from: catalog.from, to: '', filters: [] }),

  fields: (question, catalog, changed) => [
    el(
      'div',
      { class: 'fields' },
      field('Beginning with', chooseEvent(question, 'start', catalog.events, 'any event')),
      field('Ending with', chooseEvent(question, 'end', catalog.events, 'any event')),
      field('Steps', number(question, 'steps', 2, 50)),
      field('Links of a step', number(question, 'top', 1, 1000)),
      field(
        'A path is',
        choose(question, 'by', [
          ['session', 'a session'],
          ['person', 'all of a person'],
        ]),
      ),
      range(question),
      check(question, 'collapse_repeats', 'Take repeats of an event as one'),
    ),
    filters(question, catalog.properties, changed),
  ],

  body: ({ start, end, steps, by, collapse_repeats, top }) => ({ start, end, steps, by, collapse_repeats, top }),

  empty: ({ links }) => links.length === 0,

  draw({ answer, width, persons }) {
    const show = (link) => persons(`From ${link.from} to ${link.to}, step ${link.step}`, { step: link.step, from: link.from, to: link.to })
    return [
      sankey(answer.links, width, show),
      el('p', { class: 'hint' }, 'Beside an event: the paths of the links that are drawn. The others ended there, or are rarer.'),
      numbersTable(
        'Links',
        [{ name: 'Step', short: true }, { name: 'From' }, { name: 'To' }, { name: 'Paths', number: true }],
        answer.links.map((link) => [String(link.step), link.from, link.to, pressed(exact(link.count), `step ${link.step}, ${link.from} to ${link.to}: ${exact(link.count)}; who`, () => show(link))]),
      ),
    ]
  },
}
