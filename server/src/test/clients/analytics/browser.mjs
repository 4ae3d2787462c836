// Sends out of Chromium with posthog-js, Clickstream's web SDK and Rakam's library: node browser.mjs SETTINGS.json,
// where {"chromium":"/usr/bin/chromium","collector":"http://127.0.0.1:1","writeKey":"..."}
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'

const { chromium: executablePath, collector, writeKey } = JSON.parse(readFileSync(process.argv[2], 'utf8'))

const bundled = await build({
  stdin: { contents: `export { ClickstreamAnalytics } from '@aws/clickstream-web'`, resolveDir: '.' },
  bundle: true,
  format: 'iife',
  globalName: 'Clickstream',
  define: { global: 'window' },
  write: false,
  logLevel: 'error',
})
const SCRIPTS = {
  '/posthog.js': readFileSync('node_modules/posthog-js/dist/array.full.js', 'utf8'),
  '/rakam.js': readFileSync('node_modules/rakam-js/rakam.min.js', 'utf8'),
  '/clickstream.js': bundled.outputFiles[0].text,
}
const server = createServer((request, response) => {
  const script = SCRIPTS[request.url]
  const name = request.url.match(/^\/shop\/(\w+)/)?.[1]
  response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html')
  response.end(script ?? `<!doctype html><title>Shop</title><script src="/${name}.js"></script><button id="buy">Buy</button>`)
})
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const shop = `http://127.0.0.1:${server.address().port}`

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], headless: true })

/** Waits for so many answered requests whose URL and body (a blob's is not to be had) contain two texts. */
async function answered(page, answers, url, body = '', count = 1) {
  const those = () => answers.filter(([, asked, text]) => asked.includes(url) && text.includes(body))
  while (those().length < count) await page.waitForEvent('response', { timeout: 15_000 })
}

async function visit(path, play) {
  const context = await browser.newContext({ locale: 'de-DE', timezoneId: 'Europe/Berlin', viewport: { width: 1200, height: 700 } })
  const page = await context.newPage()
  const complaints = []
  const answers = []
  page.on('response', (response) => answers.push([response.status(), response.url(), response.request().postData() ?? '']))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(shop + path)
  await play(page, answers)
  assert.deepEqual(complaints.filter((text) => !text.includes('favicon')), [])
  for (const [status, url] of answers) {
    assert.ok(status < 300 || url.endsWith('/favicon.ico'), `${url} answered ${status}`)
    assert.ok(url.startsWith(shop) || url.startsWith(collector), `asked ${url}`)
  }
  await context.close()
}

try {
  await visit('/shop/posthog?utm_source=mail&utm_campaign=spring&gclid=abc', async (page, answers) => {
    await page.evaluate(([api_host, key]) => {
      window.posthog.init(key, { api_host, opt_out_useragent_filter: true, request_batching: true })
    }, [collector, writeKey])
    await answered(page, answers, '/flags/?v=2') // asked once the configuration is there
    await page.click('#buy')
    await page.evaluate(() => {
      const { posthog } = window
      posthog.capture('Browser Order', { value: 3, nested: { a: 1 } })
      posthog.identify('u-ph-browser', { email: 'ada@example.org' }, { first: 1 })
      posthog.setPersonProperties({ plan: 'pro' })
      posthog.group('company', 'c-2', { size: 4 })
      posthog.capture('Browser Later')
    })
    await answered(page, answers, '/e/', '', 3) // the page view, who it is, and then the rest
    await page.evaluate(() => window.posthog.capture('Browser Leaving', {}, { transport: 'sendBeacon' }))
    await page.goto('about:blank') // what waits goes by beacon
    assert.ok(answers.some(([, url]) => url.endsWith('/config.js')))
  })
  await visit('/shop/clickstream', async (page, answers) => {
    await page.evaluate(([host, appId]) => {
      const { ClickstreamAnalytics } = window.Clickstream
      ClickstreamAnalytics.init({ appId, endpoint: `${host}/collect`, sendMode: 'Immediate' })
      ClickstreamAnalytics.setUserId('u-cs-browser')
      ClickstreamAnalytics.setUserAttributes({ plan: 'pro', age: 36 })
      ClickstreamAnalytics.record({
        name: 'add_to_cart',
        attributes: { _value: 12.5, _currency: 'EUR', color: 'red' },
        items: [{ id: 'i-1', name: 'Shoe', price: 12.5 }],
      })
    }, [collector, writeKey])
    await answered(page, answers, '/collect?', 'add_to_cart')
  })
  await visit('/shop/rakam?utm_source=mail', async (page, answers) => {
    await page.evaluate(([host, key]) => {
      const { rakam } = window
      rakam.init(key, 'u-rakam', { apiEndpoint: new URL(host).host, includeUtm: true })
      rakam.User().set({ plan: 'pro' })
      rakam.logEvent('Rakam Order', { price: 12.5, color: 'red' })
    }, [collector, writeKey])
    await answered(page, answers, '/event/batch', 'Rakam Order')
    await answered(page, answers, '/user/set_properties', 'plan')
  })
} finally {
  await browser.close()
  server.close()
}
