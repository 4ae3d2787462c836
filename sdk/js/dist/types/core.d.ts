import type { CoreOptions, EventMap, Features, Options, Properties, Weir } from './types.js';
export type * from './types.js';
/** Starts a tracker. Without a browser around it, as on a server that renders pages, it does nothing. */
export declare const loadWith: <E extends EventMap = Record<string, Properties | undefined>>(key: string, options: Options, features: Features) => Weir<E>;
/** The calls, page views, sessions, campaigns, consent and sending, and nothing else. */
export declare const load: <E extends EventMap = Record<string, Properties | undefined>>(key: string, options: CoreOptions & {
    host: string;
}) => Weir<E>;
