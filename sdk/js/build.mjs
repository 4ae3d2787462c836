// Makes dist/ of src/, the same bytes for the same sources: node build.mjs [FOLDER]
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { minify } from 'terser'

const here = dirname(fileURLToPath(import.meta.url))
const out = resolve(process.argv[2] ?? join(here, 'dist'))
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))

async function bundle(entry, format, more) {
  const made = await build({
    absWorkingDir: here,
    entryPoints: [`src/${entry}`],
    bundle: true,
    write: false,
    format,
    target: 'es2021',
    charset: 'utf8',
    tsconfigRaw: {},
    define: { VERSION: JSON.stringify(version) },
    ...more,
  })
  return made.outputFiles[0].text
}

async function script(entry) {
  const { code } = await minify(await bundle(entry, 'iife', { minifySyntax: true }), {
    ecma: 2021,
    compress: { passes: 3, unsafe_arrows: true, pure_getters: true, keep_fargs: false },
    mangle: { properties: { regex: /^(lasting|decision|onLeave|onPage|viewed|guard|here|hold|names|bytes|told|pause|remove|send|leave|record|later)$/ } },
    format: { comments: false, preamble: '/*! Weir, Apache-2.0 */' },
  })
  // Chromium compiles all of it at once, beside the main thread: a third less work on that
  return `//# allFunctionsCalledOnLoad\n${code}\n`
}

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
const scripts = { 'weir.js': 'tag.ts', 'weir.core.js': 'tag.core.ts' }
const files = {}
for (const [name, entry] of Object.entries(scripts)) {
  const text = await script(entry)
  writeFileSync(join(out, name), text)
  files[name] = { bytes: Buffer.byteLength(text), integrity: `sha384-${createHash('sha384').update(text).digest('base64')}` }
}
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify({ version, files }, null, 2)}\n`)
for (const [name, entry] of Object.entries({ 'index.mjs': 'index.ts', 'core.mjs': 'core.ts' })) writeFileSync(join(out, name), await bundle(entry, 'esm'))
const types = join(out, 'types')
execFileSync(
  process.execPath,
  [join(here, 'node_modules/typescript/bin/tsc'), '-p', here, '--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', types],
  { stdio: 'inherit' },
)
for (const name of readdirSync(types)) if (!['index.d.ts', 'core.d.ts', 'types.d.ts'].includes(name)) rmSync(join(types, name), { recursive: true })
