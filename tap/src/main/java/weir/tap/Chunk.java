package weir.tap;

import weir.event.Position;

/**
 * Events that follow each other, as a reader gets them.
 *
 * @param bytes framed; empty if none of what was read is for the reader; not to be changed
 * @param events how many
 * @param next where to go on
 * @param atEnd whether nothing more was durable
 */
public record Chunk(byte[] bytes, int events, Position next, boolean atEnd) {}
