import { loadWith } from './core.js'
import { features } from './features/index.js'
import type { EventMap, Options, Properties, Weir } from './types.js'

export type * from './types.js'

/**
 * Starts the tracker with all that it can do.
 *
 * @param key a write key
 */
export const load = <E extends EventMap = Record<string, Properties | undefined>>(key: string, options: Options & { host: string }): Weir<E> => loadWith<E>(key, options, features)
