import type { Feature } from '../types.js'
import { itemOf } from './marks.js'

const MARKED = '[data-weir-item]'
const STEPS = Array.from({ length: 11 }, (_, step) => step / 10)
const RESCAN = 100
// nobody has touched anything for so long: nobody looks
const IDLE = 60_000

interface Seen {
  properties: ReturnType<typeof itemOf>
  ms: number
  share: number
  /** Among those that were told of. */
  order?: number
}

/**
 * How long each element with data-weir-item is seen: at least half of it, or of the window by it, in a page that is
 * shown to somebody. One event for each item when a page is left; what is seen after that adds to it with views 0.
 */
export const items: Feature = ({ options, guard, on, onLeave, onPage, record }) => {
  if (!window.IntersectionObserver) return
  /** Under which item they are observed: a page may make another one of an element. */
  const observed = new WeakMap<Element, string>()
  /** Elements that are seen now, which part of them, and since when they count. */
  const visible = new Map<Element, { item: Seen; share: number; from: number }>()
  /** In the order in which they were first seen. */
  let seen = new Map<string, Seen>()
  let orders = 0
  let active = performance.now()
  let shown = !document.hidden

  const see = (element: Element, share: number) => {
    const properties = itemOf(element)
    const name = JSON.stringify(properties)
    let item = seen.get(name)
    if (!item) seen.set(name, (item = { properties, ms: 0, share }))
    item.share = Math.max(item.share, share)
    visible.set(element, { item, share, from: performance.now() })
  }

  /** Adds up what was seen until now, and goes on from here. */
  const count = () => {
    const now = performance.now()
    const until = shown ? Math.min(now, active + IDLE) : 0
    visible.forEach((each) => {
      each.item.ms += Math.max(0, until - each.from)
      each.from = now
    })
  }

  const observer = new IntersectionObserver(
    guard((entries: IntersectionObserverEntry[]) => {
      count()
      for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
        const ofWindow = rootBounds ? (intersectionRect.width * intersectionRect.height) / (rootBounds.width * rootBounds.height) : 0
        if (intersectionRatio >= 0.5 || ofWindow >= 0.5) see(target, intersectionRatio)
        else visible.delete(target)
      }
    }),
    { threshold: STEPS },
  )

  let planned = false
  const scan = guard(() => {
    planned = false
    for (const element of document.querySelectorAll(MARKED)) {
      const item = element.getAttribute('data-weir-item')!
      const before = observed.get(element)
      if (before === item) continue
      observed.set(element, item)
      if (before) {
        count()
        visible.delete(element)
        observer.unobserve(element)
      }
      observer.observe(element)
    }
  })
  new MutationObserver(() => {
    if (planned) return
    planned = true
    setTimeout(scan, RESCAN)
  }).observe(document, { subtree: true, childList: true, attributeFilter: ['data-weir-item'] })
  setTimeout(scan) // the page has its turn before: to observe many elements takes long

  for (const type of ['scroll', 'pointermove', 'pointerdown', 'keydown']) {
    on(type, () => {
      const now = performance.now()
      if (now - active > IDLE) count()
      active = now
    })
  }
  on('visibilitychange', () => {
    count()
    shown = !document.hidden
    active = performance.now()
  })
  onPage(() => {
    seen = new Map()
    orders = 0
    active = performance.now()
    for (const [element, { share }] of visible) see(element, share)
  })
  onLeave(() => {
    count()
    for (const item of seen.values()) {
      const seconds = Math.round(item.ms) / 1_000
      if (seconds < (options.itemSeconds ?? 0.1)) continue
      const views = item.order ? 0 : 1
      item.order ??= ++orders
      record('item_viewed', { ...item.properties, views, seconds, share: Math.round(item.share * 100) / 100, order: item.order })
      item.ms = 0
    }
  })
}
