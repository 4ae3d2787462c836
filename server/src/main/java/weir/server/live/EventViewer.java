package weir.server.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import weir.decode.RawFormatException;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.event.Position;
import weir.event.RawPosition;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.PositionReleasedException;
import weir.metadata.WriteKey;
import weir.server.api.LiveEvents;

/** Shows events out of the logs. Safe for use by several threads. */
public final class EventViewer implements LiveEvents {
  /** Of a longer event only so much is shown. */
  private static final int SHOWN = 256 << 10;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String collector;
  private final Tracker tracker;
  private final Function<String, List<WriteKey>> writeKeys;
  private final EventLog raw;
  private final int decodedLimit;
  private final RecentDecisions recent;

  /** Requests that are opened take memory: one after the other. */
  private final Semaphore opening = new Semaphore(1);

  private final RawRequestCodec codec = new RawRequestCodec();

  /**
   * Over the logs of an engine.
   *
   * @param collector its URL
   * @param tracker what it has for web pages
   * @param writeKeys of a project, by its name
   * @param decodedLimit how many bytes a request may have, decoded
   */
  public EventViewer(
      String collector,
      Tracker tracker,
      Function<String, List<WriteKey>> writeKeys,
      EventLog raw,
      EventLog clean,
      int decodedLimit,
      InstantSource clock) {
    this.collector = collector;
    this.tracker = tracker;
    this.writeKeys = writeKeys;
    this.raw = raw;
    this.decodedLimit = decodedLimit;
    this.recent = new RecentDecisions(clean, clock);
  }

  @Override
  public String collector() {
    return collector;
  }

  @Override
  public String setup(String project) {
    ObjectNode setup = NODES.objectNode().put("project", project).put("collector", collector);
    ObjectNode script =
        setup
            .putObject("tracker")
            .put("path", tracker.path())
            .put("version_path", tracker.versionPath())
            .put("integrity", tracker.integrity());
    tracker.eventsPath().ifPresent(path -> script.put("events_path", path));
    ArrayNode keys = setup.putArray("write_keys");
    for (WriteKey key : writeKeys.apply(project)) {
      keys.addObject().put("source", key.source()).put("write_key", key.key());
    }
    return setup.toString();
  }

  @Override
  public String recent(String project, Optional<String> after, int limit) throws IOException {
    RecentDecisions.Page page = recent.read(project, after.flatMap(EventViewer::position), limit);
    ObjectNode answer = NODES.objectNode();
    ArrayNode events = answer.putArray("events");
    page.records().forEach(decision -> events.add(DecisionJson.of(decision)));
    answer.put("position", page.position().toString()).put("skipped", page.skipped());
    return answer.toString();
  }

  private static Optional<Position> position(String text) {
    try {
      return Optional.of(Position.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public Sent sent(String project, RawPosition position) throws IOException {
    try {
      if (!opening.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Sent.Busy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Sent.Busy();
    }
    try {
      return open(project, position);
    } finally {
      opening.release();
    }
  }

  private Sent open(String project, RawPosition position) throws IOException {
    Position from = position.position();
    try (LogReader reader = raw.read(from)) {
      LogEntry entry = reader.next();
      if (entry instanceof LogEntry.Frame frame) {
        return frame.position().equals(from)
            ? sent(project, position, codec.decode(frame.payload()))
            : new Sent.Released();
      }
    } catch (PositionReleasedException e) {
      return new Sent.Released();
    } catch (RawFormatException e) {
      return new Sent.Unknown();
    }
    return new Sent.Unknown();
  }

  private Sent sent(String project, RawPosition position, RawRequest request) {
    if (!request.project().equals(project) || position.index() >= request.events()) {
      return new Sent.Unknown();
    }
    String text = SentEvent.text(request, position.index(), decodedLimit);
    boolean whole = text.length() <= SHOWN;
    ObjectNode json =
        NODES
            .objectNode()
            .put("position", position.toString())
            .put("received_at", DecisionJson.time(request.receivedAt()))
            .put("source", request.source())
            .put("protocol", request.protocol())
            .put("path", request.path())
            .put("query", request.query())
            .put("address", request.address());
    ObjectNode headers = json.putObject("headers");
    request.headers().forEach(header -> headers.put(header.name(), header.value()));
    json.put("body_bytes", request.body().length)
        .put("events", request.events())
        .put("index", position.index())
        .put("event", whole ? text : text.substring(0, SHOWN))
        .put("truncated", !whole);
    return new Sent.Held(json.toString());
  }
}
