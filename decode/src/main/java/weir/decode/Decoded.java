package weir.decode;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/** What a decoder makes of one event of a request. */
public sealed interface Decoded {
  /**
   * An event, not yet checked against clock, schema or duplicates.
   *
   * @param columns values of fixed columns as the protocol knows them, each of its column's class;
   *     handed over, to be changed by whoever takes it. event, event_id and protocol are set.
   *     original_timestamp is the client's event time where it sent one; timestamp is not set: that
   *     is the clock correction's.
   * @param sentAt when the client says that it sent the request, in microseconds since the epoch
   * @param correctClock whether the event time may be corrected by sentAt (imports are not)
   * @param properties by the name that the client sent, in its order; each value a Boolean, Double,
   *     String or {@link Json}; null values are left out; handed over like the columns
   * @param person what is known of the person's own device
   */
  record Event(
      Map<EventColumn, Object> columns,
      @Nullable Long sentAt,
      boolean correctClock,
      Map<String, Object> properties,
      Person person)
      implements Decoded {
    /** The same event; where its person is cannot be told by the address. */
    Event withoutPlace() {
      return new Event(
          columns, sentAt, correctClock, properties, new Person(person.userAgent(), false));
    }
  }

  /**
   * The device of the person who did it, as far as the request or the client tells.
   *
   * @param userAgent of their program; null where nobody knows
   * @param ownAddress whether the column {@code ip} is theirs, not that of a server that speaks for
   *     them
   */
  record Person(@Nullable String userAgent, boolean ownAddress) {
    /** Nothing is known. */
    public static final Person UNKNOWN = new Person(null, false);
  }

  /**
   * Not an event.
   *
   * @param stage {@code collect} where the collector could see it, else {@code decode}
   * @param reason a stable code in lower snake case
   * @param message what is wrong and how to mend it
   * @param payload this event's bytes of the decoded body
   */
  record Bad(
      @Nullable String eventId,
      @Nullable String event,
      String stage,
      String reason,
      String message,
      byte[] payload)
      implements Decoded {}

  /** A JSON value kept as the text that was sent: arrays, objects, numbers that no double holds. */
  record Json(String text) {}
}
