// A distribution as bars, one beside the other, each as wide as its bin is.

import { BOTTOM, frame, grid, HEIGHT, label, LEFT, node, pressable, RIGHT, ticks, TOP } from './chart.js'
import { el, roving } from './dom.js'
import { exact } from './insight-words.js'

const NAMED = 70

/** Draws it, as wide in units as in pixels. bins: [{from, to, count, name}]; show is told the place of one. */
export function histogram(bins, unit, description, width, show) {
  const values = ticks(0, Math.max(...bins.map((bin) => bin.count)))
  const high = values.at(-1) || 1
  const least = bins[0].from
  const reach = bins.at(-1).to - least || 1
  const x = (value) => LEFT + ((width - LEFT - RIGHT) * (value - least)) / reach
  const y = (count) => TOP + ((HEIGHT - TOP - BOTTOM) * (high - count)) / high
  const svg = frame(width, description)
  svg.setAttribute('role', 'group')
  grid(svg, width, values, y)
  let named = -NAMED
  for (const edge of [least, ...bins.map((bin) => bin.to)]) {
    if (x(edge) - named < NAMED) continue
    named = x(edge)
    svg.append(label(exact(edge), Math.min(named, width - 30), HEIGHT - 6))
  }
  bins.forEach((bin, i) => {
    if (bin.count === 0) return
    const top = Math.min(y(bin.count), y(0) - 1.5)
    const wide = Math.max(1, x(bin.to) - x(bin.from) - 1)
    const bar = node('rect', { x: x(bin.from).toFixed(1), y: top.toFixed(1), width: wide.toFixed(1), height: (y(0) - top).toFixed(1), class: 'bin series-0' })
    const said = `${bin.name}: ${exact(bin.count)} ${unit}`
    bar.append(node('title', {}, said))
    svg.append(pressable(bar, `${said}; who`, () => show(i)))
  })
  return el('figure', { class: 'chart-box' }, roving(svg, '.pressable'))
}
