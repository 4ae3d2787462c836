import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptied, noBrowser, scene } from './harness.mjs'

const skip = noBrowser

const summary = (events) => events.map(({ context: { page } }) => [page.path, page.title, page.referrer])

test('a classic site: a view for each page, in one session, with what the columns take', { skip }, async () => {
  const { collector, site, visitor, home } = await scene({ body: '<a href="/menu?table=7">Menu</a>' }, { viewport: { width: 800, height: 600 }, locale: 'de-DE', timezoneId: 'Europe/Berlin' })
  site.add('/menu', { collector, title: 'Menu' })
  const page = await visitor.open(home)
  await collector.await('page')
  await page.click('a')
  const [first, second] = await collector.await('page', 2)
  assert.deepEqual(summary([first, second]), [['/', 'Home', undefined], ['/menu', 'Menu', home]])
  assert.equal(second.context.page.url, `${site.origin}/menu?table=7`)
  assert.equal(first.channel, 'web')
  assert.deepEqual(first.context.screen, { width: 800, height: 600, innerWidth: 800, innerHeight: 600 })
  assert.equal(first.context.locale, 'de-DE')
  assert.equal(first.context.timezone, 'Europe/Berlin')
  assert.equal(first.context.library.name, 'weir.js')
  assert.match(first.anonymousId, /^[0-9a-f]{32}$/)
  assert.equal(first.anonymousId, second.anonymousId)
  assert.equal(first.context.sessionId, second.context.sessionId)
  assert.notEqual(first.context.page_id, second.context.page_id)
  assert.equal(new Set(collector.events.map((event) => event.messageId)).size, collector.events.length)
  const { body, headers, url, method } = collector.requests[0]
  assert.deepEqual([method, url, headers['content-type'], body.writeKey], ['POST', '/v1/batch', 'text/plain;charset=UTF-8', 'wk_test'])
  assert.ok(Math.abs(Date.parse(body.sentAt) - collector.requests[0].at) < 60_000)
})

test('sequence numbers of a page have no gap', { skip }, async () => {
  const { collector, visitor, home } = await scene()
  const page = await visitor.open(home)
  await page.evaluate(() => {
    for (let i = 0; i < 5; i++) window.weir.track('Ticked')
    return window.weir.flush()
  })
  await page.goto('about:blank')
  await collector.await('page_scrolled')
  await collector.await('web_vitals')
  const numbers = collector.events.map((event) => event.context.sequence).sort((a, b) => a - b)
  assert.deepEqual(numbers, Array.from(numbers, (_, i) => i + 1))
  assert.equal(new Set(collector.events.map((event) => event.context.page_id)).size, 1)
})

test('a single-page app: pushState and popstate are views, replaceState to the same address is none', { skip }, async () => {
  const { collector, site, visitor, home } = await scene()
  const page = await visitor.open(home)
  await collector.await('page')
  await page.evaluate(() => {
    history.replaceState({ scroll: 1 }, '')
    history.pushState({}, '', '/dish/1')
    setTimeout(() => (document.title = 'Dish 1')) // frameworks set it later
  })
  await collector.await('page', 2)
  await page.evaluate(() => history.replaceState({}, '', '/dish/1?sort=price'))
  await collector.await('page', 3)
  await page.evaluate(() => history.pushState({}, '', '/dish/1?sort=price#comments'))
  await page.goBack()
  await page.goBack()
  await collector.await('page', 4)
  await page.evaluate(() => {
    document.title = 'Home again'
    history.pushState({}, '', '/end')
    document.title = 'End'
    window.weir.track('Ended')
    return window.weir.flush()
  })
  await collector.await('Ended')
  const views = collector.named('page')
  assert.deepEqual(
    views.map((view) => view.context.page.url.slice(site.origin.length)),
    ['/', '/dish/1', '/dish/1?sort=price', '/', '/end'],
  )
  assert.equal(views[1].context.page.title, 'Dish 1')
  assert.equal(views[1].context.page.referrer, home)
  assert.equal(new Set(views.map((view) => view.context.page_id)).size, 5)
  const [ended] = collector.named('Ended')
  assert.deepEqual([ended.context.page.path, ended.context.page.title, ended.context.sequence], ['/end', 'End', 2])
})

test('routing by hash, where it is asked for', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { hash: true } })
  const page = await visitor.open(`${home}#/menu`)
  await collector.await('page')
  await page.evaluate(() => (location.hash = '#/cart'))
  await collector.await('page', 2)
  assert.deepEqual(summary(collector.named('page')).map(([path]) => path), ['/#/menu', '/#/cart'])
})

test('page() takes the place of the view that was about to be sent, and is a view of its own later', { skip }, async () => {
  const { collector, visitor, home } = await scene({ head: '<script>(window.weir=window.weir||[]).push(["page","Start",{shelf:"front"}])</script>' })
  const page = await visitor.open(home)
  const [view] = await collector.await('page')
  assert.deepEqual([view.name, view.properties], ['Start', { shelf: 'front' }])
  await page.evaluate(() => window.weir.page('Dialog'))
  const [, dialog] = await collector.await('page', 2)
  assert.notEqual(dialog.context.page_id, view.context.page_id)
  await page.evaluate(() => {
    history.pushState({}, '', '/next')
    window.weir.page('Next')
    window.weir.track('Last')
  })
  await collector.await('Last')
  assert.deepEqual(collector.named('page').map((each) => each.name), ['Start', 'Dialog', 'Next'])
})

test('no view is sent unasked where pages is false, and events still know their page', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { pages: false } })
  const page = await visitor.open(home)
  await page.evaluate(() => {
    window.weir.track('One')
    history.pushState({}, '', '/two')
    window.weir.track('Two')
    window.weir.page('Asked')
  })
  await collector.await('page')
  assert.deepEqual(
    collector.events.filter((event) => event.event !== 'page_scrolled').map((event) => [event.event ?? event.name, event.context.page.path]),
    [['One', '/'], ['Two', '/two'], ['Asked', '/two']],
  )
  assert.equal(collector.named('Two')[0].context.page_id, collector.named('page')[0].context.page_id)
})

test('a page that comes back out of the browser’s cache is viewed again', { skip }, async () => {
  const { collector, site, visitor, home } = await scene()
  site.pages['/plain'] = '<!doctype html><title>Plain</title>'
  const page = await visitor.open(home)
  await collector.await('page')
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  const [first, second] = await collector.await('page', 2)
  assert.notEqual(first.context.page_id, second.context.page_id)
})

test('a page that is rendered ahead tells nothing until somebody sees it, and then all of it', { skip }, async () => {
  const { collector, visitor, home } = await scene()
  const page = await visitor.open(home, (each) =>
    each.addInitScript(() => Object.defineProperty(document, 'prerendering', { configurable: true, get: () => !window.activated })),
  )
  const kept = await page.evaluate(async () => {
    window.weir.identify('u1')
    window.weir.track('Menu Opened', { n: 1 })
    await window.weir.flush()
    return Object.keys(localStorage)
  })
  assert.deepEqual(kept, [])
  assert.equal(collector.requests.length, 0)
  await page.evaluate(() => {
    window.activated = true
    document.dispatchEvent(new Event('prerenderingchange'))
  })
  await collector.await('Menu Opened')
  assert.deepEqual(collector.events.map((event) => event.event ?? event.type), ['page', 'identify', 'Menu Opened'])
  assert.equal(collector.named('Menu Opened')[0].userId, 'u1')
})

test('a session ends after thirty minutes without an event, and is one over tabs', { skip }, async () => {
  const { collector, visitor, home } = await scene()
  const start = Date.now()
  const page = await visitor.open(home, (each) => each.clock.install({ time: start }))
  await page.clock.runFor(500)
  await collector.await('page')
  await emptied(page) // to the other tab, this one's events may seem old
  const other = await visitor.open(home)
  await collector.await('page', 2)
  await emptied(other) // else its view, whose answer it has not seen, is sent again
  await other.close()
  await page.clock.runFor(29 * 60_000)
  await page.evaluate(() => window.weir.track('Within'))
  await page.clock.runFor(500)
  await collector.await('Within')
  await page.clock.runFor(31 * 60_000)
  await page.evaluate(() => window.weir.track('After'))
  await page.clock.runFor(500)
  await collector.await('After')
  const sessions = (name) => [...new Set(collector.named(name).map((event) => event.context.sessionId))]
  assert.equal(sessions('page').length, 1, 'both tabs')
  assert.deepEqual(sessions('Within'), sessions('page'), '29 minutes later')
  assert.equal(sessions('After').length, 1)
  assert.notDeepEqual(sessions('After'), sessions('page'))
  assert.equal(new Set(collector.events.map((event) => event.anonymousId)).size, 1)
})

test('a clock that was years ahead holds no session open', { skip }, async () => {
  const { collector, visitor, home } = await scene()
  const now = Date.now()
  const page = await visitor.open(home, (each) => each.clock.install({ time: now + 400 * 86_400_000 }))
  await page.clock.runFor(500)
  await collector.await('page')
  await page.clock.setSystemTime(now)
  await page.evaluate(() => window.weir.track('Set right'))
  await page.clock.runFor(500)
  await collector.await('Set right')
  await page.clock.runFor(31 * 60_000)
  await page.evaluate(() => window.weir.track('After'))
  await page.clock.runFor(500)
  await collector.await('After')
  const sessions = ['page', 'Set right', 'After'].map((name) => collector.named(name)[0].context.sessionId)
  assert.equal(new Set(sessions).size, 3)
})

test('a campaign in a link that was escaped once too often', { skip }, async () => {
  const { collector, visitor, home } = await scene()
  await visitor.open(`${home}?utm_source=mail&amp;utm_medium=email&amp;gclid=abc`)
  const [{ context }] = await collector.await('page')
  assert.deepEqual(context.campaign, { source: 'mail', medium: 'email', click_id: 'abc', click_id_name: 'gclid' })
})

test('the campaign stays with the session; a new one takes its place', { skip }, async () => {
  const { collector, visitor, home, site } = await scene()
  site.add('/next', { collector })
  const page = await visitor.open(`${home}?utm_source=mail&utm_medium=email&utm_campaign=spring&utm_term=a&utm_content=b&utm_id=7&gclid=abc`)
  await collector.await('page')
  await page.goto(`${site.origin}/next`)
  const [first, second] = await collector.await('page', 2)
  const campaign = { source: 'mail', medium: 'email', name: 'spring', term: 'a', content: 'b', id: '7', click_id: 'abc', click_id_name: 'gclid' }
  assert.deepEqual(first.context.campaign, campaign)
  assert.deepEqual(second.context.campaign, campaign)
  assert.equal(first.context.sessionId, second.context.sessionId)
  await page.goto(`${site.origin}/next?utm_source=poster`)
  const [, , third] = await collector.await('page', 3)
  assert.deepEqual(third.context.campaign, { source: 'poster' })
})
