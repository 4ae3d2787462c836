// A funnel as bars, one step beneath the other, with what lies between two steps.

import { legend, node, pressable } from './chart.js'
import { el } from './dom.js'
import { exact, percent, seconds } from './insight-words.js'

/**
 * Draws it. parts break it down; show is told the step from 1, whether those who stopped before it
 * are meant, and the part.
 */
export function funnelBars({ names, steps, parts, unit, show }) {
  const first = steps[0].count
  const rows = steps.map((step, i) =>
    el(
      'li',
      { class: 'funnel-step' },
      i === 0 ? null : between(step, steps[i - 1].count - step.count),
      el(
        'div',
        { class: 'funnel-head' },
        el('span', { class: 'funnel-name' }, el('b', {}, String(i + 1)), ' ', names[i]),
        el('span', { class: 'funnel-count' }, `${exact(step.count)} ${unit}`),
        el('span', { class: 'funnel-share' }, percent(step.of_first)),
      ),
      bar(step, i, i === 0 ? first : steps[i - 1].count, first, names[i], unit, show),
      parts.length === 0 ? null : el('div', { class: 'funnel-parts' }, parts.map((part, place) => partBar(part, place, i, names[i], show))),
    ),
  )
  return el('figure', { class: 'chart-box' }, el('ol', { class: parts.length === 0 ? 'funnel' : 'funnel broken-down' }, rows), parts.length === 0 ? null : legend(parts))
}

function between(step, stopped) {
  return el(
    'p',
    { class: 'funnel-between' },
    el('b', {}, percent(step.of_previous)),
    ` went on${step.count === 0 ? '' : `, median ${seconds(step.median_seconds)}`}`,
    stopped > 0 ? ` · ${exact(stopped)} stopped` : '',
  )
}

const box = () => node('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', class: 'funnel-bar' })
const wide = (count, first) => (first === 0 ? 0 : (100 * count) / first)

function bar(step, i, before, first, name, unit, show) {
  const svg = box()
  svg.append(node('rect', { x: 0, y: 0, width: 100, height: 10, class: 'funnel-ground' }))
  if (before > step.count) {
    const rest = node('rect', { x: wide(step.count, first), y: 0, width: wide(before - step.count, first), height: 10, class: 'funnel-stopped' })
    rest.append(node('title', {}, `${exact(before - step.count)} stopped before ${name}`))
    svg.append(pressable(rest, `${exact(before - step.count)} stopped before step ${i + 1}, ${name}; who`, () => show(i + 1, true)))
  }
  if (step.count > 0) {
    const reached = node('rect', { x: 0, y: 0, width: wide(step.count, first), height: 10, class: 'funnel-reached' })
    reached.append(node('title', {}, `${exact(step.count)} reached ${name}`))
    svg.append(pressable(reached, `${exact(step.count)} ${unit} reached step ${i + 1}, ${name}; who`, () => show(i + 1, false)))
  }
  return svg
}

function partBar(part, place, i, name, show) {
  const { count } = part.steps[i]
  const svg = box()
  svg.classList.add('funnel-part')
  const share = wide(count, part.steps[0].count)
  const said = `${part.name}, ${name}: ${exact(count)}, ${percent(part.steps[i].of_first)}`
  svg.append(node('rect', { x: 0, y: 0, width: 100, height: 10, class: 'funnel-ground' }))
  if (count > 0) {
    const rect = node('rect', { x: 0, y: 0, width: share, height: 10, class: `series-${place}` })
    rect.append(node('title', {}, said))
    svg.append(pressable(rect, `${said}; who`, () => show(i + 1, false, part)))
  }
  return svg
}
