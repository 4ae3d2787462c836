import type { Feature } from '../types.ts';
/** That a form was begun, once a page, and that it was submitted. Never what stands in it. */
export declare const forms: Feature;
