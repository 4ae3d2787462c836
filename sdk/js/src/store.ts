import type { Persistence } from './types.js'

/**
 * Names and texts that outlive the page where the browser allows it. Before `open`, and for what does not fit or is
 * forbidden, they live in memory. Never throws.
 */
export interface Store {
  get(name: string): string | undefined
  set(name: string, value: string): void
  /** Sets it at the end of this task, unless it is removed before: to write takes longer than all else of an event. */
  later(name: string, value: string): void
  remove(name: string): void
  /** Those that begin with a prefix, sorted. */
  names(prefix: string): string[]
  /** Moves to the device what was kept in memory; a visitor and a session that are there already go on. */
  open(): void
  /** Keeps to memory from now on. */
  pause(): void
  /** Forgets everything, and keeps to memory from now on. */
  close(): void
  /** Whether it outlives the page. */
  lasting(): boolean
  /** Reads and writes what may be kept in any case: the visitor's own decision. */
  decision(value?: string): string | null | undefined
}

/** All but the queue. */
export const KEPT = ['id', 'session', 'user', 'group']

const COOKIE_SECONDS = 34_000_000

export const createStore = (key: string, persist: Persistence, queued: string, domain?: string): Store => {
  const prefix = `weir:${key}:`
  const decided = `${prefix}consent`
  const memory: Record<string, string> = {}
  const due: string[] = []
  let area: Storage | undefined
  let opened: Storage | undefined
  try {
    if (persist !== 'memory') area = persist === 'session' ? sessionStorage : localStorage
  } catch {
    // forbidden
  }

  // a value in memory is newer than one that could not be replaced
  const inCookie = (name: string) => opened && persist === 'cookie' && !name.startsWith(queued)
  /** Sets it; false where cookies are off. */
  const cookie = (name: string, value: string, age: number) => {
    document.cookie = `${encodeURIComponent(prefix + name)}=${encodeURIComponent(value)};path=/;max-age=${age};samesite=lax${domain ? `;domain=${domain}` : ''}${location.protocol === 'https:' ? ';secure' : ''}`
    return read(name) === value
  }
  const read = (name: string): string | null | undefined => {
    if (!inCookie(name)) return opened?.getItem(prefix + name)
    const start = `${encodeURIComponent(prefix + name)}=`
    const found = document.cookie.split('; ').find((each) => each.startsWith(start))
    return found && decodeURIComponent(found.slice(start.length))
  }
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work()
    } catch {
      return
    }
  }

  const store: Store = {
    get: (name) => memory[name] ?? attempt(() => read(name)) ?? undefined,
    set(name, value) {
      memory[name] = value
      attempt(() => {
        if (!inCookie(name)) opened!.setItem(prefix + name, value)
        else if (!cookie(name, value, COOKIE_SECONDS)) return
        delete memory[name]
      })
    },
    later(name, value) {
      memory[name] = value
      if (!due[0]) queueMicrotask(() => due.splice(0).forEach((each) => each in memory && store.set(each, memory[each]!)))
      due.push(name)
    },
    remove(name) {
      delete memory[name]
      attempt(() => (inCookie(name) ? cookie(name, '', 0) : opened!.removeItem(prefix + name)))
    },
    names(start) {
      const names = Object.keys(memory)
      attempt(() => {
        for (const name of Object.keys(opened!)) if (name.startsWith(prefix)) names.push(name.slice(prefix.length))
      })
      return names.filter((name) => name.startsWith(start)).sort()
    },
    open() {
      opened = area
      for (const name of Object.keys(memory)) {
        if (/^(id|session)$/.test(name) && attempt(() => read(name))) delete memory[name]
        else store.set(name, memory[name]!)
      }
    },
    pause() {
      opened = undefined
    },
    close() {
      opened = area
      for (const name of [...store.names(''), ...KEPT]) if (prefix + name !== decided) store.remove(name)
      store.pause()
    },
    lasting: () => !!opened,
    decision(value) {
      if (value) attempt(() => area!.setItem(decided, value))
      return attempt(() => area!.getItem(decided))
    },
  }
  return store
}
