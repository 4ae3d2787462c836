import type { Feature } from '../types.ts';
export declare const features: Feature[];
