import type { EventMap, Options, Properties, Weir } from './types.js';
export type * from './types.js';
/**
 * Starts the tracker with all that it can do.
 *
 * @param key a write key
 */
export declare const load: <E extends EventMap = Record<string, Properties | undefined>>(key: string, options: Options & {
    host: string;
}) => Weir<E>;
