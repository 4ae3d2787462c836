import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { Collector, noBrowser, Site, visitor } from './harness.mjs'

const here = fileURLToPath(new URL('..', import.meta.url))
const dist = join(here, 'dist')
const temp = mkdtempSync(join(tmpdir(), 'weir-sdk-'))
after(() => rmSync(temp, { recursive: true }))
const node = (...args) => execFileSync(process.execPath, args, { cwd: here, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const files = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => join(each.parentPath ?? each.path, each.name).slice(folder.length + 1)).sort()

test('dist/ is what its sources make, byte for byte (else: npm run build)', () => {
  const fresh = join(temp, 'dist')
  node('build.mjs', fresh)
  assert.deepEqual(files(dist), files(fresh))
  for (const file of files(fresh)) assert.ok(readFileSync(join(dist, file)).equals(readFileSync(join(fresh, file))), `${file} is stale: npm run build`)
})

test('the manifest names each script with its integrity', () => {
  const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'))
  const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
  assert.equal(manifest.version, version)
  assert.deepEqual(Object.keys(manifest.files).sort(), files(dist).filter((file) => file.endsWith('.js')))
  for (const [name, { bytes, integrity }] of Object.entries(manifest.files)) {
    const text = readFileSync(join(dist, name))
    assert.equal(bytes, text.length)
    assert.equal(integrity, `sha384-${createHash('sha384').update(text).digest('base64')}`)
  }
})

test('the core is at most 6 KB, gzipped, and so is all of it', (context) => {
  for (const name of ['weir.core.js', 'weir.js']) {
    const size = gzipSync(readFileSync(join(dist, name)), { level: 9 }).length
    context.diagnostic(`${name}: ${size} bytes gzipped`)
    assert.ok(size <= 6 * 1024, `${name}: ${size} bytes`)
  }
})

test('no script needs what a Content-Security-Policy forbids', () => {
  for (const name of ['weir.core.js', 'weir.js']) assert.doesNotMatch(readFileSync(join(dist, name), 'utf8'), /\beval\b|new Function|innerHTML|\.style\b|createElement/)
})

test('the sources are typed', () => {
  node('node_modules/typescript/bin/tsc', '-p', '.')
})

test('calls are checked against the events of a site', () => {
  const config = join(here, 'test/types/tsconfig.json')
  node('node_modules/typescript/bin/tsc', '-p', config)
})

test('the package holds what it exports, and does nothing on a server', async () => {
  const [{ filename, files: packed }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', temp], { cwd: here, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  const names = packed.map((file) => file.path)
  const { exports } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
  const exported = Object.values(exports).flatMap((each) => (typeof each === 'string' ? [each] : Object.values(each)))
  for (const path of exported) assert.ok(names.includes(path.slice(2)), path)
  assert.ok(names.includes('README.md') && names.includes('LICENSE'), names.join())
  assert.ok(names.every((name) => /^(dist\/|package\.json|README\.md|LICENSE)/.test(name)), names.join())
  execFileSync('tar', ['xzf', join(temp, filename), '-C', temp])
  for (const entry of ['index.mjs', 'core.mjs']) {
    const { load } = await import(pathToFileURL(join(temp, 'package/dist', entry)))
    const weir = load('wk_test', { host: 'http://127.0.0.1:9' })
    weir.track('Rendered')
    weir.page()
    await weir.ready()
    await weir.flush()
  }
})

for (const entry of ['index.mjs', 'core.mjs']) {
  test(`a page that imports ${entry}`, { skip: noBrowser }, async () => {
    const collector = await Collector.start()
    const site = await Site.start()
    const page = await (await visitor()).newPage()
    site.pages['/'] = `<!doctype html><title>Bundled</title><script type="module">
      import { load } from '${collector.origin}/${entry}'
      window.weir = load('wk_test', { host: '${collector.origin}/', sessionMinutes: 10 })
      weir.track('Bundled', { n: 1 })</script>`
    await page.goto(`${site.origin}/`)
    const [event] = await collector.await('Bundled')
    assert.equal(event.context.sequence, 2)
    assert.equal(collector.named('page').length, 1)
  })
}

