import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noBrowser, scene } from './harness.mjs'

const skip = noBrowser
const dish = (name, position, height = 300) => `<article data-weir-item="${name}" data-weir-position="${position}" style="height:${height}px">${name}</article>`
const menu = `<style>body{margin:0}</style>
  <section data-weir-section="Starters">${dish('soup', 1)}${dish('salad', 2)}</section>
  <section data-weir-section="Mains">${dish('pizza', 1)}${dish('pasta', 2)}${dish('lasagne', 3, 3000)}</section>
  <section data-weir-section="Desserts">${dish('ice', 1)}</section>`
const window600 = { viewport: { width: 800, height: 600 } }
const others = { scroll: false, vitals: false }

const to = async (page, y) => {
  await page.evaluate((top) => scrollTo(0, top), y)
  await frames(page)
}
/** Two frames later the browser has said what is seen. */
const frames = (page) => page.evaluate(() => new Promise((done) => window.realFrame(() => window.realFrame(() => done()))))
const realFrames = (page) => page.addInitScript(() => (window.realFrame = window.requestAnimationFrame.bind(window)))
const timed = async (page) => {
  await realFrames(page)
  await page.clock.install()
}
const hide = (page, state) =>
  page.evaluate((to) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: to })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
const leave = async (page) => {
  const closed = page.waitForEvent('close')
  await page.close({ runBeforeUnload: true })
  await closed
}
const seen = (collector) => collector.named('item_viewed').map((event) => event.properties)

test('seconds seen, share, section, position and order of what was looked at', { skip }, async () => {
  const { collector, visitor, home } = await scene({ body: menu, options: others }, window600)
  const page = await visitor.open(home, timed)
  await frames(page)
  await page.clock.runFor(4_000)
  await to(page, 600)
  await page.clock.runFor(2_000)
  await to(page, 1300)
  await page.clock.runFor(7_000)
  await to(page, 0)
  await page.clock.runFor(1_000)
  await leave(page)
  await collector.await('item_viewed', 5)
  const told = seen(collector)
  assert.deepEqual(
    told.map(({ item, section, position, views, share, order }) => [item, section, position, views, share, order]),
    [
      ['soup', 'Starters', 1, 1, 1, 1],
      ['salad', 'Starters', 2, 1, 1, 2],
      ['pizza', 'Mains', 1, 1, 1, 3],
      ['pasta', 'Mains', 2, 1, 1, 4],
      ['lasagne', 'Mains', 3, 1, 0.2, 5],
    ],
  )
  const near = (item, seconds) => {
    const found = told.find((each) => each.item === item).seconds
    assert.ok(Math.abs(found - seconds) < 0.9, `${item}: ${found} s instead of ${seconds} s`)
  }
  near('soup', 5)
  near('salad', 5)
  near('pizza', 2)
  near('pasta', 2)
  near('lasagne', 7)
})

test('what is hidden is not seen; what is seen again adds seconds and no view', { skip }, async () => {
  const { collector, visitor, home } = await scene({ body: menu, options: others }, window600)
  const page = await visitor.open(home, timed)
  await frames(page)
  await page.clock.runFor(2_000)
  await hide(page, true)
  await collector.await('item_viewed', 2)
  await page.clock.runFor(50_000)
  await hide(page, false)
  await frames(page)
  await page.clock.runFor(3_000)
  await leave(page)
  await collector.await('item_viewed', 4)
  const soup = seen(collector).filter((each) => each.item === 'soup')
  assert.deepEqual(soup.map(({ views, order }) => [views, order]), [[1, 1], [0, 1]])
  assert.ok(Math.abs(soup[0].seconds - 2) < 0.9 && Math.abs(soup[1].seconds - 3) < 0.9, JSON.stringify(soup))
})

test('a minute after the last touch nobody looks any more', { skip }, async () => {
  const { collector, visitor, home } = await scene({ body: menu, options: others }, window600)
  const page = await visitor.open(home, timed)
  await frames(page)
  await page.clock.runFor(600_000)
  await page.mouse.move(10, 10)
  await frames(page)
  await page.clock.runFor(2_000)
  await leave(page)
  await collector.await('item_viewed', 2)
  const soup = seen(collector).find((each) => each.item === 'soup')
  assert.ok(Math.abs(soup.seconds - 62) < 1.5, `${soup.seconds} s`)
})

test('in a single-page app each page has its items, also those that come later', { skip }, async () => {
  const { collector, visitor, home } = await scene({ body: '<main></main>', options: others }, window600)
  const page = await visitor.open(home, timed)
  const render = async (html) => {
    await page.evaluate((text) => (document.querySelector('main').innerHTML = text), html)
    await page.clock.runFor(200)
    await frames(page)
    await page.clock.runFor(1_000)
  }
  await render(dish('soup', 1))
  await render(dish('soup', 1) + dish('salad', 2)) // the same item in another element
  await page.evaluate(() => {
    document.querySelector('main').innerHTML = ''
    history.pushState({}, '', '/other')
  })
  await frames(page) // what is gone is noticed with the next one, before the clock goes on
  await render('<p data-weir-item="bread" style="height:20px">bread</p>')
  await page.evaluate(() => document.querySelector('p').setAttribute('data-weir-item', 'butter'))
  await leave(page)
  await collector.await('item_viewed', 3)
  assert.deepEqual(
    collector.named('item_viewed').map((event) => [event.context.page.path, event.properties.item, event.properties.order]),
    [['/', 'soup', 1], ['/', 'salad', 2], ['/other', 'bread', 1]],
  )
})

test('60 items on a page that is closed all arrive', { skip }, async () => {
  const body = Array.from({ length: 60 }, (_, i) => `<i data-weir-item="dish ${i}" style="display:inline-block;width:50px;height:50px"></i>`).join('')
  const { collector, visitor, home } = await scene({ body, options: others }, { viewport: { width: 1000, height: 1000 } })
  const page = await visitor.open(home, timed)
  await frames(page)
  await page.clock.runFor(1_000)
  await leave(page)
  await collector.await('item_viewed', 60)
  assert.equal(new Set(seen(collector).map((each) => each.item)).size, 60)
})
