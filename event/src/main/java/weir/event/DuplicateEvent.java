package weir.event;

import java.util.Objects;

/** A raw event whose id the project has already accepted within the window. */
public record DuplicateEvent(Origin origin, String eventId) implements CleanRecord {
  public DuplicateEvent {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(eventId, "eventId");
  }
}
