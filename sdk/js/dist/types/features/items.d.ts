import type { Feature } from '../types.ts';
/**
 * How long each element with data-weir-item is seen: at least half of it, or of the window by it, in a page that is
 * shown to somebody. One event for each item when a page is left; what is seen after that adds to it with views 0.
 */
export declare const items: Feature;
