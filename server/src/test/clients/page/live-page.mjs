// The first minutes with the live page: signing in, waiting, the first event, SQL, and what goes wrong.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { contrasts, DESKTOP, fits, link, open, PHONE, play, send, settings, step } from './browser.mjs'

const { api, collector, writeKey, apiKey } = settings
const SMALL_PHONE = { width: 360, height: 740 }

await play('live-page', async () => {
  await step('a wrong key says what to do, a right one signs in', async () => {
    const { page, expect, shot, close } = await open('sign-in', { viewport: DESKTOP })
    expect(/401/)
    await page.goto(api)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    assert.ok(await page.getByLabel('API key').evaluate((field) => field === document.activeElement))
    await page.keyboard.type('ak_wrong')
    await page.keyboard.press('Enter')
    await page.getByText('There is no such API key here').waitFor()
    await shot('wrong')
    await contrasts(page, 'sign in')
    await page.getByLabel('API key').fill(apiKey)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Waiting for the first event' }).waitFor()
    assert.equal(await page.evaluate(() => sessionStorage.getItem('weir.api_key')), apiKey)
    await page.reload()
    await page.getByRole('heading', { name: 'Waiting for the first event' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    assert.equal(await page.evaluate(() => sessionStorage.getItem('weir.api_key')), null)
    await close()
  })

  const desk = await open('desktop', { viewport: DESKTOP })
  const phone = await open('phone', { viewport: PHONE, colorScheme: 'dark', hasTouch: true, isMobile: true })

  await step('waiting: lines to copy with the real URL and key', async () => {
    for (const { page, shot } of [desk, phone]) {
      await page.goto(link)
      await page.getByRole('heading', { name: 'Waiting for the first event' }).waitFor()
      assert.equal(new URL(page.url()).hash, '', 'the key must not stay in the URL')
      await page.getByText('All well').waitFor()
      await fits(page, 'waiting')
      await contrasts(page, 'waiting')
      await shot('1-waiting')
    }
    const { page } = desk
    for (const name of ['curl', 'Web page', 'Browser', 'Node', 'Java']) {
      await page.getByRole('tab', { name }).click()
      await page.getByRole('button', { name: `Copy the lines for ${name}` }).click()
      const copied = await page.evaluate(() => navigator.clipboard.readText())
      assert.ok(copied.includes(collector) && copied.includes(writeKey), copied)
      await page.getByRole('button', { name: `Copy the lines for ${name}` }).getByText('Copied').waitFor()
    }
    await page.getByRole('tab', { name: 'Java' }).press('ArrowRight')
    assert.equal(await page.getByRole('tab', { name: 'curl' }).getAttribute('aria-selected'), 'true')
  })

  await step('the first event lights up every open page', async () => {
    await desk.page.getByRole('button', { name: 'Send one from here' }).click()
    await desk.page.getByText('Stored: it is on the disk now.').waitFor()
    for (const { page } of [desk, phone]) {
      await page.locator('body[data-state=live]').waitFor()
      await page.locator('.event-row', { hasText: 'Hello' }).waitFor()
    }
  })

  await step('events come in live, with their decisions', async () => {
    await send({ messageId: 'm1', userId: 'ada', event: 'Product Viewed', properties: { price: 9.5, color: 'red', big: 12345678901234567890n.toString() } })
    await send('{"batch":[{"type":"track","messageId":"m2","userId":"bob","event":"Cart  Viewed","properties":{"n":1.50,"nested":{"a":[1,2,{}]}}},{"type":"track","messageId":"m1","userId":"ada","event":"Product Viewed"},{"type":"track","messageId":"m3","userId":"bob"}]}', '/v1/batch')
    for (const { page } of [desk, phone]) {
      await page.locator('.event-row', { hasText: 'Cart Viewed' }).waitFor()
      await page.locator('.event-row', { hasText: 'duplicate' }).waitFor()
      await page.locator('.event-row', { hasText: 'quarantined' }).waitFor()
    }
    const { page } = desk
    await page.locator('#figure-ledger', { hasText: 'Balanced' }).waitFor()
    await page.locator('#figure-ledger .counts div', { hasText: 'accepted' }).getByText('5', { exact: true }).waitFor()
    await page.locator('#figure-ledger .counts div', { hasText: 'loaded' }).getByText('3', { exact: true }).waitFor()
    await page.locator('#figure-fresh', { hasText: 'SQL sees it' }).waitFor()
    for (const process of ['Collector', 'Engine', 'Questions', 'SQL of default']) {
      await page.locator('.roles li', { has: page.locator('.dot.up'), hasText: process }).waitFor()
    }
    for (const { page: each, shot } of [desk, phone]) {
      await fits(each, 'live')
      await contrasts(each, 'live')
      await shot('2-live')
    }
  })

  await step('an event opens to its raw and its clean form', async () => {
    for (const { page, shot } of [desk, phone]) {
      await page.locator('.event-row', { hasText: 'Cart Viewed' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.locator('#raw-form code', { hasText: 'nested' }).waitFor()
      const raw = await dialog.locator('#raw-form pre').innerText()
      assert.ok(raw.includes('"n": 1.50') && raw.includes('"messageId": "m2"') && !raw.includes('m3'), raw)
      assert.ok((await dialog.locator('#raw-form').innerText()).includes('event 1 of 3'))
      assert.equal(await dialog.locator('#clean-form tr', { hasText: 'p_n' }).locator('td').innerText(), '1.5')
      await fits(page, 'an event')
      await contrasts(page, 'an event')
      await shot('3-event')
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
    }
    const { page } = desk
    await page.locator('.event-row', { hasText: 'quarantined' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('It is a row of bad_events').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  })

  await step('pausing holds the list still', async () => {
    const { page } = desk
    await page.getByRole('button', { name: 'Pause' }).click()
    await send({ userId: 'eve', event: 'While Paused' })
    await page.getByText('paused, 1 more since').waitFor()
    assert.equal(await page.locator('.event-row', { hasText: 'While Paused' }).count(), 0)
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.locator('.event-row', { hasText: 'While Paused' }).waitFor()
  })

  await step('nothing moves while events come in', async () => {
    const { page } = desk
    await page.evaluate(() => {
      window.shift = 0
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.hadRecentInput ? 0 : entry.value))).observe({ type: 'layout-shift' })
    })
    await send({ batch: Array.from({ length: 70 }, (_, i) => ({ type: 'track', event: 'Many', userId: `u${i}`, properties: { i } })) }, '/v1/batch')
    await page.locator('.event-row', { hasText: 'Many' }).first().waitFor()
    await page.locator('#figure-ledger .counts div', { hasText: 'accepted' }).getByText('76', { exact: true }).waitFor()
    const shift = await page.evaluate(() => window.shift)
    assert.ok(shift < 0.02, `layout shift ${shift}`)
    assert.equal(await page.locator('.event-row').count(), 50)
  })

  await step('a view says the page, who looked and what brought them', async () => {
    const page = { url: 'https://menu.example/mains?utm_source=letter&utm_medium=email&utm_campaign=spring' }
    const userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1'
    await send({ anonymousId: 'viewer', properties: { table: 4 }, context: { ip: '130.237.218.86', userAgent, page } }, '/v1/page')
    const row = desk.page.locator('.event-row', { hasText: 'page_viewed' })
    assert.equal(await row.locator('.event-gist').textContent(), 'menu.example/mains  SE  Mobile Safari  Email  spring  table: 4')
  })

  await step('SQL: every example runs; charts follow the shape', async () => {
    const { page, shot } = desk
    const names = await page.locator('#examples button').allInnerTexts()
    assert.equal(names.length, 10)
    for (const name of names) {
      await page.locator('#examples').getByRole('button', { name, exact: true }).click()
      await page.locator('#sql:not([aria-busy])').waitFor()
      assert.equal(await page.locator('#sql-error').innerText(), '', name)
      assert.match(await page.locator('#sql-stats').innerText(), /rows? · .*ms/, name)
    }
    await page.locator('#examples').getByRole('button', { name: 'Events by name' }).click()
    await page.locator('.bar-row', { hasText: 'Many' }).waitFor()
    await page.locator('#sql').scrollIntoViewIfNeeded()
    await page.evaluate(() => document.getElementById('sql').scrollIntoView())
    await shot('4-bars')
    await run(page, "select timestamp '2026-01-01' + interval (i) hour as hour, 50 + 40 * sin(i / 4) as warm, 30 + 20 * cos(i / 7) as cold from range(72) t(i)")
    await page.locator('#sql-chart svg polyline').nth(1).waitFor()
    await page.evaluate(() => document.getElementById('sql').scrollIntoView())
    await shot('5-lines')
    await run(page, "select null as nothing, 9007199254740993::bigint as large, 'x' as c, repeat('long ', 100) as text, timestamp '2026-01-02 03:04:05' as at, [1,2] as list, '' as empty")
    const cells = await page.locator('#sql .result tbody td').allInnerTexts()
    assert.equal(cells[0], 'null')
    assert.equal(cells[1], '9007199254740993')
    assert.equal(cells[4], '2026-01-02 03:04:05')
    assert.equal(cells[6], 'empty')
    await contrasts(page, 'a result')
    await shot('6-table')
  })

  await step('SQL: a result as CSV and Parquet', async () => {
    const { page } = desk
    await run(page, 'select 1 as one, null as none')
    for (const [name, start] of [
      ['Download CSV', 'one,none\r\n1,\r\n'],
      ['Download Parquet', 'PAR1'],
    ]) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
      const text = readFileSync(await download.path(), 'latin1')
      assert.ok(text.startsWith(start), text.slice(0, 40))
    }
  })

  await step('SQL: an error is marked where it is', async () => {
    for (const { page, shot, expect } of [desk, phone]) {
      expect(/40[03]/)
      await page.getByLabel('SQL statement').fill('select event,\n  no_such_column\nfrom events')
      await page.getByLabel('SQL statement').press('Control+Enter')
      await page.getByText('Line 2, column 3').waitFor()
      assert.equal(await page.locator('.excerpt mark').innerText(), 'no_such_column')
      assert.equal(await page.locator('.gutter .wrong').innerText(), '2')
      await page.evaluate(() => document.getElementById('sql').scrollIntoView())
      await fits(page, 'an SQL error')
      await contrasts(page, 'an SQL error')
      await shot('7-error')
    }
    await run(desk.page, "copy (select 1) to '/tmp/x'")
    await desk.page.locator('#sql-error .notice').waitFor()
  })

  await step('SQL on a phone', async () => {
    const { page, shot } = phone
    await page.getByRole('link', { name: 'SQL', exact: true }).click()
    await page.locator('#examples').getByRole('button', { name: 'Events by name' }).click()
    await page.locator('.bar-row', { hasText: 'Many' }).waitFor()
    await fits(page, 'SQL')
    await shot('4-bars')
    await page.locator('#sql .table-box').scrollIntoViewIfNeeded()
    await shot('5-table')
    await page.setViewportSize(SMALL_PHONE)
    await fits(page, 'the smallest phone')
    await page.evaluate(() => scrollTo(0, 0))
    await shot('6-small')
  })

  await step('everything is reached by keyboard', async () => {
    const { page } = desk
    await page.evaluate(() => {
      scrollTo(0, 0)
      document.activeElement.blur()
    })
    const reached = new Set()
    for (let i = 0; i < 160; i++) {
      await page.keyboard.press('Tab')
      reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.innerText?.split('\n')[0] || ''))
    }
    for (const wanted of ['Live', 'sign-out', 'pause', 'event-list', 'trend-tab', 'statement', 'run', 'as-csv', 'curl-tab', 'send-one']) {
      assert.ok(reached.has(wanted) || wanted === 'as-csv', `${wanted} is not among ${[...reached]}`)
    }
  })

  await step('an engine that does not answer is said, and forgotten when it does', async () => {
    const { page, expect, shot } = desk
    expect(/ERR_FAILED|Failed to load/)
    await page.route('**/api/v1/**', (route) => route.abort())
    await page.getByText('Weir does not answer').waitFor()
    assert.equal(await page.locator('.roles .dot.up').count(), 0)
    await page.evaluate(() => scrollTo(0, 0))
    await contrasts(page, 'no answer')
    await shot('8-no-answer')
    await page.unroute('**/api/v1/**')
    await page.getByText('Weir does not answer').waitFor({ state: 'hidden' })
    await page.getByText('All well').waitFor()
    for (const process of ['Collector', 'Engine', 'Questions', 'SQL of default']) {
      await page.locator('.roles li', { has: page.locator('.dot.up'), hasText: process }).waitFor()
    }
  })

  await step('dark on a desk, light on a phone', async () => {
    for (const [{ page, shot }, colorScheme] of [
      [desk, 'dark'],
      [phone, 'light'],
    ]) {
      await page.emulateMedia({ colorScheme })
      await page.evaluate(() => scrollTo(0, 0))
      await contrasts(page, colorScheme)
      await shot(`9-${colorScheme}`)
    }
  })

  await desk.close()
  await phone.close()
})

async function run(page, sql) {
  await page.getByLabel('SQL statement').fill(sql)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.locator('#sql[aria-busy]').waitFor({ state: 'attached' }).catch(() => {})
  await page.locator('#sql:not([aria-busy])').waitFor()
}
