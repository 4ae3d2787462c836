// How to send events: lines to copy, filled in, and a button that sends one from here.

import { by, copyButton, el, say, tabs } from './dom.js'

/** A page that is open on another machine reaches the collector by the name that it was opened by. */
export function collectorUrl(setup) {
  const url = new URL(setup.collector)
  const loopback = ['127.0.0.1', 'localhost', '[::1]']
  if (loopback.includes(url.hostname) && !loopback.includes(location.hostname)) url.hostname = location.hostname
  return url.origin
}

function snippets(url, key, tracker) {
  const path = tracker.events_path ? ` data-path="${tracker.events_path}"` : ''
  return [
    {
      id: 'curl',
      label: 'curl',
      code: `curl '${url}/v1/track' -u '${key}:' \\
  -H 'Content-Type: application/json' \\
  -d '{"event":"Hello","userId":"u1","properties":{"answer":42}}'`,
    },
    {
      id: 'web-page',
      label: 'Web page',
      code: `<script async src="${url}${tracker.path}"
  data-key="${key}"${path}></script>`,
    },
    {
      id: 'browser',
      label: 'Browser',
      code: `const event = { event: 'Hello', anonymousId: 'a1', properties: { page: location.pathname } }

// now, with an answer
await fetch('${url}/v1/track?write_key=${key}', { method: 'POST', body: JSON.stringify(event) })

// when the visitor leaves the page
navigator.sendBeacon('${url}/v1/track?write_key=${key}', JSON.stringify(event))`,
    },
    {
      id: 'node',
      label: 'Node',
      code: `// npm install @segment/analytics-node
import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: '${key}', host: '${url}' })
analytics.track({ userId: 'u1', event: 'Hello', properties: { answer: 42 } })
await analytics.closeAndFlush()`,
    },
    {
      id: 'java',
      label: 'Java',
      code: `// com.segment.analytics.java:analytics:3.5.4
Analytics analytics = Analytics.builder("${key}").endpoint("${url}").build();
analytics.enqueue(TrackMessage.builder("Hello").userId("u1").properties(Map.of("answer", 42)));
analytics.flush();`,
    },
  ]
}

function block(snippet) {
  return el(
    'div',
    { class: 'code' },
    el('pre', { tabindex: '0', role: 'region', 'aria-label': `${snippet.label}: how to send` }, el('code', {}, snippet.code)),
    copyButton(() => snippet.code, `the lines for ${snippet.label}`),
  )
}

/** Fills the section: with a large title while nothing has come, else as one to look up. */
export function showSending(setup) {
  const url = collectorUrl(setup)
  const key = setup.write_keys[0]?.write_key ?? 'WRITE_KEY'
  const outcome = el('span', { class: 'hint', role: 'status' })
  const send = el('button', { type: 'button', id: 'send-one', class: 'primary', onclick: () => sendOne(url, key, send, outcome) }, 'Send one from here')
  by('send').replaceChildren(
    el('div', { class: 'heading' }, el('h2', { id: 'send-title' }, 'Send events'), el('span', { id: 'waiting', class: 'hint', role: 'status' })),
    el(
      'dl',
      { class: 'facts' },
      fact('Collector', url),
      fact(setup.write_keys[0] ? `Write key of ${setup.write_keys[0].source}` : 'Write key', key),
    ),
    tabs('How to send', snippets(url, key, setup.tracker).map((snippet) => ({ ...snippet, content: block(snippet) }))),
    el('div', { class: 'actions' }, send, outcome),
    el('p', { class: 'hint note' }, 'Any SDK that speaks the Segment HTTP API works with host and write key changed. A write key may be public: it can only send. The line for a web page brings its visits by itself, also of a page that is opened from a file.'),
  )
}

function fact(name, value) {
  return el('div', {}, el('dt', {}, name), el('dd', {}, el('code', {}, value), copyButton(() => value, name.toLowerCase())))
}

async function sendOne(url, key, button, outcome) {
  button.disabled = true
  say(outcome, 'Sending…')
  try {
    const event = { event: 'Hello', anonymousId: 'this-page', properties: { answer: 42, from: 'live page' } }
    const answer = await fetch(`${url}/v1/track?write_key=${encodeURIComponent(key)}`, {
      method: 'POST',
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(10_000),
    })
    const body = await answer.json()
    say(outcome, answer.ok ? 'Stored: it is on the disk now.' : `Not taken: ${body.error?.message ?? answer.status}`)
  } catch {
    say(outcome, `The collector cannot be reached from this browser at ${url}. Try the curl line on the machine where Weir runs.`)
  }
  button.disabled = false
}
