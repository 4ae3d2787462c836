import type { Store } from './store.js'
import type { CoreOptions } from './types.js'

/** What waits to be sent, shared by all tabs that share the store. */
export interface Queue {
  /** @param id the event's own, so that two tabs never write the same entry */
  add(id: string, time: number, json: string): void
  /** Sends all that waits, unless the collector has asked to wait. */
  send(alone?: boolean): Promise<void>
  /** The page goes: hands over what waits, and forgets it. */
  leave(): void
  /** Whether events are kept back. */
  hold(on: boolean): void
}

export const QUEUED = 'q:'

// browsers let 64 KiB outlive a page
const BATCH_BYTES = 60_000
const BATCH_EVENTS = 100
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 300_000
const TIMEOUT = 30_000
// of an entry's name: a count and a part of its id
const SUFFIX = 14
// Another tab's events are its own to send until they are so old: a tab learns a little later what others removed.
const ORPHANED = 2_000

const utf8 = new TextEncoder()

interface Batch {
  names: string[]
  body: string
  bytes: number
}

/** @param shared what is the same for all events of a device */
export const createQueue = (
  key: string,
  options: CoreOptions,
  store: Store,
  shared: () => object,
  warn: (...what: unknown[]) => void,
): Queue => {
  const url = options.host!.replace(/\/+$/, '') + (options.path ?? '/v1/batch')
  const limit = options.maxQueue ?? 1_000
  const mine = new Set<string>()
  const flying = new Set<string>()
  let waiting = 0
  let sending: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let planned = 0
  let young = false
  let failures = 0
  let count = 0
  // by a clock that nobody sets
  let notBefore = 0
  let asked = false
  let held = false

  const next = (): Batch | undefined => {
    const names: string[] = []
    const events: string[] = []
    let bytes = 0
    const queued = store.names(QUEUED)
    waiting = queued.length
    young = false
    for (const name of queued) {
      if (!mine.has(name) && Math.abs(Date.now() - parseInt(name.slice(QUEUED.length, -SUFFIX), 36)) < ORPHANED) {
        young = true
        continue
      }
      if (flying.has(name)) continue
      const json = store.get(name)!
      try {
        JSON.parse(json)
      } catch {
        store.remove(name) // somebody has written into it, and would spoil the batch
        continue
      }
      const size = utf8.encode(json).length + 1
      if (names.length && (bytes + size > BATCH_BYTES || names.length === BATCH_EVENTS)) break
      names.push(name)
      events.push(json)
      bytes += size
    }
    return names.length
      ? { names, bytes, body: `{"batch":[${events}],${JSON.stringify({ context: shared(), writeKey: key, sentAt: new Date().toISOString() }).slice(1)}` }
      : undefined
  }

  const done = ({ names }: Batch) =>
    names.forEach((name) => {
      store.remove(name)
      mine.delete(name)
    })

  /** Whether to go on. */
  const post = async (batch: Batch): Promise<boolean> => {
    batch.names.forEach((name) => flying.add(name))
    let status = 0
    let wait = 0
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body: batch.body,
        credentials: 'omit',
        keepalive: batch.bytes <= BATCH_BYTES,
        signal: AbortSignal.timeout?.(TIMEOUT)!,
      })
      status = answer.status
      const after = answer.headers.get('retry-after')
      if (after) wait = +after * 1_000 || Date.parse(after) - Date.now() || 0
    } catch {
      // offline, or too slow
    }
    batch.names.forEach((name) => flying.delete(name))
    if (status && status !== 408 && status !== 429 && status < 500) {
      if (status >= 400) warn(`refused: ${status}`)
      done(batch)
      failures = notBefore = 0
      return true
    }
    asked = wait > 0
    const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++)
    wait = Math.max(wait, most * (0.5 + Math.random() / 2))
    notBefore = performance.now() + wait
    warn(`${status}: again in ${wait} ms`)
    plan(wait)
    return false
  }

  const all = async () => {
    const early = notBefore - performance.now()
    if (early > 0) plan(early)
    else {
      for (let batch; !held && (batch = next()) && (await post(batch)); );
      if (young) plan(ORPHANED)
    }
  }

  /** One tab at a time, so that none sends what another is sending. */
  const exclusive = async () => {
    let begun
    try {
      if (store.lasting()) {
        await navigator.locks.request(`weir:${key}`, () => {
          begun = true
          return all()
        })
      }
    } catch {
      // an old browser, a page by http, a sandbox without locks
    }
    if (!begun) await all()
  }

  /** Sends so much later, unless that happens earlier anyway. */
  const plan = (wait: number) => {
    const at = performance.now() + wait
    if (timer && planned <= at) return
    planned = at
    clearTimeout(timer)
    timer = setTimeout(() => {
      timer = undefined
      queue.send()
    }, Math.min(wait, LONGEST_WAIT)) // a timer of a month or more would ring at once
  }

  const queue: Queue = {
    add(id, time, json) {
      if (waiting >= limit) {
        const queued = store.names(QUEUED)
        queued.slice(0, Math.max(0, queued.length - limit + 1)).forEach(store.remove)
        waiting = Math.min(queued.length, limit - 1)
      }
      waiting++
      const name = QUEUED + time.toString(36) + (1e5 + (count++ % 9e5)) + id.slice(0, 8)
      mine.add(name)
      store.later(name, json)
      plan(options.delay ?? 100)
    },
    send: (alone) =>
      (sending ??= (alone ? all() : exclusive()).catch(warn).finally(() => {
        sending = undefined
      })),
    leave() {
      // a beacon's answer is never seen: what can wait for the next page does, where this one would fail
      if (held || (store.lasting() && (performance.now() < notBefore || navigator.onLine === false))) return
      for (let batch; (batch = next()); ) {
        if (navigator.sendBeacon(url, batch.body)) done(batch)
        else batch.names.forEach((name) => flying.add(name)) // too large, and in nobody's way
      }
      flying.clear()
    },
    hold(on) {
      held = on
      if (!on && store.names(QUEUED).length) plan(0)
    },
  }
  addEventListener('online', () => {
    if (!asked) notBefore = failures = 0
    if (!held) queue.send()
  })
  return queue
}
