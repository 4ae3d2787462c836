// The main path against a running Weir: WEIR_COLLECTOR and WEIR_KEY; with WEIR_API and WEIR_API_KEY its SQL is asked too.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { noBrowser, Site, visitor } from './harness.mjs'

const { WEIR_COLLECTOR: collector, WEIR_KEY: key, WEIR_API: api, WEIR_API_KEY: apiKey } = process.env
const skip = noBrowser || (collector && key ? false : 'WEIR_COLLECTOR and WEIR_KEY name no running Weir')

async function query(sql) {
  const answer = await fetch(`${api}/api/v1/query`, { method: 'POST', headers: { Authorization: `Bearer ${apiKey}` }, body: JSON.stringify({ sql }) })
  const text = await answer.text()
  assert.equal(answer.status, 200, text)
  return JSON.parse(text).rows
}

/** Asks until the rows are these. */
async function awaitRows(sql, expected) {
  const deadline = Date.now() + 30_000
  for (;;) {
    const rows = await query(sql)
    if (JSON.stringify(rows) === JSON.stringify(expected)) return
    if (Date.now() > deadline) assert.deepEqual(rows, expected)
  }
}

test('a visit reaches Weir, and SQL', { skip }, async () => {
  const site = await Site.start()
  site.pages['/weir.js'] = readFileSync(new URL('../dist/weir.js', import.meta.url))
  const run = Date.now().toString(36)
  site.pages['/menu'] = `<!doctype html><title>Menu</title><script async src="/weir.js" data-host="${collector}" data-key="${key}"></script>
    <section data-weir-section="Mains"><p data-weir-item="pizza" data-weir-position="1" data-weir-event="Dish Ordered" data-weir-prop-price="9.5">Pizza</p></section>`
  const context = await visitor({ locale: 'de-DE', timezoneId: 'Europe/Berlin', viewport: { width: 800, height: 600 } })
  const answers = []
  context.on('response', async (response) => {
    if (response.url().startsWith(collector) && response.request().method() === 'POST') answers.push([response.status(), await response.json().catch(() => null)])
  })
  const page = await context.open(`${site.origin}/menu?utm_source=${run}&utm_medium=qr&table=7`, (each) => each.clock.install())
  await page.clock.runFor(1_000)
  await page.evaluate((id) => window.weir.identify(`u-${id}`, { plan: 'guest' }), run)
  await page.click('p')
  await page.evaluate(() => {
    const { weir } = window
    for (let n = 0; n < 100; n++) weir.track('Burst', { n })
    return weir.flush()
  })
  await page.clock.runFor(2_000)
  await page.goto('about:blank')
  assert.ok(answers.length)
  for (const [status, body] of answers.filter(([, json]) => json)) assert.deepEqual([status, body.success, body.quarantined], [200, true, []])
  if (!api || !apiKey) return
  const mine = `utm_source = '${run}'`
  await awaitRows(`select event, count(*), count(distinct event_id) from events where ${mine} group by 1 order by 1`, [
    ['Burst', 100, 100],
    ['Dish Ordered', 1, 1],
    ['identified', 1, 1],
    ['item_viewed', 1, 1],
    ['page_scrolled', 1, 1],
    ['page_viewed', 1, 1],
    ['web_vitals', 1, 1],
  ])
  const [row] = await query(
    `select page_path, page_host, page_title, utm_medium, platform, library, locale, timezone, screen_width, viewport_height, kind from events where ${mine} and event = 'page_viewed'`,
  )
  assert.deepEqual(row, ['/menu', `127.0.0.1:${site.port}`.split(':')[0], 'Menu', 'qr', 'web', 'weir.js', 'de-DE', 'Europe/Berlin', 800, 600, 'page_view'])
  assert.deepEqual(await query(`select count(distinct session_id), count(distinct anonymous_id), count(distinct page_url) from events where ${mine}`), [[1, 1, 1]])
  const [[item, section, position, views, seconds]] = await query(
    `select p_item, p_section, p_position, sum(p_views), sum(p_seconds) from events where ${mine} and event = 'item_viewed' group by 1, 2, 3`,
  )
  assert.deepEqual([item, section, position, views], ['pizza', 'Mains', 1, 1])
  assert.ok(seconds >= 2.5 && seconds < 10, `${seconds} s`)
  assert.deepEqual(await query(`select p_price, p_item from events where ${mine} and event = 'Dish Ordered'`), [[9.5, 'pizza']])
  await awaitRows(
    `select page, max(sequence) - count(*) from (select properties->'_context'->>'page_id' as page, cast(properties->'_context'->>'sequence' as integer) as sequence from events where ${mine}) group by page having max(sequence) > count(*)`,
    [],
  )
})

/** How long it takes from a visitor's start until the live page shows the view. */
async function seenLive(live, open) {
  const rows = live.locator('.event-row', { hasText: 'page_viewed' })
  const before = await rows.count()
  const begun = Date.now()
  await open()
  await rows.nth(before).waitFor()
  return Date.now() - begun
}

test('the served tracker shows visits on the live page, from a file and from another origin', { skip: skip || (api && apiKey ? false : 'no API') }, async () => {
  const setup = await (await fetch(`${api}/api/v1/setup`, { headers: { Authorization: `Bearer ${apiKey}` } })).json()
  const { path, version_path: version, integrity } = setup.tracker
  const tag = (src, more = '') => `<!doctype html><title>Menu</title><script async src="${collector}${src}" data-key="${key}"${more}></script>`
  const folder = mkdtempSync(join(tmpdir(), 'weir-page-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'menu.html')
  writeFileSync(file, tag(path))
  const site = await Site.start()
  site.pages['/menu'] = tag(version, ` integrity="${integrity}" crossorigin="anonymous"`)
  const live = await (await visitor()).newPage()
  await live.goto(`${api}/#key=${apiKey}`)
  await live.locator('#figure-ledger', { hasText: 'Balanced' }).waitFor()

  const guest = await visitor()
  const origins = []
  guest.on('request', (request) => {
    if (request.method() === 'POST') origins.push(request.headerValue('origin').catch(() => 'closed'))
  })
  const run = `f${Date.now().toString(36)}`
  for (const [what, url] of [
    ['a file', `${pathToFileURL(file)}?utm_source=${run}&utm_medium=cpc`],
    ['another origin', `${site.origin}/menu?utm_source=${run}&utm_medium=cpc`],
  ]) {
    const millis = await seenLive(live, () => guest.open(url))
    console.log(`${what}: on the live page ${millis} ms after the page was asked for`)
  }
  assert.deepEqual(new Set(await Promise.all(origins)), new Set(['null', site.origin]))
  assert.deepEqual(guest.complaints, [])
  const address = new URL(collector)
  for (const [src, encoding] of [
    [path, 'gzip'],
    [path.replace('.js', '.core.js'), 'gzip'],
  ]) {
    const script = await fetch(new URL(src, address), { headers: { 'Accept-Encoding': encoding } })
    assert.equal(await script.text(), readFileSync(new URL(`../dist/${src.slice(1)}`, import.meta.url), 'utf8'))
    assert.equal(script.headers.get('content-encoding'), encoding)
  }
  await awaitRows(`select browser is not null, channel, utm_medium, count(*) from events where event = 'page_viewed' and utm_source = '${run}' group by all`, [[true, 'Paid Other', 'cpc', 2]])
})
