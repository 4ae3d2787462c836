package weir.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A raw event left out by the project's policy.
 *
 * @param reason the policy's code in lower snake case, as the ledger counts it
 */
public record DroppedEvent(Origin origin, @Nullable String eventId, String reason)
    implements CleanRecord {
  public DroppedEvent {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(reason, "reason");
  }
}
