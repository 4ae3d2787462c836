// Sends with Snowplow's browser tracker out of Chromium: node browser.mjs SETTINGS.json, where
// {"chromium":"/usr/bin/chromium","collector":"http://127.0.0.1:1","writeKey":"..."}
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const { chromium: executablePath, collector, writeKey } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const SDK = 'node_modules/@snowplow/browser-tracker/dist/index.umd.js'
const PAGE = '<!doctype html><title>Shop</title><body style="height:3000px"><script src="/sdk.js"></script>'

const server = createServer((request, response) => {
  response.setHeader('Content-Type', request.url === '/sdk.js' ? 'text/javascript' : 'text/html')
  response.end(request.url === '/sdk.js' ? readFileSync(SDK) : PAGE)
})
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], headless: true })
const answers = []
const eventsIn = (request) => (request.method() === 'POST' ? JSON.parse(request.postData()).data.length : 1)

async function visit(options) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, locale: 'de-DE', timezoneId: 'Europe/Berlin' })
  const page = await context.newPage()
  const complaints = []
  let stored = 0
  page.on('response', (response) => {
    if (!response.url().startsWith(collector) || response.request().method() === 'OPTIONS') return
    answers.push([response.status(), new URL(response.url()).pathname])
    stored += eventsIn(response.request())
  })
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`http://127.0.0.1:${server.address().port}/menu?utm_source=mail&utm_medium=email&utm_campaign=spring`)
  await page.evaluate(
    ([url, appId, more]) => {
      const tracking = window.snowplowBrowserTracking
      const user = more.user
      tracking.newTracker('sp', url, { appId, bufferSize: 1, contexts: { session: true, browser: true, webPage: true }, ...more })
      if (user) tracking.setUserId(user)
      tracking.trackPageView()
      tracking.trackStructEvent({ category: 'menu', action: 'Dish Ordered', label: 'soup', value: 9.5 })
      tracking.trackSelfDescribingEvent({
        event: { schema: 'iglu:com.acme/dish_viewed/jsonschema/1-0-0', data: { dish: 'soup', section: 'Starters & more' } },
      })
    },
    [collector, writeKey, options],
  )
  while (stored < 3) await page.waitForEvent('response', { timeout: 10_000, predicate: () => true })
  await context.close()
  assert.deepEqual(complaints.filter((text) => !text.includes('favicon')), [])
}

try {
  await visit({ eventMethod: 'post', user: 'u-web-post' })
  await visit({ eventMethod: 'get', user: 'u-web-get' })
  await visit({ eventMethod: 'beacon', user: 'u-web-beacon' })
  await visit({ eventMethod: 'post', anonymousTracking: { withServerAnonymisation: true } })
  for (const [status, path] of answers) assert.equal(status, 200, path)
  for (const path of ['/i', '/com.snowplowanalytics.snowplow/tp2']) assert.ok(answers.some(([, asked]) => asked === path), path)
} finally {
  await browser.close()
  server.close()
}
