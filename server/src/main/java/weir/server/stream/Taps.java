package weir.server.stream;

import weir.tap.CleanEvents;
import weir.tap.EventStream;

/**
 * What reads along with the clean log.
 *
 * @param events chunks of the log, for whoever pulls
 * @param stream its newest events, for whoever waits
 */
public record Taps(CleanEvents events, EventStream stream) {}
