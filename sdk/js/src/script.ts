import { loadWith } from './core.js'
import type { Feature } from './types.js'

type Call = [string, ...unknown[]]

/** Starts what a script tag asks for by its data-* attributes, and makes the calls that were made before it came. */
export const startFromTag = (features: Feature[]): void => {
  try {
    const script = (document.currentScript ?? document.querySelector('script[data-key]')) as HTMLScriptElement
    const options: any = { host: new URL(script.src).origin }
    for (const [name, text] of Object.entries(script.dataset)) {
      options[name] = text === 'true' || text === '' ? true : text === 'false' ? false : /^\d+(\.\d+)?$/.test(text!) && name !== 'key' && name !== 'name' ? +text! : text
    }
    const scope = window as any
    const name = script.dataset.name || 'weir'
    const early = scope[name]
    if (early?.version) return // the tag is there twice
    const weir = loadWith(script.dataset.key!, options, features)
    scope[name] = weir
    if (Array.isArray(early)) {
      weir.push(...(early as Call[]))
      early.push = (...calls: Call[]) => {
        weir.push(...calls)
        return 0
      }
    }
  } catch {
    // a page goes on without it
  }
}
