import type { Feature } from './types.ts';
/** Starts what a script tag asks for by its data-* attributes, and makes the calls that were made before it came. */
export declare const startFromTag: (features: Feature[]) => void;
