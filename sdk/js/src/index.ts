import { loadWith } from './core.ts'
import { features } from './features/index.ts'
import type { EventMap, Options, Properties, Weir } from './types.ts'

export type * from './types.ts'

/**
 * Starts the tracker with all that it can do.
 *
 * @param key a write key
 * @param options at least `host`
 */
export const load = <E extends EventMap = Record<string, Properties | undefined>>(key: string, options: Options): Weir<E> => loadWith<E>(key, options, features)
