// Paths as a Sankey diagram: a column for each step, bands as wide as they are often taken.

import { node, pressable } from './chart.js'
import { el, roving } from './dom.js'
import { exact } from './insight-words.js'

const COLUMN = 150
const NODE = 10
const GAP = 22
const TOP = 26
const COLOURS = 6
const LEAST_HEIGHT = 240

/** Draws links [{step, from, to, count}]; show is told the link that was pressed. */
export function sankey(links, width, show) {
  const columns = layOut(links)
  const wide = Math.max(width, columns.length * COLUMN)
  const tall = Math.max(LEAST_HEIGHT, ...columns.map((column) => column.nodes.length * (GAP + 22)))
  const room = Math.min(...columns.map((column) => (tall - GAP * (column.nodes.length - 1)) / column.total))
  const colours = colourOf(links)
  const x = (step) => (columns.length === 1 ? 0 : ((wide - NODE) * step) / (columns.length - 1))
  const svg = node('svg', { viewBox: `0 0 ${wide} ${tall + TOP + 18}`, width: wide, height: tall + TOP + 18, role: 'group', 'aria-label': 'Paths', class: 'sankey' })
  for (const column of columns) {
    let y = TOP
    for (const each of column.nodes) {
      Object.assign(each, { y, height: Math.max(2, each.value * room), left: y, right: y })
      y += each.height + GAP
    }
  }
  const bands = node('g')
  for (const link of sorted(links, columns)) bands.append(band(link, columns, room, x, colours, show))
  svg.append(bands)
  columns.forEach((column, step) => {
    const last = step === columns.length - 1
    svg.append(text(`step ${step + 1}`, last ? x(step) + NODE : x(step), 12, last, 'axis'))
    for (const each of column.nodes) {
      const bar = node('rect', { x: x(step), y: each.y, width: NODE, height: each.height, rx: 2, class: `series-${colours.get(each.name)}` })
      bar.append(node('title', {}, `${each.name}: ${exact(each.value)}`))
      svg.append(bar)
      const name = each.name.length > 17 ? `${each.name.slice(0, 16)}…` : each.name
      svg.append(text(`${name} ${exact(each.value)}`, last ? x(step) + NODE : x(step), each.y + each.height + 13, last, 'sankey-name'))
    }
  })
  return el('figure', { class: 'chart-box' }, el('div', { class: 'chart-scroll', role: 'region', 'aria-label': 'Path diagram', tabindex: '0' }, roving(svg, '.pressable')))
}

/** The columns with their nodes, the larger above. */
function layOut(links) {
  const columns = []
  const at = (step, name) => {
    columns[step] ??= new Map()
    if (!columns[step].has(name)) columns[step].set(name, { name, in: 0, out: 0 })
    return columns[step].get(name)
  }
  for (const link of links) {
    at(link.step - 1, link.from).out += link.count
    at(link.step, link.to).in += link.count
  }
  return columns.map((column) => {
    const nodes = [...column.values()].map((each) => ({ ...each, value: Math.max(each.in, each.out) })).sort((a, b) => b.value - a.value)
    return { nodes, total: nodes.reduce((sum, each) => sum + each.value, 0) }
  })
}

const find = (columns, step, name) => columns[step].nodes.find((each) => each.name === name)

/** From above to below at both ends, so that bands cross as little as they can. */
function sorted(links, columns) {
  return [...links].sort((a, b) => a.step - b.step || find(columns, a.step - 1, a.from).y - find(columns, b.step - 1, b.from).y || find(columns, a.step, a.to).y - find(columns, b.step, b.to).y)
}

function band(link, columns, room, x, colours, show) {
  const from = find(columns, link.step - 1, link.from)
  const to = find(columns, link.step, link.to)
  const thick = Math.max(1.5, link.count * room)
  const [x0, x1] = [x(link.step - 1) + NODE, x(link.step)]
  const [y0, y1] = [from.right + thick / 2, to.left + thick / 2]
  from.right += thick
  to.left += thick
  const middle = (x0 + x1) / 2
  const part = node('path', { d: `M${x0},${y0.toFixed(1)} C${middle},${y0.toFixed(1)} ${middle},${y1.toFixed(1)} ${x1},${y1.toFixed(1)}`, 'stroke-width': thick.toFixed(1), class: `band line-${colours.get(link.from)}` })
  const said = `step ${link.step}, ${link.from} to ${link.to}: ${exact(link.count)}`
  part.append(node('title', {}, said))
  return pressable(part, `${said}; who`, () => show(link))
}

/** The most frequent events have a colour of their own each; the others share the last. */
function colourOf(links) {
  const sums = new Map()
  for (const { from, to, count } of links) for (const name of [from, to]) sums.set(name, (sums.get(name) ?? 0) + count)
  return new Map([...sums].sort((a, b) => b[1] - a[1]).map(([name], i) => [name, Math.min(i, COLOURS - 1)]))
}

function text(words, x, y, end, kind) {
  return node('text', { x, y, 'text-anchor': end ? 'end' : 'start', class: kind }, words)
}
