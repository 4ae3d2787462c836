import type { Feature } from '../types.ts';
/** Clicks on marked elements and, if wanted, on all buttons and links; links to other hosts and to files. */
export declare const clicks: Feature;
