// A diner with a phone and the pages of examples/menu, from the table's code to SQL: what its guide asks about is there.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, normalize } from 'node:path'
import jsQR from 'jsqr'
import { browser, contrasts, fits, PHONE, play, settings, step } from './browser.mjs'

const { api, collector, writeKey, apiKey, examples, tracker, pictures } = settings
const PATIENCE = 30_000
const AGENT = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36'
const TYPES = { html: 'text/html; charset=utf-8', css: 'text/css', js: 'text/javascript' }

/** Where the pages get the tracker: from the collector, or beside them where that has none. */
const served = (await fetch(`${collector}/weir.js`)).ok
const tag = served ? `${collector}/weir.js"` : `/weir.js" data-host="${collector}"`

/** The files as they are, with collector and key put in as their README says. */
const site = createServer((request, response) => {
  const path = normalize(new URL(request.url, 'http://site').pathname)
  try {
    const text = readFileSync(path === '/weir.js' ? tracker : join(examples, path), 'utf8')
    response.setHeader('Content-Type', TYPES[path.split('.').pop()] ?? TYPES.html)
    response.end(text.replaceAll('http://127.0.0.1:8080/weir.js"', tag).replaceAll('WRITE_KEY', writeKey))
  } catch {
    response.writeHead(404).end()
  }
})
site.listen(0, '127.0.0.1')
await once(site, 'listening')
const home = `http://127.0.0.1:${site.address().port}`

async function query(sql, key = apiKey) {
  const answer = await fetch(`${api}/api/v1/query`, { method: 'POST', headers: { Authorization: `Bearer ${key}` }, body: JSON.stringify({ sql }) })
  const text = await answer.text()
  return answer.status === 200 ? JSON.parse(text).rows : text
}

/** Asks until the rows are these: an event that nobody has sent yet is a table that nobody knows. */
async function awaitRows(sql, expected, key) {
  const deadline = Date.now() + PATIENCE
  for (;;) {
    const rows = await query(sql, key)
    if (JSON.stringify(rows) === JSON.stringify(expected)) return
    if (Date.now() > deadline) assert.deepEqual(rows, expected)
  }
}

async function insight(name, body, key = apiKey) {
  const answer = await fetch(`${api}/api/v1/insights/${name}`, { method: 'POST', headers: { Authorization: `Bearer ${key}` }, body: JSON.stringify(body) })
  assert.equal(answer.status, 200, await answer.clone().text())
  return answer.json()
}

/** A phone that has been here before or not, and complains of nothing. */
async function phone() {
  const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true, locale: 'en-GB', userAgent: AGENT })
  context.setDefaultTimeout(PATIENCE)
  const complaints = []
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol !== 'data:' && ![home, new URL(collector).origin].includes(origin)) complaints.push(`asked ${request.url()}`)
  })
  return { context, complaints }
}

/** A picture of a code. */
const pixels = async (svg) => {
  const image = new Image()
  image.src = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' }))
  image.width = image.height = 300
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 300
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0, 300, 300)
  const { data, width, height } = context.getImageData(0, 0, 300, 300)
  return { data: [...data], width, height }
}

await play('menu', async () => {
  const { context, complaints } = await phone()
  const page = await context.newPage()
  /** Goes on once the page has sent something itself: beacons have the user agent of this Chromium, not the phone's. */
  const opened = async (href) => {
    const sent = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().startsWith(collector))
    await page.goto(href)
    await page.waitForFunction(() => window.weir?.version)
    await page.clock.runFor(5_000)
    await sent
  }
  let links
  const funnel = { steps: [{ event: 'item_viewed' }, { event: 'Dish Ordered' }], match: ['item'], order: 'any', from: '2020-01-01' }

  await step('the sheet has a code for each table, of the version that it is for', async () => {
    // the sheet of codes: what table 4 and 5 of the second restaurant open
    await page.goto(`${home}/tables.html`)
    await page.selectOption('select[name=restaurant]', 'blue-lantern')
    await page.fill('input[name=tables]', '5')
    assert.deepEqual(await page.locator('#codes svg[role=img]').count(), 5)
    links = await page.locator('#codes a').evaluateAll((all) => all.map((each) => each.href))
    assert.equal(links[3], `${home}/blue-lantern/b.html?table=4&utm_source=qr&utm_medium=table&utm_content=table-4`)
    assert.equal(links[4], `${home}/blue-lantern/a.html?table=5&utm_source=qr&utm_medium=table&utm_content=table-5`)
    assert.match(await page.textContent('#hint'), /Phones cannot open/)
    await fits(page, 'tables.html')
    await contrasts(page, 'tables.html')
    await page.screenshot({ path: `${pictures}/menu-tables.png` })
    for (const [i, href] of links.entries()) {
      const { data, width, height } = await page.locator('#codes svg').nth(i).evaluate(pixels)
      assert.equal(jsQR(Uint8ClampedArray.from(data), width, height)?.data, href)
    }
  })

  await step('a diner reads and orders', async () => {
    // table 4 opens it, reads down to the mains, orders two Dumplings and a Ramen
    await page.clock.install()
    await opened(links[3])
    assert.equal(await page.textContent('header p'), 'Noodles, curries and a charcoal grill, table 4')
    await fits(page, 'the menu')
    await contrasts(page, 'the menu')
    await page.screenshot({ path: `${pictures}/menu-top.png` })
    await page.locator('article', { hasText: 'Dumplings' }).locator('select').selectOption('2')
    await page.getByRole('button', { name: 'Order Dumplings' }).tap()
    await page.locator('#mains').evaluate((section) => section.scrollIntoView({ behavior: 'instant' }))
    await page.clock.runFor(3_000)
    await page.getByRole('button', { name: 'Order Ramen' }).tap()
    assert.equal(await page.textContent('#ordered'), 'Ordered: 3 dishes, €28.50')
    await page.screenshot({ path: `${pictures}/menu-ordered.png` })
    await page.clock.runFor(2_000)
    await page.goto('about:blank')
    // and at table 3 of the other restaurant just looks
    await opened(`${home}/olive-tree/a.html?table=3&utm_source=qr&utm_medium=table&utm_content=table-3`)
    await page.goto('about:blank')
  })

  await step("the owners' questions have their events", async () => {
    await awaitRows('select item, section, position, price, currency, quantity, restaurant, menu, "table" from dish_ordered order by item', [
      ['Dumplings', 'Starters', 2, 7.5, 'EUR', 2, 'blue-lantern', 'b', 4],
      ['Ramen', 'Mains', 6, 13.5, 'EUR', 1, 'blue-lantern', 'b', 4],
    ])
    await awaitRows("select count(*), min(restaurant), min(menu), min(\"table\"), sum(views) = count(*), bool_and(seconds > 0) from item_viewed where item in ('Papaya Salad', 'Dumplings', 'Ramen')", [
      [3, 'blue-lantern', 'b', 4, true, true],
    ])
    const [[first, last]] = await query("select max(seconds) filter (item = 'Papaya Salad'), max(seconds) filter (item = 'Sesame Ice Cream') from item_viewed")
    assert.ok(first >= 4, `${first} s`)
    assert.equal(last, null, 'nobody came down to the desserts')
    const [[depth]] = await query("select max(depth) from page_scrolled where menu = 'b'")
    assert.ok(depth > 40 && depth < 95, `${depth} %`)
    await awaitRows("select distinct utm_source, utm_medium, utm_content, p_restaurant, p_menu, p_table, page_path from events where p_restaurant = 'blue-lantern'", [
      ['qr', 'table', 'table-4', 'blue-lantern', 'b', 4, '/blue-lantern/b.html'],
    ])
    await awaitRows("select device_type, os, browser from events where event = 'page_viewed' group by all", [['mobile', 'Android', 'Chrome Mobile']])
    assert.deepEqual((await insight('funnel', funnel)).steps.map((step) => step.count), [1, 1])
  })

  await step("each restaurant's key sees its rows alone", async () => {
    await awaitRows("select distinct restaurant, menu, \"table\" from item_viewed where item = 'Bruschetta'", [['olive-tree', 'a', 3]])
    for (const restaurant of ['olive-tree', 'blue-lantern']) {
      const answer = await fetch(`${api}/api/v1/keys`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ kind: 'api', scope: 'read', name: restaurant, limit: { property: 'restaurant', value: restaurant } }),
      })
      const { key } = await answer.json()
      await awaitRows('select distinct p_restaurant from events', [[restaurant]], key)
      await awaitRows('select count(*) > 0 from item_viewed', [[true]], key)
    }
  })

  await step('no page complained or asked another host', () => assert.deepEqual(complaints, []))
})
site.close()
