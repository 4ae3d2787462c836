import { anonymousId, type Campaign, campaignOf, newId, sessionAt, type Session } from './identity.js'
import { propertiesOf } from './features/marks.js'
import { createQueue, QUEUED } from './queue.js'
import { createStore, KEPT } from './store.js'
import type { Consent, CoreOptions, EventMap, Features, Options, Page, Properties, Tracker, Weir } from './types.js'

export type * from './types.js'

declare const VERSION: string

// a title is often set just after the address has changed
const TITLE_WAIT = 100
// other tabs may end a session, or sign in: looked at again after a second
const FRESH = 1_000
// calls that are kept until somebody sees the page; on a server nobody does
const EARLY = 99

/** JSON of an object, without those of its parts, and theirs, that cannot be said in JSON. */
const jsonOf = (value: Properties, deep = true): string => {
  try {
    return JSON.stringify(value)
  } catch {
    const parts: string[] = []
    for (const name of Object.keys(value)) {
      try {
        const part = value[name]
        const json = deep && isObject(part) ? jsonOf(part, false) : JSON.stringify(part)
        if (json) parts.push(`${JSON.stringify(name)}:${json}`)
      } catch {
        // a cycle, or a getter that throws
      }
    }
    return `{${parts}}`
  }
}

/** A name and an object, of which the name may be left out. */
const named = (name: any, object: any): [any, any] => (isObject(name) ? [undefined, name] : [name, object])

const isObject = (value: unknown): value is Properties => !!value && typeof value === 'object' && !Array.isArray(value)

/** Starts a tracker. Without a browser around it, as on a server that renders pages, it does nothing. */
export const loadWith = <E extends EventMap = Record<string, Properties | undefined>>(key: string, options: Options, features: Features): Weir<E> => {
  const warn = (...what: unknown[]) => {
    if (options.debug) console.warn('weir:', ...what)
  }
  const guard =
    <A extends unknown[]>(work: (...args: A) => void) =>
    (...args: A) => {
      try {
        work(...args)
      } catch (problem) {
        warn(problem)
      }
    }
  const api: any = { version: VERSION }
  let calls: Record<string, (...args: any[]) => void> | undefined
  /** Made before anybody sees the page. */
  const early: [string, ...unknown[]][] = []
  for (const name of ['track', 'page', 'identify', 'group', 'alias', 'reset', 'consent']) api[name] = guard((...args) => (calls ? calls[name]!(...args) : early[EARLY] || early.push([name, ...args])))
  api.flush = api.ready = async (then = () => {}) => guard(then)()
  api.push = (...calls: [string, ...unknown[]][]) => calls.forEach(guard(([method, ...args]) => api[method](...args)))
  if (typeof document === 'object') {
    if ((document as any).prerendering) document.addEventListener('prerenderingchange', guard(run))
    else guard(run)()
  }
  return api

  function run() {
    const store = createStore(key, options.persist ?? 'local', QUEUED, options.cookieDomain)
    const queue = createQueue(key, options, store, shared, warn)
    const leaving: ((gone?: boolean) => void)[] = []
    const beginning: (() => void)[] = []
    let consent: Consent | undefined
    let page: Page = turned(document.referrer)
    let due: ReturnType<typeof setTimeout> | undefined
    let since = 0
    /** Who it is and in which session, as the store said a moment ago. */
    let who: { session: Session; anonymousId: string; userId: string | undefined; groupId: string | undefined } | undefined
    let campaign: Campaign | undefined

    /** What is the same for all events of this device. */
    function shared(): object {
      return {
        library: { name: 'weir.js', version: VERSION },
        locale: navigator.language,
        screen: { width: screen.width, height: screen.height, innerWidth, innerHeight },
      }
    }

    function address(): string {
      return options.hash ? location.href : location.href.split('#')[0]!
    }

    function turned(referrer: string): Page {
      return { id: newId(), url: address(), path: location.pathname + (options.hash ? location.hash : ''), title: document.title, referrer, events: 0 }
    }

    function decide(state: Consent) {
      if (consent === state) return
      consent = state
      who = undefined
      if (state === 'granted') store.open()
      else if (state === 'denied') store.close()
      else store.pause()
      queue.hold(state !== 'granted')
    }

    function record(type: string, fields: Properties, time = Date.now(), of = page) {
      if (consent === 'denied') return
      if (!who || campaign || Math.abs(time - who.session.last) > FRESH) {
        who = {
          session: sessionAt(store, time, options.sessionMinutes ?? 30, campaign),
          anonymousId: anonymousId(store),
          userId: store.get('user'),
          groupId: store.get('group'),
        }
        campaign = undefined
      }
      if (page.url === address()) page.title = document.title
      const { id, url, path, title, referrer } = of
      const messageId = newId()
      try {
        fields.properties &&= { ...propertiesOf(document.documentElement), ...fields.properties }
      } catch {
        // a getter that throws
      }
      queue.add(
        messageId,
        time,
        jsonOf({
          type,
          messageId,
          anonymousId: who.anonymousId,
          userId: who.userId,
          timestamp: new Date(time).toISOString(),
          channel: 'web',
          context: {
            page: { url, path, title, referrer: referrer || undefined },
            sessionId: who.session.id,
            timezone: who.session.zone,
            groupId: who.groupId,
            campaign: who.session.campaign,
            page_id: id,
            sequence: ++of.events,
          },
          ...fields,
        }),
      )
    }

    function view(name?: string, properties?: Properties) {
      clearTimeout(due)
      const time = due ? since : Date.now()
      due = undefined
      page.viewed = true
      record('page', { name, properties: isObject(properties) ? properties : {} }, time)
    }

    const settle = () => {
      if (due) view()
    }

    const leave = (gone?: boolean) => {
      settle()
      leaving.forEach((report) => report(gone))
    }

    function turn() {
      leave()
      begin(turned(page.url))
    }

    function begin(next: Page) {
      page = next
      campaign = campaignOf(location.search)
      beginning.forEach((start) => start())
      if (options.pages === false) return
      since = Date.now()
      due = setTimeout(guard(settle), TITLE_WAIT)
    }

    /** Notices that the address has changed. */
    const look = () => {
      if (page.url !== address()) turn()
    }

    const tracker: Tracker = {
      options,
      guard,
      here: () => page,
      record: (event, properties, of) => record('track', { event, properties }, undefined, of),
      track(event, properties) {
        look()
        settle()
        if (event) record('track', { event: `${event}`, properties: isObject(properties) ? properties : {} })
      },
      onLeave: (report) => leaving.push(guard(report)),
      onPage: (start) => beginning.push(guard(start)),
      on: (type, listener) => addEventListener(type, guard(listener), { capture: true, passive: true }),
    }

    const remember = (name: string, value?: string | null) => {
      look()
      settle()
      if (value) store.set(name, `${value}`)
      else if (value === null) store.remove(name)
      who = undefined
    }

    calls = {
      track: tracker.track,
      page(name?: string, properties?: Properties) {
        look()
        if (!due && page.viewed) turn()
        view(...named(name, properties))
      },
      identify(...args: [string | null, Properties?]) {
        const [userId, traits] = named(...args)
        remember('user', userId)
        record('identify', { traits: isObject(traits) ? traits : {} })
      },
      group(groupId: string, traits?: Properties) {
        remember('group', groupId)
        record('group', { groupId: `${groupId}`, traits: isObject(traits) ? traits : {} })
      },
      alias(userId: string, previousId?: string) {
        const before = previousId ?? store.get('user') ?? anonymousId(store)
        remember('user', userId)
        record('alias', { previousId: before })
      },
      reset() {
        settle()
        KEPT.forEach(store.remove)
        who = undefined
      },
      consent(state: Consent) {
        const before = consent
        store.decision(state)
        decide(state)
        if (before === 'denied' && state !== before) begin(turned(page.referrer))
      },
    }
    api.flush = async () => {
      guard(settle)()
      await queue.send()
    }

    const refused = options.dnt !== 'ignore' && ((navigator as any).globalPrivacyControl || navigator.doNotTrack === '1')
    decide((store.decision() as Consent) ?? options.consent ?? (refused ? 'denied' : 'granted'))

    for (const name in features) if ((options as any)[name] !== false) guard(features[name]!)(tracker)
    for (const name of ['pushState', 'replaceState'] as const) {
      const original = history[name]
      history[name] = function (this: History, ...args) {
        original.apply(this, args)
        guard(look)()
      }
    }
    tracker.on('popstate', look)
    tracker.on('pageshow', (event: PageTransitionEvent) => {
      if (event.persisted) turn()
    })
    tracker.on('visibilitychange', () => {
      if (!document.hidden) return
      leave(true)
      queue.send(true)
    })
    tracker.on('pagehide', () => {
      leave(true)
      queue.leave()
    })
    begin(page)
    api.push(...early)
  }
}

/** The calls, page views, sessions, campaigns, consent and sending, and nothing else. */
export const load = <E extends EventMap = Record<string, Properties | undefined>>(key: string, options: CoreOptions & { host: string }): Weir<E> => loadWith<E>(key, options, {})
