import { loadWith } from './core.js'
import { valueOf } from './features/marks.js'
import type { Features } from './types.js'

type Call = [string, ...unknown[]]

/** Starts what a script tag asks for by its data-* attributes, and makes the calls that were made before it came. */
export const startFromTag = (features: Features): void => {
  try {
    const script = (document.currentScript ?? document.querySelector('script[data-key]')) as HTMLScriptElement
    const options: any = { host: script.src.split('/', 3).join('/') }
    for (const [name, text] of Object.entries(script.dataset)) {
      options[name] = text === 'true' || text === '' ? true : text === 'false' ? false : valueOf(text)
    }
    const scope = window as any
    const name = script.dataset.name || 'weir'
    const early = scope[name]
    if (early?.version) return // the tag is there twice
    const weir = loadWith(script.dataset.key!, options, features)
    scope[name] = weir
    if (Array.isArray(early)) {
      weir.push(...(early as Call[]))
      ;(early as any).push = weir.push
    }
  } catch {
    // a page goes on without it
  }
}
