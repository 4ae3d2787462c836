/** What an event carries: any JSON. What JSON cannot say (functions, cycles) is left out. */
export type Properties = Record<string, unknown>

/** The events of a site and what each carries: give one to `load` and the calls are checked against it. */
export type EventMap = Record<string, object | undefined>

export type Consent = 'granted' | 'pending' | 'denied'

/** Where what must outlive a page is kept. */
export type Persistence = 'local' | 'session' | 'memory' | 'cookie'

export interface CoreOptions {
  /** The collector, such as `https://events.example.com`. A script tag takes its own origin. */
  host?: string
  /** Where the collector takes batches; `/v1/batch` unless a proxy calls it something else. */
  path?: string
  /**
   * `local`: localStorage (the default); `session`: until the tab closes; `memory`: nothing is written to the device;
   * `cookie`: the ids in a cookie, so that subdomains share them.
   */
  persist?: Persistence
  /** The domain of that cookie, such as `example.com`; without it, the page's own host. */
  cookieDomain?: string
  /** What holds until `consent` is called, or was on an earlier page. */
  consent?: Consent
  /** Whether a browser that sends Do-Not-Track or Global Privacy Control counts as `denied` until somebody says otherwise. */
  dnt?: 'respect' | 'ignore'
  /** Whether page views are sent unasked. */
  pages?: boolean
  /** Whether what stands behind `#` is part of a page's address. */
  hash?: boolean
  /** A visit ends after so many minutes without an event; 30. */
  sessionMinutes?: number
  /** For how many milliseconds events wait for others; 100. */
  delay?: number
  /** How many events wait at most for a collector that cannot be reached; 1000. The oldest go first. */
  maxQueue?: number
  /** Whether the console tells of what is dropped and why. */
  debug?: boolean
}

export interface Options extends CoreOptions {
  /** Whether every click on a button or link is an event, not only those on elements with `data-weir-event`. */
  clicks?: boolean
  /** Links to other hosts. */
  links?: boolean
  downloads?: boolean
  forms?: boolean
  scroll?: boolean
  vitals?: boolean
  errors?: boolean
  /** How long elements with `data-weir-item` are seen. */
  items?: boolean
  /** Elements that are seen for less than so many seconds send nothing; 0.1. */
  itemSeconds?: number
}

/** The calls. None of them throws. */
export interface Weir<E extends EventMap = Record<string, Properties | undefined>> {
  readonly version: string
  track<N extends keyof E & string>(event: N, ...properties: undefined extends E[N] ? [properties?: E[N]] : [properties: E[N]]): void
  /** A page view. Takes the place of the one that is about to be sent unasked. */
  page(name?: string, properties?: Properties): void
  page(properties: Properties): void
  identify(userId: string | null, traits?: Properties): void
  /** Traits of whoever it is. */
  identify(traits: Properties): void
  group(groupId: string, traits?: Properties): void
  /** Says that `previousId` (whoever it is now, unless given) is the same person as `userId`. */
  alias(userId: string, previousId?: string): void
  /** Forgets who it is: a new anonymous id, a new session. Events that wait are still sent. */
  reset(): void
  /** Resolves, and calls, once the tracker runs. */
  ready(then?: () => void): Promise<void>
  /** Sends what waits; resolves when it was tried. */
  flush(): Promise<void>
  /** `granted` sends what has waited in memory, `denied` drops it and forgets all that was kept. Remembered. */
  consent(state: Consent): void
  /** Calls made as `weir.push(['track', 'Ordered'])` before the script has come. */
  push(...calls: [method: string, ...args: unknown[]][]): void
}

/** What a page's events say of it. */
export interface Page {
  id: string
  url: string
  path: string
  title: string
  referrer: string
  /** How many events it has had. */
  events: number
  /** Whether its view was sent. */
  viewed?: boolean
}

/** What a feature may use of the tracker. */
export interface Tracker {
  readonly options: Options
  /** An event of now. */
  track(event: string, properties?: Properties): void
  /** The page that is shown; in a single-page app there are several, one after another. */
  here(): Page
  /** An event of the page that is being left, or of an earlier one. */
  record(event: string, properties: Properties, of?: Page): void
  /** Called when a page is left, or the whole document is hidden or goes, before what waits is sent. */
  onLeave(report: (gone?: boolean) => void): void
  /** Called on each new page view, after `onLeave` of the one before. */
  onPage(begin: () => void): void
  /** A listener at the window that hears of it before the page does, and cannot throw into that. */
  on(type: string, listener: (event: any) => void): void
  guard<A extends unknown[]>(work: (...args: A) => void): (...args: A) => void
}

export type Feature = (tracker: Tracker) => void

export type Features = Record<string, Feature>
