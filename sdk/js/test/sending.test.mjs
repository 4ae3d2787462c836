import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Collector, emptied, noBrowser, scene } from './harness.mjs'

const skip = noBrowser
const quiet = { pages: false, scroll: false, vitals: false }
const once = (event) => event.messageId

/** Every event came, and each by one message id. */
const allOf = (collector, name, count) => {
  const numbers = collector.named(name).map((event) => event.properties.n)
  assert.deepEqual([...new Set(numbers)].sort((a, b) => a - b), Array.from({ length: count }, (_, i) => i))
  assert.equal(new Set(collector.named(name).map(once)).size, count)
}
const track = (page, name, count) =>
  page.evaluate(
    ([event, upTo]) => {
      for (let n = 0; n < upTo; n++) window.weir.track(event, { n })
    },
    [name, count],
  )
const stored = (page) => page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes(':q:')).length)

test('100 events in a burst arrive once, in order, in few requests that a closing page could send', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: quiet })
  const page = await visitor.open(home)
  await track(page, 'Burst', 100)
  await collector.await('Burst', 100)
  await emptied(page)
  allOf(collector, 'Burst', 100)
  assert.equal(collector.events.length, 100)
  assert.deepEqual(collector.named('Burst').map((event) => event.properties.n), Array.from({ length: 100 }, (_, i) => i))
  assert.ok(collector.requests.length <= 3, `${collector.requests.length} requests`)
  for (const request of collector.requests) assert.ok(request.bytes <= 64 * 1024, `${request.bytes} bytes`)
})

test('large events are split over requests; one beyond what a beacon takes is sent all the same', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: quiet })
  const page = await visitor.open(home)
  await page.evaluate(() => {
    for (let n = 0; n < 8; n++) window.weir.track('Large', { n, text: 'ü'.repeat(n === 5 ? 60_000 : 10_000) })
  })
  await collector.await('Large', 8)
  allOf(collector, 'Large', 8)
  assert.equal(collector.requests.filter((request) => request.bytes > 64 * 1024).length, 1)
})

test('offline and back: what was made in between comes, once', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: quiet })
  const page = await visitor.open(home)
  await track(page, 'Before', 1)
  await collector.await('Before')
  await visitor.setOffline(true)
  const failed = page.waitForEvent('requestfailed')
  await track(page, 'Offline', 20)
  await failed
  assert.equal(await stored(page), 20)
  await visitor.setOffline(false)
  await collector.await('Offline', 20)
  await emptied(page)
  allOf(collector, 'Offline', 20)
  assert.equal(collector.named('Offline').length, 20)
})

test('a page that is closed while offline leaves its events to the next one', { skip }, async () => {
  const { collector, site, visitor, home } = await scene({ options: quiet })
  site.pages['/plain'] = '<!doctype html><title>Plain</title>'
  const page = await visitor.open(home)
  await visitor.setOffline(true)
  await track(page, 'Offline', 5)
  const closed = page.waitForEvent('close')
  await page.close({ runBeforeUnload: true })
  await closed
  await visitor.setOffline(false)
  assert.equal(collector.events.length, 0)
  await visitor.open(home)
  await collector.await('Offline', 5)
  allOf(collector, 'Offline', 5)
})

test('a tab that is closed in the middle has sent what it had', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { ...quiet, delay: 60_000 } })
  const page = await visitor.open(home)
  await track(page, 'Closed', 100)
  await page.close({ runBeforeUnload: true })
  await collector.await('Closed', 100)
  allOf(collector, 'Closed', 100)
})

test('what is more than a browser takes from a closing tab goes with the next page', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { ...quiet, delay: 60_000 } })
  const page = await visitor.open(home)
  await track(page, 'Closed', 500)
  const closed = page.waitForEvent('close')
  await page.close({ runBeforeUnload: true })
  await closed
  await visitor.open(home)
  await collector.await('Closed', 500)
  allOf(collector, 'Closed', 500)
  for (const request of collector.requests) assert.ok(request.bytes <= 64 * 1024)
})

test('an event that no beacon takes keeps no other one from it', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { ...quiet, delay: 60_000, persist: 'memory' } })
  const page = await visitor.open(home)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: false }) // as where a browser tells of pagehide alone
    window.weir.track('Large', { text: 'x'.repeat(70_000) })
  })
  await track(page, 'Closed', 3)
  await page.close({ runBeforeUnload: true })
  await collector.await('Closed', 3)
  allOf(collector, 'Closed', 3)
})

test('an entry that somebody has spoilt costs no other event', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { ...quiet, delay: 60_000 } })
  const page = await visitor.open(home)
  await track(page, 'Kept', 3)
  await page.evaluate(() => {
    const [, second] = Object.keys(localStorage).filter((name) => name.includes(':q:')).sort()
    localStorage.setItem(second, localStorage.getItem(second).slice(0, 40))
    return window.weir.flush()
  })
  await collector.await('Kept', 2)
  await emptied(page)
  assert.deepEqual(collector.named('Kept').map((event) => event.properties.n), [0, 2])
})

test('an old library’s own toJSON spoils no batch', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: quiet })
  const page = await visitor.open(home, (each) =>
    each.addInitScript(() => {
      Array.prototype.toJSON = Date.prototype.toJSON = () => 'spoilt'
    }),
  )
  await page.evaluate(() => window.weir.track('Sent', { n: 1 }))
  const [{ timestamp, properties }] = await collector.await('Sent')
  assert.equal(properties.n, 1)
  assert.ok(!timestamp.includes('spoilt'))
})

test('a clock that is set back meanwhile makes no wait longer', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: quiet })
  collector.answer = (_, number) => (number === 1 ? { status: 429, headers: { 'Retry-After': '60' } } : { status: 200 })
  const page = await visitor.open(home, (each) => each.clock.install())
  await track(page, 'Limited', 1)
  await page.clock.runFor(200)
  await collector.awaitRequests(1)
  await page.waitForFunction(() => window.weir.flush().then(() => true))
  await page.clock.setSystemTime(Date.now() - 86_400_000)
  await page.clock.runFor(61_000)
  await collector.await('Limited')
})

test('a tab whose process dies leaves its events to the next page', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { ...quiet, delay: 60_000 } })
  const page = await visitor.open(home)
  await track(page, 'Crashed', 5)
  const session = await visitor.newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  session.send('Page.crash').catch(() => {})
  await crashed
  assert.equal(collector.events.length, 0)
  await visitor.open(home)
  await collector.await('Crashed', 5)
  allOf(collector, 'Crashed', 5)
})

test('a reload with a full queue sends all of it, while the limit drops the oldest', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { ...quiet, 'max-queue': 50 } })
  collector.answer = () => ({ status: 503, headers: { 'Retry-After': '3600' } })
  const page = await visitor.open(home)
  await track(page, 'First', 1)
  await collector.awaitRequests(1)
  await track(page, 'Full', 60)
  assert.equal(await stored(page), 50)
  collector.answer = () => ({ status: 200 })
  await page.reload()
  await collector.await('Full', 50)
  await emptied(page)
  assert.deepEqual(collector.named('Full').map((event) => event.properties.n), Array.from({ length: 50 }, (_, i) => i + 10))
  const sequences = collector.named('Full').map((event) => event.context.sequence)
  assert.equal(Math.max(...sequences) - sequences.length, 11, 'the gap can be counted')
})

for (const status of [503, 429, 500, 408]) {
  test(`after ${status} the same events are sent again, by the same ids`, { skip }, async () => {
    const { collector, visitor, home } = await scene({ options: quiet })
    collector.answer = (_, number) => ({ status: number <= 2 ? status : 200 })
    const page = await visitor.open(home, (each) => each.clock.install())
    await track(page, 'Retried', 3)
    await page.clock.runFor(200)
    await collector.awaitRequests(1)
    for (let requests = 2; requests <= 3; requests++) {
      while (collector.requests.length < requests) await page.clock.runFor(500)
    }
    await collector.await('Retried', 3)
    const [first, second, third] = collector.requests.map((request) => request.body.batch.map(once))
    assert.deepEqual(second, first)
    assert.deepEqual(third, first)
    await emptied(page)
  })
}

test('Retry-After is waited for, also when the network comes back meanwhile', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: quiet })
  collector.answer = (_, number) => (number === 1 ? { status: 429, headers: { 'Retry-After': '60' } } : { status: 200 })
  const page = await visitor.open(home, (each) => each.clock.install())
  await track(page, 'Limited', 1)
  await page.clock.runFor(200)
  await collector.awaitRequests(1)
  await page.waitForFunction(() => window.weir.flush().then(() => true))
  await page.clock.runFor(58_000)
  await track(page, 'Limited too', 1)
  await page.evaluate(() => {
    dispatchEvent(new Event('online'))
    return window.weir.flush()
  })
  await page.clock.runFor(1_000)
  assert.equal(collector.requests.length, 1)
  await page.clock.runFor(2_000)
  await collector.await('Limited too')
  assert.equal(collector.requests.length, 2)
})

test('a Retry-After of years neither ends soon nor keeps the page busy', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: quiet })
  collector.answer = () => ({ status: 503, headers: { 'Retry-After': '100000000' } })
  const page = await visitor.open(home, async (each) => {
    await each.clock.install()
    await each.addInitScript(() => {
      window.asked = 0
      const { request } = LockManager.prototype
      LockManager.prototype.request = function (...args) {
        window.asked++
        return request.apply(this, args)
      }
    })
  })
  await track(page, 'Delayed', 1)
  await page.clock.runFor(200)
  await collector.awaitRequests(1)
  await page.evaluate(() => window.weir.flush())
  for (let i = 0; i < 20; i++) await page.clock.runFor(60_000)
  assert.equal(collector.requests.length, 1)
  const asked = await page.evaluate(() => window.asked)
  assert.ok(asked < 10, `${asked} times`)
})

test('waits grow with each failure, each a different one', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { ...quiet, debug: true } })
  collector.answer = () => ({ status: 503 })
  const page = await visitor.newPage()
  await page.clock.install()
  const waits = []
  page.on('console', (message) => waits.push(...(/again in ([\d.]+) ms/.exec(message.text())?.slice(1).map(Number) ?? [])))
  await page.goto(home)
  await page.waitForFunction(() => window.weir?.version)
  await track(page, 'Failing', 1)
  await page.clock.runFor(200)
  await collector.awaitRequests(1)
  while (waits.length < 12) await page.clock.runFor(10_000)
  waits.slice(0, 12).forEach((wait, i) => {
    const most = Math.min(300_000, 1_000 * 2 ** i)
    assert.ok(wait >= most / 2 && wait <= most, `wait ${i}: ${wait}`)
  })
})

for (const status of [400, 401, 413]) {
  test(`${status} is final: those events are dropped, later ones are sent`, { skip }, async () => {
    const { collector, visitor, home } = await scene({ options: quiet })
    collector.answer = (_, number) => ({ status: number === 1 ? status : 200 })
    const page = await visitor.open(home)
    await track(page, 'Refused', 2)
    await collector.awaitRequests(1)
    await emptied(page)
    await track(page, 'Later', 1)
    await collector.await('Later')
    assert.equal(collector.requests.length, 2)
    assert.equal(collector.named('Refused').length, 0)
  })
}

test('a slow collector is asked once; what comes meanwhile waits', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: quiet })
  let release
  collector.answer = (_, number) => ({ status: 200, hold: number === 1 ? new Promise((done) => (release = done)) : undefined })
  const page = await visitor.open(home)
  await track(page, 'Slow', 1)
  await collector.awaitRequests(1)
  await track(page, 'Meanwhile', 1)
  const flushed = page.evaluate(() => window.weir.flush())
  assert.equal(collector.requests.length, 1)
  release()
  await flushed
  await collector.await('Meanwhile')
  assert.equal(collector.named('Slow').length, 1)
})

test('several tabs send the events of all once', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: quiet })
  const tabs = await Promise.all([visitor.open(home), visitor.open(home), visitor.open(home)])
  await Promise.all(tabs.map((tab, i) => track(tab, `Tab ${i}`, 40)))
  await Promise.all(tabs.map((tab) => tab.evaluate(() => window.weir.flush())))
  for (let i = 0; i < 3; i++) await collector.await(`Tab ${i}`, 40)
  await emptied(tabs[0])
  assert.equal(collector.events.length, 120)
  for (let i = 0; i < 3; i++) allOf(collector, `Tab ${i}`, 40)
})

test('a page that is hidden sends, and keeps what fails', { skip }, async () => {
  const { collector, visitor, home } = await scene({ options: { ...quiet, delay: 60_000 } })
  collector.answer = (_, number) => ({ status: number === 1 ? 503 : 200 })
  const page = await visitor.open(home)
  await track(page, 'Hidden', 3)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await collector.awaitRequests(1)
  assert.equal(await stored(page), 3)
  await collector.await('Hidden', 3)
  await emptied(page)
})

for (const [what, prepare] of Object.entries({
  'forbidden by a sandbox': undefined,
  'forbidden to read': () => {
    for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } })
  },
  'forbidden to use': () => {
    for (const name of ['getItem', 'setItem', 'removeItem', 'key']) Storage.prototype[name] = () => { throw new DOMException('no', 'SecurityError') }
  },
  absent: () => Object.defineProperty(window, 'localStorage', { value: null }),
  full: () => {
    const text = 'x'.repeat(1024)
    try {
      for (let i = 0; ; i++) localStorage.setItem(`host${i}`, text.repeat(100))
    } catch {}
    try {
      for (let i = 0; ; i++) localStorage.setItem(`rest${i}`, 'x')
    } catch {}
  },
})) {
  test(`storage ${what}: events arrive, and the page sees no error`, { skip }, async () => {
    const { collector, site, visitor, home } = await scene({ options: { vitals: false, scroll: false } })
    if (!prepare) site.headers['Content-Security-Policy'] = 'sandbox allow-scripts'
    const page = await visitor.open(home, (each) => prepare && each.addInitScript(prepare))
    await track(page, 'Stored nowhere', 30)
    await collector.await('Stored nowhere', 30)
    await collector.await('page')
    allOf(collector, 'Stored nowhere', 30)
    assert.equal(collector.events.length, 31)
    assert.equal(new Set(collector.events.map((event) => event.anonymousId)).size, 1)
    assert.equal(new Set(collector.events.map((event) => event.context.sessionId)).size, 1)
    await track(page, 'At the end', 3)
    await page.close({ runBeforeUnload: true })
    await collector.await('At the end', 3)
    assert.deepEqual(visitor.complaints, [])
  })
}

test('a host without TLS has no locks and no randomUUID, and misses nothing', { skip }, async () => {
  const { collector, site, visitor } = await scene({ options: quiet })
  const page = await visitor.open(`http://shop.test:${site.port}/`)
  assert.deepEqual(await page.evaluate(() => [isSecureContext, typeof navigator.locks, typeof crypto.randomUUID]), [false, 'undefined', 'undefined'])
  await track(page, 'Plain', 10)
  await collector.await('Plain', 10)
  allOf(collector, 'Plain', 10)
  await emptied(page)
})

test('a collector that does not exist costs the page nothing', { skip }, async () => {
  const { visitor, home, site } = await scene({ options: { ...quiet, host: 'http://127.0.0.1:9' } })
  assert.ok(site && Collector)
  const page = await visitor.open(home)
  const failed = page.waitForEvent('requestfailed')
  await track(page, 'Nowhere', 2)
  await failed
  assert.equal(await stored(page), 2)
  assert.deepEqual(visitor.complaints, [])
})
