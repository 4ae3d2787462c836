// A site, a collector that records what it is sent, and a Chromium that visits: each test file has its own.
import { once, EventEmitter } from 'node:events'
import { accessSync, constants, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

export const KEY = 'wk_test'
const PATIENCE = 10_000
const dist = fileURLToPath(new URL('../dist/', import.meta.url))

const executablePath = [process.env.WEIR_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
})

/** Why tests with a browser are skipped; false if they are not. */
export const noBrowser = executablePath ? false : 'there is no Chromium here; WEIR_CHROMIUM may name one'

// shop.test is a host without TLS that is not this machine's own: no locks, no crypto.randomUUID
export const browser = executablePath
  ? await chromium.launch({ executablePath, args: ['--no-sandbox', '--host-resolver-rules=MAP *.test 127.0.0.1'], headless: true })
  : undefined

async function listen(handler) {
  const server = createServer(handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return server.address().port
}

/** Resolves once a condition holds, looked at whenever something arrives. */
async function until(arrivals, condition, what) {
  const deadline = AbortSignal.timeout(PATIENCE)
  for (;;) {
    const found = condition()
    if (found) return found
    await once(arrivals, 'arrival', { signal: deadline }).catch(() => {
      throw new Error(`waited in vain for ${typeof what === 'function' ? what() : what}`)
    })
  }
}

/** What a collector does, and a record of it. */
export class Collector {
  requests = []
  /** Messages of accepted batches, each once for every time that it was sent. */
  events = []
  arrivals = new EventEmitter().setMaxListeners(100)
  /** What the next requests are answered: {status, headers, hold: promise}. */
  answer = () => ({ status: 200 })

  static async start() {
    const collector = new Collector()
    collector.port = await listen((request, response) => collector.handle(request, response))
    collector.origin = `http://127.0.0.1:${collector.port}`
    return collector
  }

  async handle(request, response) {
    const script = request.url.match(/^\/(weir(?:\.core)?\.js|index\.mjs|core\.mjs)/)?.[1]
    const { origin } = request.headers
    if (origin) {
      response.setHeader('Access-Control-Allow-Origin', origin)
      response.setHeader('Access-Control-Allow-Credentials', 'true')
      response.setHeader('Access-Control-Expose-Headers', 'Retry-After')
    }
    if (script) {
      response.setHeader('Content-Type', 'text/javascript')
      response.end(readFileSync(dist + script))
      return
    }
    const chunks = []
    try {
      for await (const chunk of request) chunks.push(chunk)
    } catch {
      return // cut off
    }
    const text = Buffer.concat(chunks).toString()
    const entry = { method: request.method, url: request.url, headers: request.headers, bytes: Buffer.byteLength(text), at: Date.now() }
    entry.body = JSON.parse(text || 'null')
    this.requests.push(entry)
    this.arrivals.emit('arrival')
    const { status, headers = {}, hold } = this.answer(entry, this.requests.length)
    await hold
    if (status === 200) this.events.push(...entry.body.batch.map((event) => ({ ...event, context: { ...entry.body.context, ...event.context } })))
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
    response.end(status === 200 ? `{"success":true,"accepted":${entry.body.batch.length},"quarantined":[]}` : '{"error":{"code":"x","message":"x"}}')
    entry.status = status
    this.arrivals.emit('arrival')
  }

  named(name) {
    return this.events.filter((event) => event.event === name || event.type === name)
  }

  /** The first `count` events of a name or type, once they are there. */
  async await(name, count = 1) {
    return until(
      this.arrivals,
      () => {
        const found = this.named(name)
        return found.length >= count && found
      },
      () => `${count} ${name}; there are: ${this.events.map((event) => event.event ?? event.type).join(' ')}`,
    )
  }

  awaitRequests(count) {
    return until(this.arrivals, () => this.requests.length >= count, `${count} requests`)
  }
}

const attributes = (named) =>
  Object.entries(named)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` data-${name}="${value}"`)
    .join('')

/** A site of some pages: {path: html}. */
export class Site {
  pages = {}
  headers = {}

  static async start() {
    const site = new Site()
    site.port = await listen((request, response) => {
      const path = request.url.split('?')[0]
      const page = site.pages[path]
      response.writeHead(page ? 200 : 404, { 'Content-Type': path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8', 'Cache-Control': 'no-store', ...site.headers })
      response.end(page ?? '')
    })
    site.origin = `http://127.0.0.1:${site.port}`
    return site
  }

  /** Puts a page there that has the tag. */
  add(path, { collector, title = path, options = {}, head = '', body = '', script = 'weir.js' }) {
    this.pages[path] = `<!doctype html><html><head><title>${title}</title>${head}<script async src="${collector.origin}/${script}" data-key="${KEY}"${attributes(options)}></script></head><body>${body}</body></html>`
    return this.origin + path
  }
}

/** A visitor with nothing stored, whose pages may not complain. */
export async function visitor(options) {
  const context = await browser.newContext(options)
  const complaints = []
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.setDefaultTimeout(PATIENCE)
  after(() => context.close())
  return Object.assign(context, {
    complaints,
    async open(url, prepare) {
      const page = await context.newPage()
      await prepare?.(page)
      await page.goto(url)
      await page.waitForFunction(() => window.weir?.version)
      return page
    },
  })
}

/** Resolves once the page's queue is empty, by whatever clock the page has. */
export async function emptied(page) {
  const deadline = Date.now() + PATIENCE
  while (await page.evaluate(() => Object.keys(localStorage).some((name) => name.includes(':q:')))) if (Date.now() > deadline) throw new Error('the queue is still not empty')
}

/** A site, its collector and a visitor, for one test. */
export async function scene(page = {}, options) {
  const collector = await Collector.start()
  const site = await Site.start()
  const home = site.add('/', { collector, title: 'Home', ...page })
  return { collector, site, home, visitor: await visitor(options) }
}

after(async () => browser?.close())
