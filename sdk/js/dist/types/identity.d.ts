import type { Store } from './store.ts';
/** 128 random bits; `crypto.randomUUID` is missing where a page comes by http. */
export declare const newId: () => string;
/** The anonymous id, made at its first use. */
export declare const anonymousId: (store: Store) => string;
export type Campaign = Record<string, string>;
interface Session {
    id: string;
    last: number;
    campaign?: Campaign | undefined;
}
/** What a page's address says of the campaign that led to it. */
export declare const campaignOf: (search: string) => Campaign | undefined;
/** The session that an event at this time belongs to, in whichever tab; a new campaign stays with it. */
export declare const sessionAt: (store: Store, time: number, minutes: number, campaign?: Campaign) => Session;
export {};
