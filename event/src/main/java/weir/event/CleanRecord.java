package weir.event;

/**
 * One frame of the clean log: the decision about one raw event. Every raw event has exactly one, in
 * the order of the raw log. Events that are derived from it stand before its decision.
 */
public sealed interface CleanRecord permits CleanEvent, BadEvent, DuplicateEvent, DroppedEvent {
  Origin origin();
}
