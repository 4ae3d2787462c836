// Funnel: how many took one step after another.

import { el } from './dom.js'
import { funnelBars } from './funnel-chart.js'
import { choose, chooseEvent, field, filters, list, range, rows, text } from './insight-fields.js'
import { eventName, exact, numbersTable, percent, pressed, seconds } from './insight-words.js'

const STEPS = 4
const DRAWN = 6

export const funnel = {
  id: 'funnel',
  label: 'Funnel',
  about: 'How many took one step after another, and where the others stopped.',

  usual: (catalog) => ({
    steps: [...catalog.events]
      .sort((a, b) => b.persons - a.persons || b.count - a.count)
      .slice(0, STEPS)
      .map((event) => ({ event: event.name })),
    window: '7d',
    order: 'in_order',
    count: 'persons',
    match: '',
    breakdown: '',
    from: catalog.from,
    to: '',
    filters: [],
  }),

  fields(question, catalog, changed) {
    return [
      rows({
        title: 'Steps',
        noun: 'step',
        items: question.steps,
        fresh: () => ({ event: catalog.events.find((event) => !question.steps.some((step) => step.event === event.name))?.name ?? '' }),
        least: 1,
        moves: true,
        changed,
        row: (items, i) => {
          const control = chooseEvent(items[i], 'event', catalog.events, 'any event')
          control.setAttribute('aria-label', `Event of step ${i + 1}`)
          return control
        },
      }),
      el(
        'div',
        { class: 'fields' },
        field('Within', text(question, 'window', ['30m', '1h', '1d', '7d', '30d'])),
        field(
          'Order',
          choose(question, 'order', [
            ['in_order', 'in this order'],
            ['strict', 'nothing in between'],
            ['any', 'any order'],
          ]),
        ),
        field(
          'Count',
          choose(question, 'count', [
            ['persons', 'persons'],
            ['sessions', 'sessions'],
          ]),
        ),
        range(question),
        field('The same in all steps', text(question, 'match', catalog.properties, { placeholder: 'property, …' })),
        field('Broken down by', text(question, 'breakdown', catalog.properties, { placeholder: 'property' })),
      ),
      filters(question, catalog.properties, changed),
    ]
  },

  body: ({ steps, match, window, order, count, breakdown }) => ({
    steps: steps.map((step) => (step.event === '' ? {} : step)),
    match: list(match),
    window,
    order,
    count,
    breakdown,
  }),

  empty: ({ steps }) => steps[0].count === 0,

  draw({ answer, question, persons }) {
    const names = question.steps.map((step) => eventName(step.event))
    const unit = question.count
    const parts = answer.breakdown.map((part) => ({ ...part, name: part.breakdown === null ? '(none)' : String(part.breakdown) }))
    const show = (step, dropped, part) =>
      persons(`${dropped ? 'Stopped before' : 'Reached'} step ${step}, ${names[step - 1]}${part ? `, ${part.name}` : ''}`, {
        step,
        ...(dropped ? { dropped } : {}),
        ...(part ? { breakdown: part.breakdown } : {}),
      })
    const lines = (steps, part) =>
      steps.map((step, i) => [
        ...(parts.length > 0 ? [part?.name ?? 'all'] : []),
        `${i + 1}  ${names[i]}`,
        step.count === 0 ? 0 : pressed(exact(step.count), `${part ? `${part.name}, ` : ''}step ${i + 1}, ${names[i]}: ${exact(step.count)}; who`, () => show(i + 1, false, part)),
        percent(step.of_previous),
        percent(step.of_first),
        i === 0 ? '' : seconds(step.median_seconds),
        i === 0 ? '' : seconds(step.mean_seconds),
      ])
    const columns = ['Of the step before', 'Of the first', 'Median time', 'Mean time'].map((name) => ({ name, number: true }))
    return [
      funnelBars({ names, steps: answer.steps, parts: parts.slice(0, DRAWN), unit, show }),
      parts.length > DRAWN ? el('p', { class: 'hint' }, `The ${DRAWN} largest of ${parts.length} are drawn.`) : null,
      numbersTable('Steps', [...(parts.length > 0 ? [{ name: question.breakdown }] : []), { name: 'Step' }, { name: unit, number: true }, ...columns], [
        ...lines(answer.steps),
        ...parts.flatMap((part) => lines(part.steps, part)),
      ]),
    ]
  },
}
