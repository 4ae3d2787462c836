package weir.decode;

import java.util.Optional;

/**
 * What the door must know of a request whose events may go to several partitions.
 *
 * @param inspection what {@link Decoder#inspect} says of it
 * @param spans its events; empty where it cannot be split: nothing of it can be read, or nobody but
 *     the decoder behind the log knows the ids that its events will have
 */
public record Outline(Inspection inspection, Optional<EventSpans> spans) {}
