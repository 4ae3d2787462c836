import type { Properties } from '../types.ts';
/** Numbers as such: `3`, `9.5`; all else stays text. */
export declare const valueOf: (text: string | null | undefined) => string | number | undefined;
/** The item that an element is or lies in, with its section and position. */
export declare const itemOf: (element: Element) => Properties;
