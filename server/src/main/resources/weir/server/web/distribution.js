// Distribution: how many have how much of something.

import { histogram } from './distribution-chart.js'
import { el } from './dom.js'
import { choose, chooseEvent, field, filters, list, number, range, text } from './insight-fields.js'
import { exact, numbersTable, percent, pressed } from './insight-words.js'

const PARTS = 6
const UNITS = { event: 'events', person: 'persons', session: 'sessions' }

export const distribution = {
  id: 'distribution',
  label: 'Distribution',
  about: 'How many have how much of something: how many events each person has, or how their numbers spread.',

  usual: (catalog) => ({
    event: catalog.events[0]?.name ?? '',
    of: '',
    per: 'person',
    aggregate: 'max',
    bins: 20,
    edges: '',
    breakdown: '',
    from: catalog.from,
    to: '',
    filters: [],
  }),

  fields: (question, catalog, changed) => [
    el(
      'div',
      { class: 'fields' },
      field('Event', chooseEvent(question, 'event', catalog.events, 'any event')),
      field('Number', text(question, 'of', catalog.properties, { placeholder: 'how many events' })),
      field('Of each', choose(question, 'per', Object.keys(UNITS).map((each) => [each, each]))),
      field(
        'Taken is',
        choose(question, 'aggregate', [
          ['max', 'the greatest'],
          ['sum', 'the sum'],
          ['last', 'the last'],
          ['count', 'how many there are'],
        ]),
      ),
      field('Bins', number(question, 'bins', 1, 500)),
      field('or edges', text(question, 'edges', [], { placeholder: '0, 25, 50, 100' })),
      range(question),
      field('Broken down by', text(question, 'breakdown', catalog.properties, { placeholder: 'property' })),
    ),
    filters(question, catalog.properties, changed),
  ],

  body: ({ event, of, per, aggregate, bins, edges, breakdown }) => ({
    ...(event === '' ? {} : { events: [event] }),
    ...(of === '' ? {} : { of }),
    per,
    ...(of === '' || per === 'event' ? {} : { aggregate }),
    ...(edges === '' ? { bins } : { edges: list(edges).map((each) => (Number.isFinite(Number(each)) ? Number(each) : each)) }),
    breakdown,
  }),

  empty: ({ count, missing }) => count + missing === 0,

  draw({ answer, question, width, persons }) {
    const unit = UNITS[question.per]
    const bins = answer.bins.map((bin, i) => ({ ...bin, name: `${exact(bin.from)} – ${exact(bin.to)}`, bin: i + 1 }))
    const beside = [
      ['below', bins.length > 0 ? `below ${exact(bins[0].from)}` : 'below'],
      ['above', bins.length > 0 ? `above ${exact(bins.at(-1).to)}` : 'above'],
      ['missing', 'without a number'],
    ]
      .map(([bin, name]) => ({ bin, name, count: answer[bin] }))
      .filter((row) => row.count > 0)
    const parts = answer.breakdown.slice(0, PARTS)
    // bins of their own could move when events come
    const edges = bins.length > 0 ? { bins: undefined, edges: [bins[0].from, ...bins.map((bin) => bin.to)] } : {}
    const show = (row, part) => persons(`${row.name}${part ? `, ${partName(part)}` : ''}`, { bin: row.bin, ...(part ? { breakdown: part.breakdown } : {}) }, edges)
    const count = (row, part) => (typeof row.bin === 'number' ? part.bins[row.bin - 1].count : part[row.bin])
    const cell = (row, counted, part) =>
      counted === 0 ? 0 : pressed(exact(counted), `${row.name}${part ? `, ${partName(part)}` : ''}: ${exact(counted)}; who`, () => show(row, part))
    const total = answer.count + answer.missing
    return [
      bins.length > 0 ? histogram(bins, unit, `${unit} by ${question.of || 'number of events'}`, width, (i) => show(bins[i])) : null,
      quantiles(answer),
      answer.breakdown.length > PARTS ? el('p', { class: 'hint' }, `The ${PARTS} largest of ${answer.breakdown.length} parts are shown.`) : null,
      numbersTable(
        'Bins',
        [{ name: 'From – to' }, { name: unit, number: true }, { name: 'Of all', number: true }, ...parts.map((part) => ({ name: partName(part), number: true }))],
        [...bins, ...beside].map((row) => [row.name, cell(row, row.count), percent(row.count / total), ...parts.map((part) => cell(row, count(row, part), part))]),
      ),
    ]
  },
}

const partName = (part) => (part.breakdown === null ? '(none)' : String(part.breakdown))

function quantiles({ quantiles: shares, min, max }) {
  const figure = (name, value, note) => el('div', { class: 'total' }, el('dt', {}, name), el('dd', {}, exact(value)), el('dd', { class: 'hint' }, note))
  return el(
    'dl',
    { class: 'totals' },
    figure('Median', shares['0.5'], 'half of them have less'),
    figure('Middle half', shares['0.25'], `up to ${exact(shares['0.75'])}`),
    figure('90 %', shares['0.9'], 'have less'),
    figure('99 %', shares['0.99'], 'have less'),
    figure('Least', min, 'of all'),
    figure('Greatest', max, 'of all'),
  )
}
