package weir.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A raw event that cannot become a row of {@code events}; it becomes a row of {@code bad_events}.
 *
 * @param eventId the client's event id, where one could be read
 * @param event the event name, where one could be read
 * @param protocol the client protocol, such as {@code segment}
 * @param stage the stage that refused it: {@code collect}, {@code decode}, {@code validate}
 * @param reason a stable code in lower snake case
 * @param message what is wrong and how to mend it
 * @param payload the event as it was sent; not copied, not to be changed
 */
public record BadEvent(
    Origin origin,
    @Nullable String eventId,
    @Nullable String event,
    String protocol,
    String stage,
    String reason,
    String message,
    byte[] payload)
    implements CleanRecord {
  public BadEvent {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(payload, "payload");
  }
}
