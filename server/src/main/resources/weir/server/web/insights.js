// The insights: a tab for each, and the question in the URL's fragment, as #funnel={"steps":...}.

import { distribution } from './distribution.js'
import { by, tabs } from './dom.js'
import { funnel } from './funnel.js'
import { forgetCatalog } from './insight-catalog.js'
import { makeInsight } from './insight.js'
import { path } from './path.js'
import { retention } from './retention.js'
import { sessions } from './sessions.js'
import { trend } from './trend.js'

const kinds = [trend, funnel, retention, path, sessions, distribution]
let insights = []
let list = null
let chosen = 0
let seen = null

/** Makes the tabs; the first is asked when it comes into view, a question of the fragment at once. */
export function showInsights() {
  forgetCatalog()
  insights = kinds.map((kind) => makeInsight(kind, (question) => keep(kind, question)))
  list = tabs('Insights', insights.map(({ kind, panel }) => ({ id: kind.id, label: kind.label, content: panel })), pick)
  by('insight-tabs').replaceChildren(list)
  chosen = 0
  seen?.disconnect()
  if (followFragment()) return
  seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return
    seen.disconnect()
    insights[chosen].open()
  })
  seen.observe(by('insights'))
}

async function pick(i) {
  seen?.disconnect()
  chosen = i
  keep(kinds[i], insights[i].question())
  await insights[i].open()
  if (chosen === i) keep(kinds[i], insights[i].question())
}

function keep(kind, question) {
  const fragment = new URLSearchParams({ [kind.id]: question === null ? '' : JSON.stringify(question) })
  history.replaceState(null, '', `#${String(fragment).replace(/=$/, '')}`)
}

/** Opens the question of the fragment, if there is one. */
export function followFragment() {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const i = kinds.findIndex((kind) => fragment.has(kind.id))
  if (i < 0 || insights.length === 0) return false
  seen?.disconnect()
  chosen = i
  list.choose(i)
  insights[i].open(read(fragment.get(kinds[i].id)))
  by('insights').scrollIntoView()
  return true
}

function read(text) {
  try {
    const question = JSON.parse(text)
    return typeof question === 'object' && question !== null ? question : {}
  } catch {
    return {}
  }
}
