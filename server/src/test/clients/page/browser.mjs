// A Chromium that drives the page of a running Weir: node SCRIPT.mjs SETTINGS.json, where
// {"chromium":"/usr/bin/chromium","api":"http://...","collector":"http://...","writeKey":"...","apiKey":"...","pictures":"folder"}
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

export const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'))
export const DESKTOP = { width: 1280, height: 800 }
export const PHONE = { width: 390, height: 844 }
const { api, collector, writeKey, apiKey } = settings
const PATIENCE = { timeout: 60_000 }

export const browser = await chromium.launch({ executablePath: settings.chromium, args: ['--no-sandbox'], headless: true })
export const link = `${api}/#key=${apiKey}`
const steps = []

/** A page that must neither complain nor ask another host. */
export async function open(name, options) {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], acceptDownloads: true, ...options })
  const page = await context.newPage()
  const complaints = []
  const expected = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    const origin = new URL(request.url()).origin
    if (![new URL(api).origin, new URL(collector).origin].includes(origin) && !request.url().startsWith('blob:')) complaints.push(`asked ${request.url()}`)
  })
  page.setDefaultTimeout(PATIENCE.timeout)
  return {
    page,
    /** Chromium prints every answer that is no success; the tests that want one say so. */
    expect: (pattern) => expected.push(pattern),
    shot: (step) => page.screenshot({ path: `${settings.pictures}/${name}-${step}.png` }),
    async close() {
      const left = complaints.filter((text) => !expected.some((pattern) => pattern.test(text)))
      assert.deepEqual(left, [], `${name}: complaints of the browser`)
      await context.close()
    },
  }
}

export async function send(body, path = '/v1/track', headers = {}) {
  const answer = await fetch(collector + path, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${writeKey}:`)}`, 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  assert.equal(answer.status, 200)
}

/** Nothing may be wider than the window. */
export async function fits(page, what) {
  const wide = await page.evaluate(() => {
    const found = []
    if (document.documentElement.scrollWidth > innerWidth) {
      for (const element of document.querySelectorAll('body *')) {
        if (element.getBoundingClientRect().right > innerWidth + 1) found.push(element.outerHTML.slice(0, 120))
      }
      found.unshift(`${document.documentElement.scrollWidth} > ${innerWidth}`)
    }
    return found
  })
  assert.deepEqual(wide, [], `${what} is wider than its window`)
}

/** Least contrast of text with what is behind it, as WCAG AA counts: 4.5, or 3 for large text. */
export async function contrasts(page, what) {
  const poor = await page.evaluate(() => {
    const parse = (color) => {
      const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number)
      return { r, g, b, a }
    }
    const light = ({ r, g, b }) => {
      const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
      return 0.2126 * x + 0.7152 * y + 0.0722 * z
    }
    const behind = (element) => {
      for (let each = element; each; each = each.parentElement) {
        const color = parse(getComputedStyle(each).backgroundColor)
        if (color.a === 1) return color
      }
      return parse(getComputedStyle(document.body).backgroundColor)
    }
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const element = text.parentElement
      if (text.data.trim() === '' || !element.checkVisibility() || element.closest('button:disabled, .sr, svg')) continue
      const style = getComputedStyle(element)
      const [a, b] = [light(parse(style.color)), light(behind(element))].sort((x, y) => y - x)
      const ratio = (a + 0.05) / (b + 0.05)
      const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.6 && Number(style.fontWeight) >= 700)
      if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)}: ${text.data.trim().slice(0, 40)}`)
    }
    return found
  })
  assert.deepEqual(poor, [], `${what}: contrast`)
}

export async function step(name, work) {
  await work()
  steps.push(name)
  console.log(`ok ${name}`)
}

/** Runs the steps; pictures are left of pages that were open at a failure. */
export async function play(name, work) {
  try {
    await work()
    console.log(`${steps.length} steps`)
  } catch (failure) {
    for (const [i, context] of browser.contexts().entries()) {
      for (const page of context.pages()) await page.screenshot({ path: `${settings.pictures}/failed-${name}-${i}.png`, fullPage: true }).catch(() => {})
    }
    console.error(failure)
    process.exitCode = 1
  } finally {
    await browser.close()
  }
}
