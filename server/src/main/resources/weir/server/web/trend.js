// Trend: how much of something happened, over time.

import { lines } from './chart.js'
import { el } from './dom.js'
import { back, intervalOf } from './insight-catalog.js'
import { choose, chooseEvent, field, filters, range, rows, text } from './insight-fields.js'
import { bucketName, eventName, exact, numbersTable, pressed } from './insight-words.js'

const SERIES = 6
const COLUMNS = 40
const MEASURES = [
  ['total', 'events'],
  ['persons', 'persons'],
  ['sessions', 'sessions'],
  ['sum', 'sum of …'],
  ['avg', 'mean of …'],
  ['min', 'least …'],
  ['max', 'largest …'],
  ['median', 'median of …'],
  ['p95', '95th percentile of …'],
  ['distinct', 'different values of …'],
]
const ofProperty = (measure) => !['total', 'persons', 'sessions'].includes(measure)

export const trend = {
  id: 'trend',
  label: 'Trend',
  about: 'How much happened, over time.',

  usual: (catalog) => ({
    events: catalog.events.slice(0, 3).map((event) => ({ name: event.name })),
    measure: 'total',
    of: '',
    interval: catalog.interval,
    breakdown: '',
    from: catalog.from,
    to: '',
    filters: [],
  }),

  fields(question, catalog, changed) {
    const of = field('of the property', text(question, 'of', catalog.properties), { hidden: !ofProperty(question.measure) })
    const measure = choose(question, 'measure', MEASURES)
    measure.addEventListener('change', () => (of.hidden = !ofProperty(measure.value)))
    const interval = choose(question, 'interval', ['minute', 'hour', 'day', 'week', 'month'].map((each) => [each, each]))
    const suit = () => {
      const reach = back(question.from)
      if (reach === null || question.to !== '') return
      question.interval = intervalOf(reach)
      interval.value = question.interval
    }
    return [
      rows({
        title: 'Events',
        noun: 'event',
        items: question.events,
        fresh: () => ({ name: catalog.events.find((event) => !question.events.some((each) => each.name === event.name))?.name ?? '' }),
        changed,
        row: (items, i) => {
          const control = chooseEvent(items[i], 'name', catalog.events)
          control.setAttribute('aria-label', `Event ${i + 1}`)
          return control
        },
      }),
      el('div', { class: 'fields' }, field('Count', measure), of, range(question, suit), field('By', interval), field('Broken down by', text(question, 'breakdown', catalog.properties, { placeholder: 'property' }))),
      filters(question, catalog.properties, changed),
    ]
  },

  body: ({ events, measure, of, interval, breakdown }) => ({
    events: events.map((event) => event.name).filter((name) => name !== ''),
    measure,
    ...(ofProperty(measure) ? { of } : {}),
    interval,
    breakdown,
  }),

  empty: ({ series }) => series.every((each) => each.points.every((point) => point.value === 0)),

  draw({ answer, question, width, persons }) {
    const { interval, breakdown } = question
    const all = answer.series.map((each) => ({ ...each, name: name(each, question) }))
    const show = (series, point) =>
      persons(`${series.name}, ${bucketName(point.at, interval)}`, {
        at: point.at,
        ...(series.event === null ? {} : { event: series.event }),
        ...(breakdown === '' ? {} : { breakdown: series.breakdown }),
      })
    const drawn = [...all].sort((a, b) => total(b) - total(a)).slice(0, SERIES)
    const shown = all.filter((each) => drawn.includes(each))
    const series = shown.map((each) => ({ name: each.name, points: each.points.map((point) => [Date.parse(point.at), point.value, bucketName(point.at, interval)]) }))
    const measure = MEASURES.find(([value]) => value === question.measure)[1].replace('…', question.of)
    const chart = lines(series, `${measure} by ${interval}`, width, {
      ticks: timeTicks(all[0].points, interval, width),
      onpoint: (i, place) => show(shown[i], shown[i].points[place]),
    })
    const columns = all.slice(0, COLUMNS)
    return [
      chart,
      all.length > SERIES ? el('p', { class: 'hint' }, `The ${SERIES} largest of ${all.length} are drawn${all.length > COLUMNS ? `; the table has ${COLUMNS}` : ''}.`) : null,
      numbersTable(
        `${measure} by ${interval}`,
        [{ name: interval, short: true }, ...columns.map((each) => ({ name: each.name, number: true }))],
        all[0].points.map((point, i) => [bucketName(point.at, interval), ...columns.map((each) => cell(each, each.points[i], interval, show))]).reverse(),
      ),
    ]
  },
}

const total = (series) => series.points.reduce((sum, point) => sum + Math.abs(point.value), 0)

function name(series, question) {
  const broken = question.breakdown === '' ? '' : series.breakdown === null ? '(none)' : String(series.breakdown)
  if (broken === '') return eventName(series.event)
  return question.events.length > 1 ? `${eventName(series.event)}, ${broken}` : broken
}

function cell(series, point, interval, show) {
  if (point.value === 0) return 0
  return pressed(exact(point.value), `${series.name}, ${bucketName(point.at, interval)}: ${exact(point.value)}; who`, () => show(series, point))
}

/** Some of the buckets, as they are named here. */
function timeTicks(points, interval, width) {
  const every = Math.ceil(points.length / Math.max(2, Math.floor(width / 130)))
  const oneDay = points.length > 0 && Date.parse(points.at(-1).at) - Date.parse(points[0].at) < 86_400_000
  return points
    .filter((_, i) => i % every === 0)
    .map((point) => {
      const text = bucketName(point.at, interval)
      return { at: Date.parse(point.at), text: text.length > 10 ? text.slice(oneDay ? 11 : 5) : text }
    })
}
