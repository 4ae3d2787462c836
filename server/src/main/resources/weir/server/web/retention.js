// Retention: how many came back, period by period.

import { el } from './dom.js'
import { choose, chooseEvent, field, filters, number, range } from './insight-fields.js'
import { bucketName, exact, numbersTable, percent, pressed } from './insight-words.js'
import { retentionGrid } from './retention-grid.js'

const PERIODS = { minute: ['hour', 12], hour: ['hour', 12], day: ['day', 8], week: ['week', 9], month: ['month', 12] }

export const retention = {
  id: 'retention',
  label: 'Retention',
  about: 'How many of those who did one thing came back later.',

  usual: (catalog) => ({
    start: catalog.events[0]?.name ?? '',
    return: '',
    period: PERIODS[catalog.interval][0],
    periods: PERIODS[catalog.interval][1],
    mode: 'recurring',
    from: catalog.from,
    to: '',
    filters: [],
  }),

  fields: (question, catalog, changed) => [
    el(
      'div',
      { class: 'fields' },
      field('Persons who did', chooseEvent(question, 'start', catalog.events, 'any event')),
      field('and came back for', chooseEvent(question, 'return', catalog.events, 'any event')),
      field(
        'Counted',
        choose(question, 'mode', [
          ['recurring', 'from each time'],
          ['first_time', 'from the first time'],
          ['rolling', 'as back then or later'],
        ]),
      ),
      field('By', choose(question, 'period', ['hour', 'day', 'week', 'month'].map((each) => [each, each]))),
      field('Periods', number(question, 'periods', 1, 1000)),
      range(question),
    ),
    filters(question, catalog.properties, changed),
  ],

  body: ({ start, return: back, period, periods, mode }) => ({
    ...(start === '' ? {} : { start: { event: start } }),
    ...(back === '' ? {} : { return: { event: back } }),
    period,
    periods,
    mode,
  }),

  empty: ({ cohorts }) => cohorts.length === 0,

  draw({ answer, question, persons }) {
    const { period } = question
    const cohorts = answer.cohorts.map((cohort) => ({ ...cohort, name: cohort.start.length === 10 ? cohort.start : bucketName(cohort.start, period) }))
    const show = (cohort, later) => persons(`Cohort ${cohort.name}, back in ${period} ${later}`, { cohort: cohort.start, period: later })
    const most = Math.max(...cohorts.map((cohort) => cohort.returned.length))
    const later = Array.from({ length: most }, (_, i) => ({ name: `${period} ${i}`, number: true }))
    return [
      retentionGrid(cohorts, period, most, show),
      numbersTable('Persons who came back', [{ name: 'Cohort', short: true }, { name: 'Persons', number: true }, ...later], cohorts.map((cohort) => [
        cohort.name,
        cohort.size,
        ...Array.from({ length: most }, (_, i) => cell(cohort, i, period, show)),
      ])),
    ]
  },
}

function cell(cohort, later, period, show) {
  const count = cohort.returned[later]
  if (count === undefined) return ''
  if (count === 0) return 0
  return pressed(exact(count), `Cohort ${cohort.name}, ${period} ${later}: ${exact(count)}, ${percent(count / cohort.size)}; who`, () => show(cohort, later))
}
