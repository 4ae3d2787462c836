import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { noBrowser, scene } from './harness.mjs'

const skip = noBrowser
const stay = '<script>addEventListener("click", (event) => event.preventDefault()); addEventListener("submit", (event) => event.preventDefault())</script>'

test('clicks on marked elements say what they mark; others are told where that is wanted', { skip }, async () => {
  const body = `${stay}<section data-weir-section="Mains"><article data-weir-item="pizza" data-weir-position="3">
    <button data-weir-event="Ordered" data-weir-prop-price="9.5" data-weir-prop-table-name="window" data-weir-prop-code="007"><b>Order</b></button></article></section>
    <button id="plain">  Say   hello </button><p>text</p>`
  const { collector, visitor, home, site } = await scene({ body })
  const page = await visitor.open(home)
  await page.click('b')
  const [ordered] = await collector.await('Ordered')
  assert.deepEqual(ordered.properties, { item: 'pizza', section: 'Mains', position: 3, price: 9.5, table_name: 'window', code: '007' })
  await page.click('#plain')
  site.add('/all', { collector, body, options: { clicks: true } })
  await page.goto(`${site.origin}/all`)
  await page.waitForFunction(() => window.weir?.version)
  await page.click('p')
  await page.click('b')
  await page.click('#plain')
  await collector.await('element_clicked')
  assert.equal(collector.named('Ordered').length, 2)
  assert.deepEqual(collector.named('element_clicked').map((event) => event.properties), [{ tag: 'button', id: 'plain', text: 'Say hello' }])
})

test('clicks inside web components: the marks and links around them count', { skip }, async () => {
  const body = `${stay}<article data-weir-item="pizza" data-weir-position="3"><order-button></order-button></article>
    <a id="out" href="https://other.example/x"><my-icon></my-icon></a><button id="wide"><my-icon></my-icon></button>
    <script>
      customElements.define('order-button', class extends HTMLElement {
        constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<button data-weir-event="Ordered" data-weir-prop-price="9"><my-icon></my-icon></button>' }
      })
      customElements.define('my-icon', class extends HTMLElement {
        constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<svg width="20" height="20"><path d="M0 0h20v20H0z"/></svg>' }
      })
    </script>`
  const { collector, visitor, home } = await scene({ body, options: { clicks: true } })
  const page = await visitor.open(home)
  await page.click('order-button path')
  await page.click('#out path')
  await page.click('#wide path')
  await collector.await('element_clicked', 2)
  assert.deepEqual(collector.named('Ordered').map((event) => event.properties), [{ item: 'pizza', position: 3, price: 9 }])
  assert.equal(collector.named('link_clicked')[0].properties.host, 'other.example')
  assert.deepEqual(collector.named('element_clicked').map((event) => event.properties.id), ['out', 'wide'])
})

test('what the page is marked with is on all events that have properties', { skip }, async () => {
  const { collector, visitor, site } = await scene()
  site.pages['/menu'] = site.pages['/'].replace('<html>', '<html data-weir-prop-restaurant="olive" data-weir-prop-table-name="7">')
  const page = await visitor.open(`${site.origin}/menu`)
  await page.evaluate(() => {
    window.weir.identify('u1', { plan: 'guest' })
    document.documentElement.setAttribute('data-weir-prop-version', 'b')
    window.weir.track('Ordered', { restaurant: 'own' })
  })
  await page.goto('about:blank')
  await collector.await('page_scrolled')
  const [view] = collector.named('page')
  assert.deepEqual(view.properties, { restaurant: 'olive', table_name: 7 })
  assert.deepEqual(collector.named('Ordered')[0].properties, { restaurant: 'own', table_name: 7, version: 'b' })
  const [scrolled] = collector.named('page_scrolled')
  assert.deepEqual(scrolled.properties, { restaurant: 'olive', table_name: 7, version: 'b', depth: 100 })
  const [identified] = collector.named('identify')
  assert.equal(identified.properties, undefined)
})

test('links to other hosts and to files', { skip }, async () => {
  const body = `${stay}<a id="out" href="https://other.example/x?y=1#z">out</a><a id="file" href="/card.PDF?v=2">file</a><a id="other" href="https://other.example/a.zip">zip</a>
    <a id="named" href="/export" download>export</a><a id="in" href="/menu">in</a><a id="mail" href="mailto:a@example.com">mail</a>`
  const { collector, visitor, home, site } = await scene({ body })
  const page = await visitor.open(home)
  for (const id of ['in', 'mail', 'out', 'file', 'other', 'named']) await page.click(`#${id}`)
  await collector.await('file_downloaded', 3)
  assert.deepEqual(collector.named('link_clicked').map((event) => event.properties), [{ url: 'https://other.example/x?y=1#z', host: 'other.example', outbound: true }])
  assert.deepEqual(
    collector.named('file_downloaded').map((event) => event.properties),
    [
      { url: `${site.origin}/card.PDF?v=2`, file: 'card.PDF', extension: 'pdf' },
      { url: 'https://other.example/a.zip', file: 'a.zip', extension: 'zip' },
      { url: `${site.origin}/export`, file: 'export' },
    ],
  )
})

test('a click that leaves the page is not lost', { skip }, async () => {
  const { collector, visitor, home, site } = await scene({ body: '<a href="/next" data-weir-event="Left">next</a>', options: { delay: 60000 } })
  site.pages['/next'] = '<!doctype html><title>Next</title>'
  const page = await visitor.open(home)
  await page.click('a')
  await collector.await('Left')
})

test('forms: begun and submitted, and nothing of what was written', { skip }, async () => {
  const body = `<script>addEventListener("submit", (event) => event.preventDefault())</script><form id="book" action="/book?token=secret" method="post"><input name="id" value="x"><input name="name"><input name="password" type="password"><button>Book</button></form>
    <form name="second"><input id="other"></form>`
  const { collector, visitor, home, site } = await scene({ body })
  const page = await visitor.open(home)
  await page.fill('[name=name]', 'Ada Secret')
  await page.fill('[name=password]', 'hunter2')
  await page.fill('#other', 'private')
  await page.click('button')
  await collector.await('form_submitted')
  const book = { form: 'book', action: '/book', method: 'post' }
  assert.deepEqual(collector.named('form_started').map((event) => event.properties), [book, { form: 'second' }])
  assert.deepEqual(collector.named('form_submitted').map((event) => event.properties), [book])
  assert.doesNotMatch(JSON.stringify(collector.requests.map((request) => request.body)), /Secret|hunter2|private|token/)
  assert.ok(site)
})

test('scroll depth, told when the page is left, and once more only if it went deeper', { skip }, async () => {
  const { collector, visitor, home } = await scene({ body: '<style>body{margin:0}</style><div style="height:4000px">long</div>' }, { viewport: { width: 800, height: 1000 } })
  const page = await visitor.open(home)
  const hide = (hidden) =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: state })
      document.dispatchEvent(new Event('visibilitychange'))
    }, hidden)
  const to = (y) => page.evaluate((top) => new Promise((done) => { addEventListener('scroll', done, { once: true }); scrollTo(0, top) }), y)
  await to(1000)
  await to(100)
  await hide(true)
  await collector.await('page_scrolled')
  await hide(false)
  await hide(true)
  await hide(false)
  await to(3000)
  await page.evaluate(() => history.pushState({}, '', '/other'))
  await collector.await('page_scrolled', 2)
  await collector.await('page', 2)
  await page.close({ runBeforeUnload: true })
  await collector.await('page_scrolled', 3)
  assert.deepEqual(
    collector.named('page_scrolled').map((event) => [event.context.page.path, event.properties.depth]),
    [['/', 50], ['/', 100], ['/other', 100]],
  )
})

test('web vitals of a load, as one event', { skip }, async () => {
  const body = '<h1>Big</h1><button onclick="const end = performance.now() + 120; while (performance.now() < end); late.style.height = \'200px\'">work</button><div id="late"></div><p>below</p>'
  const { collector, visitor, home, site } = await scene({ body })
  site.pages['/next'] = '<!doctype html><title>Next</title>'
  const page = await visitor.open(home)
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length)
  // a shift that no input has caused
  await page.evaluate(async () => {
    const shifted = new Promise((done) => new PerformanceObserver(done).observe({ type: 'layout-shift', buffered: true }))
    document.body.prepend(Object.assign(document.createElement('div'), { style: 'height:150px' }))
    await shifted
    window.slow = new Promise((done) => new PerformanceObserver(done).observe({ type: 'event', durationThreshold: 100 }))
  })
  await page.click('button')
  await page.evaluate(() => window.slow)
  await page.evaluate(() => history.pushState({}, '', '/route'))
  await page.goto(`${site.origin}/next`)
  const [{ properties, context }] = await collector.await('web_vitals')
  assert.deepEqual(Object.keys(properties).sort(), ['cls', 'fcp', 'inp', 'lcp', 'ttfb'])
  assert.ok(properties.inp >= 100, `inp ${properties.inp}`)
  assert.ok(properties.cls > 0.01 && properties.cls < 1, `cls ${properties.cls}`)
  assert.ok(properties.fcp >= properties.ttfb && properties.lcp >= properties.fcp, JSON.stringify(properties))
  assert.equal(context.page.path, '/')
})

test('layout shifts are counted from the first of their window', { skip }, async () => {
  const { collector, visitor, home } = await scene()
  const page = await visitor.open(home, (each) =>
    each.addInitScript(() => {
      window.PerformanceObserver = class {
        constructor(listener) {
          this.listener = listener
        }
        observe({ type }) {
          const times = type === 'layout-shift' ? [900, 1_800, 2_700, 3_600, 4_500, 5_400] : []
          this.listener({ getEntries: () => times.map((startTime) => ({ startTime, value: 0.1 })) })
        }
        takeRecords() {
          return []
        }
        disconnect() {}
      }
    }),
  )
  await page.goto('about:blank')
  const [{ properties }] = await collector.await('web_vitals')
  assert.equal(properties.cls, 0.6)
})

test('whatever a promise is rejected with is told', { skip }, async () => {
  const { collector, visitor, home } = await scene()
  const page = await visitor.open(home)
  await page.evaluate(() => {
    for (const reason of [Symbol('sign'), { code: 7 }, undefined, null, 0, { message: { deep: true } }]) Promise.reject(reason)
  })
  await collector.await('error_occurred', 6)
  assert.deepEqual(
    collector.named('error_occurred').map((event) => event.properties.message),
    ['Symbol(sign)', '{"code":7}', 'undefined', 'null', '0', '{"deep":true}'],
  )
})

test('errors: each once, ten a page', { skip }, async () => {
  const { collector, visitor, home } = await scene()
  const page = await visitor.open(home)
  await page.evaluate(() => {
    const fail = (message) => setTimeout(() => { throw new TypeError(message) })
    fail('broken')
    fail('broken')
    Promise.reject(new Error('unkept'))
    Promise.reject('bare')
  })
  await collector.await('error_occurred', 3)
  await page.evaluate(() => {
    for (let i = 0; i < 30; i++) setTimeout(() => { throw new Error(`number ${i}`) })
    return new Promise((done) => setTimeout(done))
  })
  await page.evaluate(() => {
    window.weir.track('Sentinel')
  })
  await collector.await('Sentinel')
  const told = collector.named('error_occurred').map((event) => event.properties)
  assert.equal(told.length, 10)
  const broken = told.find((each) => each.message === 'Uncaught TypeError: broken')
  assert.equal(broken.type, 'error')
  assert.match(broken.stack, /TypeError: broken/)
  assert.ok(broken.line > 0)
  assert.deepEqual(told.filter((each) => each.type === 'unhandledrejection').map((each) => each.message).sort(), ['bare', 'unkept'])
})

test('each feature can be switched off', { skip }, async () => {
  const off = Object.fromEntries(['links', 'downloads', 'forms', 'scroll', 'vitals', 'errors', 'items'].map((name) => [name, false]))
  const body = `${stay}<a id="out" href="https://other.example/">out</a><a id="file" href="/card.pdf">file</a><form id="f"><input></form><div data-weir-item="a">a</div>`
  const { collector, visitor, home, site } = await scene({ body, options: off })
  site.pages['/next'] = '<!doctype html><title>Next</title>'
  const page = await visitor.open(home)
  await page.click('#out')
  await page.click('#file')
  await page.fill('input', 'x')
  await page.evaluate(() => setTimeout(() => { throw new Error('broken') }))
  await page.evaluate(() => window.weir.track('Sentinel'))
  await page.goto(`${site.origin}/next`)
  await collector.await('Sentinel')
  assert.deepEqual(collector.events.map((event) => event.event ?? event.type).sort(), ['Sentinel', 'page'])
})

test('the calls, as Segment has them', { skip }, async () => {
  const { collector, visitor, home } = await scene()
  const page = await visitor.open(home)
  await page.evaluate(async () => {
    const { weir } = window
    weir.identify('u1', { plan: 'pro' })
    weir.identify({ seats: 4 })
    weir.group('g1', { size: 3 })
    weir.track('Bought', { price: 9.5 })
    weir.alias('u2')
    weir.reset()
    weir.track('Fresh')
    await weir.ready(() => weir.track('Ready'))
    await weir.flush()
  })
  await collector.await('Ready')
  const [identify, more] = collector.named('identify')
  const [group] = collector.named('group')
  const [bought] = collector.named('Bought')
  const [alias] = collector.named('alias')
  const [fresh] = collector.named('Fresh')
  assert.deepEqual([identify.userId, identify.traits], ['u1', { plan: 'pro' }])
  assert.deepEqual([more.userId, more.traits], ['u1', { seats: 4 }])
  assert.deepEqual([group.groupId, group.userId, group.traits], ['g1', 'u1', { size: 3 }])
  assert.deepEqual([bought.userId, bought.context.groupId, bought.properties], ['u1', 'g1', { price: 9.5 }])
  assert.deepEqual([alias.userId, alias.previousId], ['u2', 'u1'])
  assert.equal(fresh.userId, undefined)
  assert.equal(fresh.context.groupId, undefined)
  assert.notEqual(fresh.anonymousId, bought.anonymousId)
  assert.notEqual(fresh.context.sessionId, bought.context.sessionId)
})

test('calls that were made before the script came are kept, whatever the global is called', { skip }, async () => {
  const head = '<script>stub = window.shop = []; shop.push(["identify","u1"],["track","Early",{n:1}],["nonsense"],["track"])</script>'
  const { collector, visitor, home } = await scene({ head, options: { name: 'shop' } })
  const page = await visitor.newPage()
  await page.goto(home)
  await page.waitForFunction(() => window.shop.version)
  const [early] = await collector.await('Early')
  assert.deepEqual([early.userId, early.properties], ['u1', { n: 1 }])
  await page.evaluate(() => window.stub.push(['track', 'Late']))
  await collector.await('Late')
  assert.equal(await page.evaluate(() => typeof window.weir), 'undefined')
})

test('a stub with the calls as methods', { skip }, async () => {
  const head = "<script>weir=window.weir||[];for(const call of['track','identify'])weir[call]=(...args)=>weir.push([call,...args]);weir.identify('u1');weir.track('Early',{n:1})</script>"
  const { collector, visitor, home } = await scene({ head })
  const page = await visitor.open(home)
  const [early] = await collector.await('Early')
  assert.deepEqual([early.userId, early.properties], ['u1', { n: 1 }])
  await page.evaluate(() => window.weir.track('Late'))
  await collector.await('Late')
})

test('a page that is opened from a file', { skip }, async () => {
  const { collector, site, visitor } = await scene()
  const folder = mkdtempSync(join(tmpdir(), 'weir-page-'))
  after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'menu.html'), site.pages['/'])
  const page = await visitor.open(pathToFileURL(join(folder, 'menu.html')).href)
  const [view] = await collector.await('page')
  assert.match(view.context.page.path, /menu\.html$/)
  await page.evaluate(() => window.weir.track('From a file'))
  await collector.await('From a file')
})

test('a tag that is there twice counts once', { skip }, async () => {
  const { collector, site, visitor, home } = await scene()
  site.pages['/'] = site.pages['/'].replace(/<script async.*<\/script>/, (tag) => tag + tag)
  const page = await visitor.open(home)
  await page.waitForLoadState('load')
  await page.evaluate(() => window.weir.track('Sentinel'))
  await collector.await('Sentinel')
  assert.equal(collector.named('page').length, 1)
})

test('no call throws, whatever it is given', { skip }, async () => {
  const { collector, visitor, home } = await scene()
  const page = await visitor.open(home)
  await page.evaluate(() => {
    const { weir } = window
    const cycle = { name: 'cycle', big: 10n, call: () => 1, fine: [1] }
    cycle.self = cycle
    weir.track('Odd', cycle)
    weir.track('Getter', { fine: 1, get bad() { throw new Error('no') } })
    for (const value of [undefined, null, 0, NaN, '', 'x', [], Symbol('s'), () => 1, { toString() { throw new Error('no') } }]) {
      for (const call of ['track', 'page', 'identify', 'group', 'alias', 'consent', 'ready', 'push']) {
        if (call !== 'consent') weir[call](value, value)
      }
    }
    weir.track('Sentinel', null)
  })
  await collector.await('Sentinel')
  assert.deepEqual(collector.named('Odd')[0].properties, { name: 'cycle', fine: [1] })
  assert.deepEqual(collector.named('Getter')[0].properties, { fine: 1 })
  assert.deepEqual(visitor.complaints, [])
})
