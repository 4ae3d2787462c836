// Main-thread work of the tracker in Chromium, out of its trace: npm run bench [-- PAGES]. Counted is the processor's time of the
// main thread in weir.js, and in the page's own call of pushState with what runs below it: other work of the machine does not count.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { browser, Collector, Site } from './test/harness.mjs'

const pages = Number(process.argv[2] ?? 30)
const WORK = new Set(['EvaluateScript', 'v8.compile', 'FunctionCall', 'RunMicrotasks'])
const ms = (value) => `${value.toFixed(2)} ms`
const sorted = (values) => [...values].sort((a, b) => a - b)

/** Where a piece of work comes from; microtasks belong to whoever has work on this page, and only the tracker has. */
const sourceOf = ({ name, args }) => (name === 'RunMicrotasks' ? 'weir.js' : (args?.data?.url ?? args?.fileName ?? ''))

/** Milliseconds of processor time in pieces of work of these scripts that lie in no other such piece: of all, and of the longest. */
function workOf(trace, scripts) {
  const events = JSON.parse(trace).traceEvents
  const main = events.filter((event) => event.name === 'thread_name' && event.args.name === 'CrRendererMain').map((event) => `${event.pid}.${event.tid}`)
  const work = events
    .filter((event) => event.ph === 'X' && WORK.has(event.name) && main.includes(`${event.pid}.${event.tid}`) && scripts.some((script) => sourceOf(event).includes(script)))
    .sort((a, b) => a.ts - b.ts || b.dur - a.dur)
  let end = -1
  let sum = 0
  let longest = 0
  for (const { ts, dur = 0, tdur = 0 } of work) {
    if (ts < end) continue
    end = ts + dur
    sum += tdur
    longest = Math.max(longest, tdur)
  }
  return { sum: sum / 1_000, longest: longest / 1_000 }
}

async function traced(page, scripts, work) {
  await browser.startTracing(page, { categories: ['devtools.timeline', '__metadata'] })
  await work()
  return workOf((await browser.stopTracing()).toString(), scripts)
}

const collector = await Collector.start()
const site = await Site.start()
const items = Array.from({ length: 60 }, (_, i) => `<article data-weir-item="dish ${i}" data-weir-position="${i}"><h3>Dish ${i}</h3><p>${'word '.repeat(30)}</p></article>`).join('')
const body = `<section data-weir-section="Mains">${items}</section><script src="/host.js"></script>`
site.pages['/host.js'] = `function go(path) { setTimeout(() => history.pushState({}, '', path)) }
function hide() { setTimeout(() => dispatchEvent(new PageTransitionEvent('pagehide'))) }`
const median = (values) => ms(sorted(values)[values.length >> 1])
const report = (what, found) => {
  const sums = found.map(({ sum }) => sum)
  const longest = median(found.map((each) => each.longest))
  console.log(`${what.padEnd(38)} least ${ms(Math.min(...sums))}   median ${median(sums)}   most ${ms(Math.max(...sums))}   longest task ${longest}`)
}

for (const name of ['weir.core.js', 'weir.js']) console.log(`${name.padEnd(36)}${gzipSync(readFileSync(new URL(`dist/${name}`, import.meta.url)), { level: 9 }).length} bytes gzipped`)
console.log(`\nMain-thread work, ${pages} pages with 60 marked items each`)
for (const script of ['weir.core.js', 'weir.js']) {
  const path = `/${script}.html`
  site.add(path, { collector, title: 'Menu', body, script })
  const context = await browser.newContext()
  const found = { 'load and first view': [], 'view in a single-page app': [], 'next view': [], leaving: [] }
  for (let i = 0; i < pages; i++) {
    const page = await context.newPage()
    const sent = collector.named('page').length
    const view = (number, to) => async () => {
      await page.evaluate((path) => go(path), to)
      await collector.await('page', sent + number)
    }
    found['load and first view'].push(
      await traced(page, [script], async () => {
        await page.goto(`${site.origin}${path}?n=${i}`)
        await collector.await('page', sent + 1)
      }),
    )
    found['view in a single-page app'].push(await traced(page, [script, 'host.js'], view(2, '/dish/1')))
    found['next view'].push(await traced(page, [script, 'host.js'], view(3, '/dish/2')))
    found.leaving.push(
      await traced(page, [script, 'host.js'], async () => {
        await page.evaluate(() => hide())
        await page.evaluate(() => new Promise((done) => setTimeout(done)))
      }),
    )
    await page.close()
  }
  for (const [what, values] of Object.entries(found)) report(`${script}: ${what}`, values)
  await context.close()
}

// what the same page does without a tracker
site.pages['/bare'] = `<!doctype html><title>Bare</title>${body}`
const bare = []
for (let i = 0; i < pages; i++) {
  const page = await browser.newPage()
  await page.goto(`${site.origin}/bare`)
  bare.push(await traced(page, ['host.js'], () => page.evaluate(() => (go('/dish/1'), new Promise((done) => setTimeout(done, 1))))))
  await page.close()
}
report('pushState without a tracker', bare)
await browser.close()
process.exit()
