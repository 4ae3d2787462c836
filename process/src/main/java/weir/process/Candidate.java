package weir.process;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.decode.Decoded;
import weir.decode.RawRequest;
import weir.event.CleanEvent;

/** A raw event after everything that needs no other event was done. */
sealed interface Candidate {
  /** About how many bytes it takes in memory. */
  long cost();

  /**
   * It becomes an event unless it is a duplicate.
   *
   * @param event all but what its properties bring
   * @param fingerprint of project and event id
   * @param cost about how many bytes it takes in memory
   */
  record Whole(
      CleanEvent.Builder event, Fingerprint fingerprint, Map<String, Object> properties, long cost)
      implements Candidate {}

  /**
   * It becomes several events unless it is a duplicate.
   *
   * @param events two at least; the first bears the raw event's own id, the ids of others are made
   *     of it
   * @param cost about how many bytes they take in memory
   */
  record Several(List<Whole> events, long cost) implements Candidate {}

  /** Its project's plug-ins have not seen it yet; nobody decides it before. */
  record Pending(RawRequest request, Decoded.Event decoded, String eventId, long cost)
      implements Candidate {}

  /**
   * The project's policy leaves it out.
   *
   * @param reason as the ledger counts it
   */
  record Dropped(String eventId, String reason) implements Candidate {
    @Override
    public long cost() {
      return 300;
    }
  }

  /** It becomes a bad event. */
  record Refused(
      @Nullable String eventId,
      @Nullable String event,
      String protocol,
      String stage,
      String reason,
      String message,
      byte[] payload)
      implements Candidate {
    @Override
    public long cost() {
      return 300L + message.length() + payload.length;
    }
  }
}
