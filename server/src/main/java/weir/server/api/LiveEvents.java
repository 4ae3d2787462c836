package weir.server.api;

import java.io.IOException;
import java.util.Optional;
import weir.event.RawPosition;

/** What the API shows of single events, and of how to send them. All but the URL may block. */
public interface LiveEvents {
  /** Where clients on this machine send events, such as {@code http://127.0.0.1:8080}. */
  String collector();

  /** How to send events to a project, as the body of {@code GET /api/v1/setup}. */
  String setup(String project);

  /**
   * The newest decisions about a project's events, as the body of {@code GET
   * /api/v1/events/recent}.
   *
   * @param after only those after a position that an earlier answer named; one that is not held any
   *     more, or never was, counts as empty
   * @param limit how many at most; older ones are passed over
   */
  String recent(String project, Optional<String> after, int limit) throws IOException;

  /** What a client sent. */
  Sent sent(String project, RawPosition position) throws IOException;

  /** What is held of an event as it was sent. */
  sealed interface Sent {
    /**
     * It is here.
     *
     * @param json the body of {@code GET /api/v1/events/raw}
     */
    record Held(String json) implements Sent {}

    /** The raw log has given it back. */
    record Released() implements Sent {}

    /** Others are looking at theirs. */
    record Busy() implements Sent {}

    /** No event of the project stands there. */
    record Unknown() implements Sent {}
  }
}
