import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Collector, KEY, noBrowser, scene } from './harness.mjs'

const skip = noBrowser
const kept = (page) => page.evaluate(() => [document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(Boolean))
const sentinel = async (page, collector, name = 'Sentinel') => {
  await page.evaluate((event) => window.weir.track(event), name)
  await collector.await(name)
}

test('unless allowed there is no cookie, here or at the collector', { skip }, async () => {
  const { collector, visitor, home } = await scene()
  const page = await visitor.open(home)
  await sentinel(page, collector)
  assert.deepEqual(await visitor.cookies(), [])
  for (const request of collector.requests) assert.equal(request.headers.cookie, undefined)
  assert.deepEqual((await kept(page)).sort(), [`weir:${KEY}:id`, `weir:${KEY}:session`])
})

test('persist: session ends with the tab, memory with the page', { skip }, async () => {
  const { collector, site, visitor, home } = await scene({ options: { persist: 'session' } })
  const memory = site.add('/memory', { collector, options: { persist: 'memory' } })
  const page = await visitor.open(home)
  await sentinel(page, collector, 'One')
  await page.reload()
  await page.waitForFunction(() => window.weir?.version)
  await sentinel(page, collector, 'Two')
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), [])
  const other = await visitor.open(home)
  await sentinel(other, collector, 'Three')
  const [one, two, three] = ['One', 'Two', 'Three'].map((name) => collector.named(name)[0].anonymousId)
  assert.equal(one, two)
  assert.notEqual(one, three)
  const forgetful = await (await visitor.browser().newContext()).newPage()
  await forgetful.goto(memory)
  await forgetful.waitForFunction(() => window.weir?.version)
  await sentinel(forgetful, collector, 'Four')
  await forgetful.reload()
  await forgetful.waitForFunction(() => window.weir?.version)
  await sentinel(forgetful, collector, 'Five')
  assert.deepEqual(await kept(forgetful), [])
  assert.notEqual(collector.named('Four')[0].anonymousId, collector.named('Five')[0].anonymousId)
  await forgetful.context().close()
})

test('persist: cookie lets subdomains share a visitor', { skip }, async () => {
  const options = { persist: 'cookie', 'cookie-domain': 'shop.test' }
  const { collector, site, visitor } = await scene({ options })
  const page = await visitor.open(`http://www.shop.test:${site.port}/`)
  await sentinel(page, collector, 'Www')
  await page.goto(`http://menu.shop.test:${site.port}/`)
  await page.waitForFunction(() => window.weir?.version)
  await sentinel(page, collector, 'Menu')
  const [www] = collector.named('Www')
  const [menu] = collector.named('Menu')
  assert.equal(www.anonymousId, menu.anonymousId)
  assert.equal(www.context.sessionId, menu.context.sessionId)
  const cookies = await visitor.cookies()
  assert.ok(cookies.length === 2 && cookies.every((cookie) => cookie.domain === '.shop.test' && cookie.sameSite === 'Lax'), JSON.stringify(cookies))
  await page.evaluate(() => window.weir.consent('denied'))
  assert.deepEqual(await visitor.cookies(), [])
})

test('pending: nothing is sent or written until it is granted, then all of it is', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { consent: 'pending', delay: 0 } })
  const page = await visitor.open(home)
  await page.evaluate(async () => {
    window.weir.identify('u1')
    window.weir.track('Waited')
    await window.weir.flush()
  })
  assert.deepEqual(await kept(page), [])
  assert.equal(collector.requests.length, 0)
  await page.evaluate(() => window.weir.consent('granted'))
  await collector.await('Waited')
  assert.deepEqual(collector.events.map((event) => event.type), ['page', 'identify', 'track'])
  await page.reload()
  await collector.await('page', 2)
  assert.equal(collector.named('page')[0].anonymousId, collector.named('page')[1].anonymousId)
})

test('pending, asked for by a call on each page, keeps the visitor that was granted before', { skip }, async () => {
  const head = '<script>(window.weir=window.weir||[]).push(["consent","pending"])</script>'
  const { collector, visitor, home } = await scene({ head })
  const page = await visitor.open(home)
  await page.evaluate(() => window.weir.track('Waiting'))
  assert.deepEqual(await kept(page), [`weir:${KEY}:consent`])
  await page.evaluate(() => window.weir.consent('granted'))
  await sentinel(page, collector, 'First')
  await page.reload()
  await page.waitForFunction(() => window.weir?.version)
  await page.evaluate(() => window.weir.consent('granted'))
  await sentinel(page, collector, 'Second')
  assert.equal(collector.named('First')[0].anonymousId, collector.named('Second')[0].anonymousId)
})

test('denied: what waited is dropped, what was kept is forgotten, and it is remembered', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { delay: 60_000 } })
  const page = await visitor.open(home)
  await page.evaluate(() => {
    window.weir.track('Dropped')
    window.weir.consent('denied')
    window.weir.track('Not made')
    return window.weir.flush()
  })
  assert.deepEqual(await kept(page), [`weir:${KEY}:consent`])
  await page.reload()
  await page.waitForFunction(() => window.weir?.version)
  await page.evaluate(() => window.weir.track('Not made either'))
  await page.evaluate(() => {
    window.weir.consent('granted')
    window.weir.track('Granted')
    return window.weir.flush()
  })
  await collector.await('Granted')
  assert.deepEqual(collector.events.map((event) => event.event ?? event.type), ['page', 'Granted'])
})

for (const [signal, value] of [['globalPrivacyControl', true], ['doNotTrack', '1']]) {
  test(`${signal} counts as denied unless it is ignored or the visitor agrees`, { skip }, async () => {
    const { collector, site, visitor, home } = await scene()
    const ignoring = site.add('/ignoring', { collector, options: { dnt: 'ignore' } })
    await visitor.addInitScript(([name, set]) => Object.defineProperty(Navigator.prototype, name, { get: () => set }), [signal, value])
    const page = await visitor.open(home)
    await page.evaluate(() => {
      window.weir.track('Not made')
      return window.weir.flush()
    })
    assert.deepEqual(await kept(page), [])
    await page.goto(ignoring)
    await collector.await('page')
    await page.goto(home)
    await page.waitForFunction(() => window.weir?.version)
    await page.evaluate(() => window.weir.consent('granted'))
    await sentinel(page, collector, 'Agreed')
    assert.equal(collector.named('Not made').length, 0)
  })
}

test('a strict Content-Security-Policy needs the collector named, and nothing else', { skip }, async () => {
  const { collector, site, visitor } = await scene()
  const csp = site.add('/csp', { collector, head: '<script src="/own.js"></script>', body: '<form><input></form><div data-weir-item="x">x</div>' })
  site.pages['/own.js'] = '(window.weir = window.weir || []).push(["track", "Own"]); violations = []; document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective))'
  site.headers['Content-Security-Policy'] = `default-src 'none'; script-src 'self' ${collector.origin}; connect-src ${collector.origin}; require-trusted-types-for 'script'`
  const page = await visitor.open(csp)
  await page.fill('input', 'x')
  await collector.await('form_started')
  await page.evaluate(() => history.pushState({}, '', '/next'))
  await collector.await('page', 2)
  assert.deepEqual(await page.evaluate(() => window.violations), [])
  assert.equal(collector.named('Own').length, 1)
  const closed = page.waitForEvent('close')
  await page.close({ runBeforeUnload: true })
  await closed
  await collector.await('web_vitals')
  assert.deepEqual(visitor.complaints, [])
})

test('the script is taken where its integrity fits', { skip }, async () => {
  const { collector, site, visitor, home } = await scene()
  const { files } = JSON.parse(await import('node:fs').then(({ readFileSync }) => readFileSync(new URL('../dist/manifest.json', import.meta.url), 'utf8')))
  site.pages['/'] = site.pages['/'].replace('<script async', `<script async crossorigin="anonymous" integrity="${files['weir.js'].integrity}"`)
  await visitor.open(home)
  await collector.await('page')
})

test('two keys on one origin know nothing of each other', { skip }, async () => {
  const { collector, site, visitor, home } = await scene()
  const second = await Collector.start()
  site.pages['/'] = site.pages['/'].replace('</head>', `<script async src="${second.origin}/weir.js" data-key="wk_second" data-name="second"></script></head>`)
  const page = await visitor.open(home)
  await page.waitForFunction(() => window.second?.version)
  await collector.await('page')
  await second.await('page')
  assert.notEqual(collector.named('page')[0].anonymousId, second.named('page')[0].anonymousId)
  assert.equal(second.requests[0].body.writeKey, 'wk_second')
})
