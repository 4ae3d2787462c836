// Small charts as SVG: lines over time, bars by category, and bars by minute.

import { el, roving, short } from './dom.js'

const SVG = 'http://www.w3.org/2000/svg'
export const HEIGHT = 260
export const LEFT = 52
export const BOTTOM = 26
export const TOP = 12
export const RIGHT = 14
const MOST_PRESSED = 200

/** An element of SVG. */
export function node(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** Makes a part of a drawing one that can be clicked, or focused and pressed. */
export function pressable(part, name, onpress) {
  part.setAttribute('role', 'button')
  part.setAttribute('tabindex', '0')
  part.setAttribute('aria-label', name)
  part.classList.add('pressable')
  part.addEventListener('click', onpress)
  part.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    onpress()
  })
  return part
}

export const label = (text, x, y, anchor = 'middle') => node('text', { x, y, 'text-anchor': anchor, class: 'axis' }, text)

/** Round numbers from 0 or the least to the largest, about five of them. */
export function ticks(least, largest) {
  const reach = largest - least || Math.abs(largest) || 1
  const power = 10 ** Math.floor(Math.log10(reach / 4))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => reach / size <= 5)
  const first = Math.floor(least / step) * step
  const list = []
  for (let i = 0; first + (i - 1) * step < largest && i < 12; i++) list.push(Number((first + i * step).toPrecision(12)))
  return list
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS = [SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 91 * DAY, 365 * DAY]

function timeTicks(from, to, width) {
  const most = Math.max(2, Math.floor(width / 130))
  const step = STEPS.find((size) => (to - from) / size <= most) ?? (to - from) / most
  const list = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) list.push(at)
  const text = (at) => {
    const iso = new Date(at).toISOString()
    if (step >= DAY) return iso.slice(0, 10)
    return step >= MINUTE ? iso.slice(to - from > DAY ? 5 : 11, 16).replace('T', ' ') : iso.slice(11, 19)
  }
  return list.map((at) => ({ at, text: text(at) }))
}

export function frame(width, description) {
  return node('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, role: 'img', 'aria-label': description, class: 'chart' })
}

export function grid(svg, width, values, y) {
  for (const value of values) {
    svg.append(node('line', { x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value), class: 'grid' }))
    svg.append(label(short(value), LEFT - 8, y(value) + 4, 'end'))
  }
}

/**
 * Lines over time, as wide in units as in pixels. series: [{name, points: [[millis, number]]}]
 *
 * @param ticks [{at, text}] where they are not to be chosen here, in UTC
 * @param onpoint is told the series and the point that was pressed
 */
export function lines(series, description, width, { ticks: given, onpoint } = {}) {
  const all = series.flatMap((each) => each.points)
  const from = Math.min(...all.map((point) => point[0]))
  const to = Math.max(...all.map((point) => point[0]))
  const values = ticks(Math.min(0, ...all.map((point) => point[1])), Math.max(...all.map((point) => point[1])))
  const [low, high] = [values[0], values[values.length - 1]]
  const x = (at) => LEFT + ((width - LEFT - RIGHT) * (at - from)) / (to - from || 1)
  const y = (value) => TOP + ((HEIGHT - TOP - BOTTOM) * (high - value)) / (high - low || 1)
  const svg = frame(width, description)
  if (onpoint) svg.setAttribute('role', 'group')
  grid(svg, width, values, y)
  for (const tick of given ?? timeTicks(from, to, width)) svg.append(label(tick.text, Math.min(Math.max(x(tick.at), LEFT + 10), width - 40), HEIGHT - 6))
  series.forEach((each, i) => {
    const points = each.points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`)
    svg.append(node('polyline', { points: points.join(' '), class: `line series-${i}` }))
    if (points.length > (onpoint ? MOST_PRESSED : 60)) return
    each.points.forEach(([at, value, name], place) => {
      const dot = node('circle', { cx: x(at).toFixed(1), cy: y(value).toFixed(1), r: points.length > 60 ? 2 : 3, class: `dot series-${i}` })
      const said = `${each.name}, ${name ?? new Date(at).toISOString()}: ${value.toLocaleString('en')}`
      dot.append(node('title', {}, said))
      svg.append(onpoint ? pressable(dot, said, () => onpoint(i, place)) : dot)
    })
  })
  if (onpoint) roving(svg, '.pressable')
  return el('figure', { class: 'chart-box' }, svg, series.length > 1 ? legend(series) : null)
}

/** Which colour is what. */
export function legend(series) {
  return el(
    'figcaption',
    { class: 'legend' },
    series.map((each, i) => el('span', {}, el('i', { class: `swatch series-${i}` }), each.name)),
  )
}

/** Bars by category, the name beside the bar, in the order given. rows: [[name, number]] */
export function bars(rows, description) {
  const largest = Math.max(0, ...rows.map((row) => row[1]))
  const least = Math.min(0, ...rows.map((row) => row[1]))
  const reach = largest - least || 1
  return el(
    'figure',
    { class: 'chart-box bars', role: 'img', 'aria-label': description },
    rows.map(([name, value]) => {
      const svg = node('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', class: 'bar-line', 'aria-hidden': 'true' })
      const from = ((Math.min(0, value) - least) / reach) * 100
      svg.append(node('rect', { x: from, y: 0, width: Math.max(0.4, (Math.abs(value) / reach) * 100), height: 10 }))
      return el(
        'div',
        { class: 'bar-row' },
        el('span', { class: 'bar-name', title: name }, name),
        svg,
        el('span', { class: 'bar-value' }, value.toLocaleString('en', { maximumFractionDigits: 2 })),
      )
    }),
  )
}

/** One bar a minute, the newest at the right; values as many as there are minutes. */
export function minutes(values, times) {
  const height = 56
  const svg = node('svg', { viewBox: `0 0 ${values.length * 10} ${height}`, preserveAspectRatio: 'none', class: 'minutes', role: 'img' })
  const largest = Math.max(1, ...values)
  const total = values.reduce((sum, value) => sum + value, 0)
  svg.setAttribute('aria-label', `${short(total)} events in ${values.length} minutes, at most ${short(largest)} in one`)
  values.forEach((value, i) => {
    const tall = value === 0 ? 1.5 : Math.max(3, (value / largest) * (height - 2))
    const bar = node('rect', { x: i * 10 + 1, y: height - tall, width: 8, height: tall, class: value === 0 ? 'none' : 'some' })
    bar.append(node('title', {}, `${times[i]}: ${value.toLocaleString('en')}`))
    svg.append(bar)
  })
  return svg
}
