import type { Store } from './store.js'

/** 128 random bits; `crypto.randomUUID` is missing where a page comes by http. */
export const newId = (): string => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => (part + 2 ** 32).toString(16).slice(1)).join('')

/** The anonymous id, made at its first use. */
export const anonymousId = (store: Store): string => {
  let id = store.get('id')
  if (!id) store.set('id', (id = newId()))
  return id
}

export type Campaign = Record<string, string>

export interface Session {
  id: string
  last: number
  campaign?: Campaign | undefined
  zone?: string
}

const PARAMETERS = /^(?:amp;)?(?:utm_(source|medium|campaign|term|content|id)|([gdm]clid|gbraid|wbraid|fbclid|msclkid|ttclid|twclid|yclid|li_fat_id|igshid))$/

/** What a page's address says of the campaign that led to it. */
export const campaignOf = (search: string): Campaign | undefined => {
  let campaign: Campaign | undefined
  new URLSearchParams(search).forEach((value, name) => {
    const found = PARAMETERS.exec(name)
    if (!found || !value) return
    campaign ??= {}
    if (found[1]) campaign[found[1] === 'campaign' ? 'name' : found[1]] = value
    else {
      campaign.click_id = value
      campaign.click_id_name = found[2]!
    }
  })
  return campaign
}

/** The session that an event at this time belongs to, in whichever tab; a new campaign stays with it. */
export const sessionAt = (store: Store, time: number, minutes: number, campaign?: Campaign): Session => {
  let session: Session | undefined
  try {
    session = JSON.parse(store.get('session')!)
  } catch {
    // none yet
  }
  // a clock that was ahead once would hold a session open until that time comes
  if (!session?.id || Math.abs(time - session.last) > minutes * 60_000) session = { id: newId(), last: 0 }
  // the first use of Intl takes 10 ms and more
  session.zone ??= (globalThis as any).Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  session.campaign = campaign ?? session.campaign
  session.last = Math.max(time, session.last)
  store.set('session', JSON.stringify(session))
  return session
}
