import type { Store } from './store.ts';
import type { CoreOptions } from './types.ts';
/** What waits to be sent, shared by all tabs that share the store. */
export interface Queue {
    /** @param id the event's own, so that two tabs never write the same entry */
    add(id: string, time: number, json: string): void;
    /** Sends all that waits, unless the collector has asked to wait. */
    send(alone?: boolean): Promise<void>;
    /** The page goes: hands over what waits, and forgets it. */
    leave(): void;
    /** Whether events are kept back. */
    hold(on: boolean): void;
}
export declare const QUEUED = "q:";
/** @param shared what is the same for all events of a device, as JSON */
export declare const createQueue: (key: string, options: CoreOptions, store: Store, shared: () => string, warn: (...what: unknown[]) => void) => Queue;
