import type { EventMap, Options, Properties, Weir } from './types.ts';
export type * from './types.ts';
/**
 * Starts the tracker with all that it can do.
 *
 * @param key a write key
 * @param options at least `host`
 */
export declare const load: <E extends EventMap = Record<string, Properties | undefined>>(key: string, options: Options) => Weir<E>;
