// Sends with Segment's browser SDK out of Chromium: node segment.mjs SETTINGS.json, where
// {"chromium":"/usr/bin/chromium","collector":"https://127.0.0.1:1","writeKey":"..."}
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const { chromium: executablePath, collector, writeKey } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const SDK = 'node_modules/@segment/analytics-next/dist/umd/'
const PAGE = '<!doctype html><title>Shop</title><script src="/sdk/index.js"></script>'

const server = createServer((request, response) => {
  const file = request.url.match(/^\/sdk\/([\w.-]+\.js)$/)?.[1]
  response.setHeader('Content-Type', file ? 'text/javascript' : 'text/html')
  response.end(file ? readFileSync(SDK + file) : PAGE)
})
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const shop = `http://127.0.0.1:${server.address().port}/`

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], headless: true })
const asked = []
const answers = []

async function visit(options, play) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const page = await context.newPage()
  const complaints = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('response', (response) => answers.push([response.status(), new URL(response.url()).pathname]))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(shop)
  await page.evaluate(
    async ([key, cdnURL, more]) => {
      const [analytics] = await window.AnalyticsNext.AnalyticsBrowser.load({ writeKey: key, cdnURL }, more)
      window.analytics = analytics
    },
    [writeKey, collector, options],
  )
  await page.evaluate(play)
  return { page, done: async () => { assert.deepEqual(complaints.filter((text) => !text.includes('favicon')), []); await context.close() } }
}

try {
  const single = await visit({}, async () => {
    const analytics = window.analytics
    await analytics.page('Home', { shelf: 'front' })
    await analytics.identify('u-browser', { plan: 'pro' })
    await analytics.track('Browser Order', { price: 12.5 })
    await analytics.group('g-browser', { size: 3 })
    await analytics.alias('u-new', 'u-browser')
    await analytics.screen('Cart')
  })
  await single.done()

  const batching = { integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'batching', config: { size: 3, timeout: 60_000 } } } } }
  const batched = await visit(batching, async () => {
    for (let i = 0; i < 4; i++) await window.analytics.track('Browser Batch', { number: i })
  })
  await batched.page.goto('about:blank') // the fourth goes when the page is left
  await batched.done()

  const beacon = await visit({}, async () => 0)
  await beacon.page.evaluate(
    ([url, key]) => {
      const body = JSON.stringify({ event: 'Browser Beacon', userId: 'u-browser', writeKey: key })
      if (!navigator.sendBeacon(`${url}/v1/t`, body)) throw new Error('not queued')
    },
    [collector, writeKey],
  )
  await beacon.page.waitForResponse((response) => response.url().endsWith('/v1/t'))
  await beacon.done()

  for (const url of asked) assert.ok([shop, collector, 'about:'].some((origin) => url.startsWith(origin)), `asked ${url}`)
  for (const [status, path] of answers) assert.ok(status === 200 || path === '/favicon.ico', `${path} answered ${status}`)
  for (const letter of 'tpigasb') assert.ok(answers.some(([, path]) => path === `/v1/${letter}`), `/v1/${letter} was not used`)
} finally {
  await browser.close()
  server.close()
}
