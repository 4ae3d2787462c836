// Retention as a grid: a row for each cohort, the deeper the colour the larger the share.

import { el, roving } from './dom.js'
import { exact, percent } from './insight-words.js'

const DEPTHS = 7
const MOST_COHORTS = 120

/** By the square root, since shares are small after the first period and should still differ. */
const depth = (share) => (share === 0 ? 0 : Math.min(DEPTHS, 1 + Math.floor(Math.sqrt(share) * DEPTHS)))

/** Draws it; show is told the cohort and how many periods later. */
export function retentionGrid(cohorts, period, most, show) {
  const places = Array.from({ length: most }, (_, i) => i)
  const drawn = cohorts.slice(-MOST_COHORTS)
  const head = el('tr', {}, el('th', { scope: 'col' }, 'Cohort'), el('th', { scope: 'col', class: 'number' }, 'Persons'), places.map((i) => el('th', { scope: 'col' }, `${period} ${i}`)))
  const table = el(
    'table',
    { class: 'retention' },
    el('caption', { class: 'sr' }, 'Share of each cohort that came back'),
    el('thead', {}, head),
    el('tbody', {}, mean(cohorts, places), drawn.map((cohort) => row(cohort, places, period, show))),
  )
  return el(
    'figure',
    { class: 'chart-box' },
    el('div', { class: 'chart-scroll', role: 'region', 'aria-label': 'Retention grid', tabindex: '0' }, roving(table, 'button')),
    cohorts.length > drawn.length ? el('figcaption', { class: 'hint' }, `The newest ${MOST_COHORTS} of ${cohorts.length} cohorts are drawn.`) : null,
  )
}

/** All cohorts that are old enough, each as heavy as it is large. */
function mean(cohorts, places) {
  const shares = places.map((i) => {
    const old = cohorts.filter((cohort) => cohort.returned.length > i)
    const size = old.reduce((sum, cohort) => sum + cohort.size, 0)
    return size === 0 ? null : old.reduce((sum, cohort) => sum + cohort.returned[i], 0) / size
  })
  return el(
    'tr',
    { class: 'mean' },
    el('th', { scope: 'row' }, 'Mean'),
    el('td', {}),
    shares.map((share) => el('td', {}, share === null ? '' : el('span', { class: `share depth-${depth(share)}` }, percent(share)))),
  )
}

function row(cohort, places, period, show) {
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, cohort.name),
    el('td', { class: 'number' }, exact(cohort.size)),
    places.map((i) => {
      const count = cohort.returned[i]
      if (count === undefined || cohort.size === 0) return el('td', {})
      const share = count / cohort.size
      const said = `Cohort ${cohort.name}, ${period} ${i}: ${exact(count)} of ${exact(cohort.size)}`
      if (count === 0) return el('td', {}, el('span', { class: 'share depth-0', title: said }, percent(0)))
      return el('td', {}, el('button', { type: 'button', class: `share depth-${depth(share)}`, title: said, 'aria-label': `${said}, ${percent(share)}; who`, onclick: () => show(cohort, i) }, percent(share)))
    }),
  )
}
