import type { Feature } from '../types.js'

// as web-vitals counts them: shifts less than a second apart, within five seconds, are one
const SHIFT_GAP = 1_000
const SHIFT_WINDOW = 5_000
const INTERACTIONS = 10

/** Web vitals of a page load, as one event when it is first hidden, of the page that was loaded. */
export const vitals: Feature = ({ here, onLeave, record }) => {
  if (document.hidden) return
  let fcp: number | undefined
  let lcp: number | undefined
  let cls = 0
  let shift = 0
  let first = 0
  let last = -SHIFT_GAP
  let told = false
  const slowest = new Map<number, number>()
  const ends: (() => void)[] = []
  const watch = (type: string, see: (entry: any) => void) => {
    try {
      const observer = new PerformanceObserver((list) => list.getEntries().forEach(see))
      observer.observe({ type, buffered: true, durationThreshold: 40 } as PerformanceObserverInit)
      ends.push(() => {
        observer.takeRecords().forEach(see)
        observer.disconnect()
      })
    } catch {
      // a browser that does not know it
    }
  }
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  const since = (time: number) => Math.max(0, Math.round(time - ((navigation as any)?.activationStart ?? 0)))
  watch('paint', (entry) => {
    if (entry.name === 'first-contentful-paint') fcp = since(entry.startTime)
  })
  watch('largest-contentful-paint', (entry) => {
    lcp = since(entry.startTime)
  })
  watch('layout-shift', (entry) => {
    if (entry.hadRecentInput) return
    const at = entry.startTime
    if (at - last > SHIFT_GAP || at - first > SHIFT_WINDOW) {
      shift = 0
      first = at
    }
    last = at
    shift += entry.value
    cls = Math.max(cls, shift)
  })
  watch('event', (entry) => {
    if (!entry.interactionId) return
    slowest.set(entry.interactionId, Math.max(entry.duration, slowest.get(entry.interactionId) ?? 0))
  })
  const page = here()
  onLeave((gone) => {
    if (told || !gone) return
    told = true
    ends.forEach((end) => end())
    // one in fifty interactions may be slower
    const worst = [...slowest.values()].sort((a, b) => b - a)
    const inp = worst[Math.min(INTERACTIONS - 1, worst.length - 1, ~~((performance as any).interactionCount / 50))]
    record('web_vitals', { lcp, fcp, inp, cls: Math.round(cls * 1e4) / 1e4, ttfb: navigation && since(navigation.responseStart) }, page)
  })
}
