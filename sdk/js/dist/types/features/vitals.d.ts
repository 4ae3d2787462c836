import type { Feature } from '../types.ts';
/** Web vitals of a page load, as one event when it is first left or hidden. */
export declare const vitals: Feature;
