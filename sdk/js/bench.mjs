// Main-thread work of the tracker in Chromium: npm run bench [-- PAGES]. Counts the time that its own functions take: the CPU
// profiler samples every 100 microseconds, and samples in weir.js, or below it, are its work.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { browser, Collector, Site } from './test/harness.mjs'

const SAMPLE = 100 // microseconds
const pages = Number(process.argv[2] ?? 30)
const ms = (value) => `${value.toFixed(2)} ms`
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/** Milliseconds of samples whose stack has a function of weir.js. */
function workOf({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])))
  const mine = new Map()
  const isMine = (id) => {
    if (id === undefined) return false
    if (!mine.has(id)) mine.set(id, byId.get(id).callFrame.url.endsWith('/weir.js') || isMine(parents.get(id)))
    return mine.get(id)
  }
  return samples.reduce((sum, id, i) => sum + (isMine(id) ? timeDeltas[i] : 0), 0) / 1_000
}

async function profiled(session, work) {
  await session.send('Profiler.setSamplingInterval', { interval: SAMPLE })
  await session.send('Profiler.start')
  await work()
  return workOf((await session.send('Profiler.stop')).profile)
}

const collector = await Collector.start()
const site = await Site.start()
const items = Array.from({ length: 60 }, (_, i) => `<article data-weir-item="dish ${i}" data-weir-position="${i}"><h3>Dish ${i}</h3><p>${'word '.repeat(30)}</p></article>`).join('')
site.add('/', { collector, title: 'Menu', body: `<section data-weir-section="Mains">${items}</section>` })

const context = await browser.newContext()
const loads = []
const views = []
const leaves = []
for (let i = 0; i < pages; i++) {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Profiler.enable')
  const before = collector.named('page').length
  loads.push(
    await profiled(session, async () => {
      await page.goto(`${site.origin}/?n=${i}`)
      await collector.await('page', before + 1)
    }),
  )
  views.push(
    await profiled(session, async () => {
      await page.evaluate((n) => history.pushState({}, '', `/dish/${n}`), i)
      await collector.await('page', before + 2)
    }),
  )
  leaves.push(await profiled(session, () => page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')))))
  await page.close()
}

// the calls alone, around which the clock can be held
const page = await context.newPage()
await page.goto(`${site.origin}/`)
await page.waitForFunction(() => window.weir?.version)
const call = await page.evaluate(() => {
  const times = []
  for (let i = 0; i < 200; i++) {
    const begun = performance.now()
    window.weir.track('Measured', { n: i, name: 'dish' })
    times.push(performance.now() - begun)
  }
  return times
})
for (const name of ['weir.core.js', 'weir.js']) console.log(`${name.padEnd(26)}${gzipSync(readFileSync(new URL(`dist/${name}`, import.meta.url)), { level: 9 }).length} bytes gzipped`)
const row = (what, values) => console.log(`${what.padEnd(26)}median ${ms(median(values))}   most ${ms(Math.max(...values))}`)
console.log(`\nMain-thread work, ${pages} pages with 60 marked items each, a cold script every time:`)
row('page load and first view', loads)
row('view in a single-page app', views)
row('leaving, with its events', leaves)
row('one track call', call)
await browser.close()
process.exit()
