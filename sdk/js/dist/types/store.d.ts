import type { Persistence } from './types.ts';
/**
 * Names and texts that outlive the page where the browser allows it. Before `open`, and for what does not fit or is
 * forbidden, they live in memory. Never throws.
 */
export interface Store {
    get(name: string): string | undefined;
    set(name: string, value: string): void;
    remove(name: string): void;
    /** Those that begin with a prefix, sorted. */
    names(prefix: string): string[];
    /** Moves to the device what was kept in memory. */
    open(): void;
    /** Forgets everything, and keeps to memory from now on. */
    close(): void;
    /** Whether it outlives the page. */
    lasting(): boolean;
    /** Reads and writes what may be kept in any case: the visitor's own decision. */
    decision(value?: string): string | undefined;
}
export declare const createStore: (key: string, persist: Persistence, queued: string, domain?: string) => Store;
