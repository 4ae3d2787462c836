package weir.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a clean-log frame says at its front: enough to count it and to know its event again.
 *
 * @param eventId the event's id; always there for events, derived ones and duplicates
 * @param reason why it is bad or was dropped; null for events and duplicates
 */
public record CleanSummary(
    Origin origin, Decision decision, @Nullable String eventId, @Nullable String reason) {
  public CleanSummary {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(decision, "decision");
  }

  /** Whether it becomes a row of {@code events}. */
  public boolean isEvent() {
    return decision == Decision.EVENT || decision == Decision.DERIVED;
  }

  /** What was decided about a raw event. */
  public enum Decision {
    EVENT,
    /** No decision: an event beside the raw event's own, whose decision follows. */
    DERIVED,
    BAD,
    DUPLICATE,
    DROPPED
  }
}
