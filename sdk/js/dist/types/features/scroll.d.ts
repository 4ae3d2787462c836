import type { Feature } from '../types.ts';
/** How far down a page was seen, in percent of it: told when it is left, and again only if it went deeper since. */
export declare const scroll: Feature;
