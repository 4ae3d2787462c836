// Signing in, and what is asked again and again.

import { advice, forgetKey, get, query, recallKey, setKey } from './api.js'
import { by, say } from './dom.js'
import { addEvents, prepareEvents } from './events.js'
import { prepareFigures, showFreshness, showHealth, showLedger, showNewest, showNoAnswer, showStatus } from './figures.js'
import { followFragment, showInsights } from './insights.js'
import { showSending } from './send.js'
import { prepareSql } from './sql.js'

const EVERY = { recent: 400, ledger: 1000, status: 3000, fresh: 2000 }
const timers = []
let session = 0
let position = null
let lit = false

function askForKey(why) {
  stop()
  forgetKey()
  by('app').hidden = true
  by('nav').hidden = true
  by('sign-out').hidden = true
  by('sign-in').hidden = false
  by('notice').hidden = true
  by('project').textContent = ''
  showHealth('', '')
  say(by('sign-in-error'), why)
  by('key').value = ''
  by('key').focus()
}

function stop() {
  session++
  timers.splice(0).forEach(clearTimeout)
}

/** No setup, no page: it is asked for until there is an answer. */
async function signIn() {
  stop()
  prepareFigures()
  const mine = session
  by('sign-in').hidden = true
  try {
    const setup = await get('api/v1/setup')
    if (mine !== session) return
    await begin(setup)
  } catch (cause) {
    if (mine !== session) return
    if (cause.status === 401) {
      askForKey('There is no such API key here. Copy it again from the terminal where Weir runs, or from credentials.json.')
    } else if (cause.status === 403) {
      askForKey(cause.message)
    } else {
      trouble(cause)
      timers.push(setTimeout(signIn, 1500))
    }
  }
}

async function begin(setup) {
  say(by('project'), setup.project)
  prepareEvents()
  showSending(setup)
  position = null
  lit = false
  const first = await get('api/v1/events/recent')
  const known = first.events.length > 0 || (await hasEvents())
  if (known) light()
  else wait()
  take(first)
  by('app').hidden = false
  by('nav').hidden = false
  by('sign-out').hidden = false
  by('notice').hidden = true
  showInsights()
  again('recent', async () => take(await get(`api/v1/events/recent?after=${position}`)))
  again('ledger', async () => showLedger(await get('api/v1/ledger?from=-1h'), Date.now()))
  again('status', async () => showStatus(await get('api/v1/status')))
  again('fresh', async () => {
    if (lit) showFreshness((await query({ sql: 'select 1 from events limit 0' }, AbortSignal.timeout(15_000))).stats.fresh_to)
  })
}

/** Whether events came long ago, which the log no longer holds. */
async function hasEvents() {
  try {
    return Number((await query({ sql: 'select count(*) from events' }, AbortSignal.timeout(15_000))).rows[0][0]) > 0
  } catch {
    return false
  }
}

/** The place to send from is the first thing on the page while there is nothing to see. */
function wait() {
  by('waiting-place').append(by('send'))
  by('send').classList.add('first')
  say(by('send-title'), 'Waiting for the first event')
  say(by('waiting'), 'Send one in any of these ways; this page lights up when it arrives.')
  document.body.dataset.state = 'waiting'
}

function light() {
  lit = true
  document.body.dataset.state = 'live'
  by('app').append(by('send'))
  by('send').classList.remove('first')
  say(by('send-title'), 'Send events')
  say(by('waiting'), '')
}

function take(recent) {
  position = recent.position
  const now = Date.now()
  if (recent.events.length > 0) {
    if (!lit) {
      light()
      say(by('said'), 'The first event has arrived')
      by('live').scrollIntoView({ block: 'nearest' })
    }
    addEvents(recent.events)
    showNewest(recent.events[recent.events.length - 1], now)
  } else {
    showNewest(null, now)
  }
}

/** Asks again after each answer; a page that nobody looks at asks nothing. */
function again(name, ask) {
  const mine = session
  const turn = async () => {
    let pause = EVERY[name]
    if (!document.hidden) {
      try {
        await ask()
        if (mine === session && name === 'recent') by('notice').hidden = true
      } catch (cause) {
        if (mine !== session) return
        if (cause.status === 401) {
          askForKey('The API key is no longer valid.')
          return
        }
        if (cause.status === 403) return
        if (name === 'recent') trouble(cause)
        pause = Math.max(pause, 1500)
      }
    }
    if (mine === session) timers.push(setTimeout(turn, pause))
    if (timers.length > 100) timers.splice(0, 50)
  }
  turn()
}

function trouble(cause) {
  say(by('notice'), advice(cause))
  by('notice').className = 'notice bad'
  by('notice').hidden = false
  showNoAnswer()
}

by('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault()
  setKey(by('key').value)
  say(by('sign-in-error'), '')
  signIn()
})
by('sign-out').addEventListener('click', () => askForKey(''))
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#key=') && recallKey()) signIn()
  else followFragment()
})
prepareSql()
if (recallKey()) signIn()
else askForKey('')
