// The way to the API: the key, requests, and errors that say what to do.

const KEY = 'weir.api_key'
let key = null

/** An answer that is no success; status 0 is no answer at all. */
export class Problem extends Error {
  constructor(status, code, message, line, column) {
    super(message)
    this.status = status
    this.code = code
    this.line = line
    this.column = column
  }
}

/** Takes the key out of the URL's fragment, where it must not stay, or out of this tab's memory. */
export function recallKey() {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const given = fragment.get('key')
  if (given) {
    fragment.delete('key')
    history.replaceState(null, '', location.pathname + location.search + (fragment.size > 0 ? `#${fragment}` : ''))
    setKey(given)
  }
  key ??= sessionStorage.getItem(KEY)
  return key
}

export function setKey(given) {
  key = given.trim()
  sessionStorage.setItem(KEY, key)
}

export function forgetKey() {
  key = null
  sessionStorage.removeItem(KEY)
}

async function request(path, options) {
  try {
    return await fetch(path, {
      ...options,
      cache: 'no-store',
      headers: { Authorization: `Bearer ${key}`, ...options.headers },
    })
  } catch (cause) {
    if (cause.name === 'AbortError' || cause.name === 'TimeoutError') throw cause
    throw new Problem(0, 'unreachable', 'no answer')
  }
}

async function problem(answer) {
  let error = {}
  try {
    error = (await answer.json()).error ?? {}
  } catch {
    // not Weir's own answer: a proxy's perhaps
  }
  const message = error.message ?? `The answer was ${answer.status} ${answer.statusText}`
  return new Problem(answer.status, error.code ?? String(answer.status), message, error.line, error.column)
}

/** The JSON of a GET. */
export async function get(path) {
  const answer = await request(path, { signal: AbortSignal.timeout(15_000) })
  if (!answer.ok) throw await problem(answer)
  return answer.json()
}

/** Runs a statement: the answer's JSON, or its bytes where a file format is asked for. */
export async function query(body, signal) {
  const answer = await request('api/v1/query', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
    signal,
  })
  if (!answer.ok) throw await problem(answer)
  return body.format && body.format !== 'json' ? answer.blob() : answer.json()
}

/** Asks an insight: trend, funnel, retention, path, sessions or distribution. */
export async function insight(kind, question, signal) {
  const answer = await request(`api/v1/insights/${kind}`, {
    method: 'POST',
    body: JSON.stringify(question),
    headers: { 'Content-Type': 'application/json' },
    signal,
  })
  if (!answer.ok) throw await problem(answer)
  return answer.json()
}

export async function cancelQuery(id) {
  await request(`api/v1/query/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

/** What a visitor can do about a problem. */
export function advice(cause) {
  if (cause.status === 0 || cause.name === 'TimeoutError') {
    return 'Weir does not answer. If its engine is restarting, this takes a few seconds and nothing is lost: the collector goes on taking events. If Weir was stopped, start it with ./weir start. This page goes on by itself.'
  }
  if (cause.status === 503) return `${cause.message}. Nothing is lost; this page tries again by itself.`
  if (cause.status === 429) return `Too much at once: ${cause.message}.`
  return `${cause.message} (${cause.code})`
}
