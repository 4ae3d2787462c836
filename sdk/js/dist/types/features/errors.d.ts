import type { Feature } from '../types.ts';
/** What a page's scripts throw: each once, ten a page. */
export declare const errors: Feature;
