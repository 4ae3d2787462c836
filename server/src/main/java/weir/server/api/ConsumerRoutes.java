package weir.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import weir.event.Position;
import weir.log.PositionReleasedException;
import weir.metadata.ConsumerStore;
import weir.metadata.RefusedException;
import weir.server.stream.Taps;
import weir.tap.Chunk;
import weir.tap.EventFilter;
import weir.tap.Framing;

/** Groups of consumers that pull events, one reader of a group at a time. */
final class ConsumerRoutes {
  private static final String PATH = "/api/v1/consumers";
  private static final String JSON = "application/json";
  private static final int BODY_LIMIT = 1 << 12;
  private static final int MOST = 10_000;
  private static final int LOOK_MILLIS = 100;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final String NAME = "[A-Za-z0-9._-]{1,100}";

  private final Taps taps;
  private final ConsumerStore consumers;
  private final WorkerExecutor threads;
  private final Answers answers;
  private final Vertx vertx;
  private final LongSupplier ticker;

  /** Groups that somebody reads now. */
  private final Set<Reader> reading = ConcurrentHashMap.newKeySet();

  private record Reader(String project, String group) {}

  /**
   * @param ticker nanoseconds, for durations
   */
  ConsumerRoutes(
      Taps taps,
      ConsumerStore consumers,
      WorkerExecutor threads,
      Vertx vertx,
      LongSupplier ticker) {
    this.taps = taps;
    this.consumers = consumers;
    this.threads = threads;
    this.answers = new Answers(threads);
    this.vertx = vertx;
    this.ticker = ticker;
  }

  List<Route> all() {
    return List.of(
        new Route(HttpMethod.GET, PATH, Access.PROJECT, this::list),
        new Route(HttpMethod.DELETE, PATH + "/{group}", Access.PROJECT_ADMIN, this::delete),
        new Route(HttpMethod.GET, PATH + "/{group}/events", Access.QUERY, this::pull),
        new Route(HttpMethod.POST, PATH + "/{group}/commit", Access.QUERY, this::commit));
  }

  private void list(Call call) {
    answers.of(
        call,
        JSON,
        () -> {
          ObjectNode answer = JsonNodeFactory.instance.objectNode();
          ArrayNode groups = answer.putArray("groups");
          for (ConsumerStore.Group group : consumers.list(call.project())) {
            groups
                .addObject()
                .put("name", group.name())
                .put("position", group.position())
                .put("created_at", group.createdAt().toString())
                .put("committed_at", group.committedAt().map(Object::toString).orElse(null));
          }
          return answer
              .put("earliest", taps.events().earliest().toString())
              .put("end", taps.events().end().toString())
              .toString();
        });
  }

  private void delete(Call call) {
    answers.deleted(
        call,
        () -> consumers.delete(call.project(), call.lastSegment()),
        new ApiError(404, "not_found", "there is no such group"));
  }

  /**
   * The group that a request is about. Those of a limited key are its own, with its id before their
   * names: it must not take anybody past rows that it does not see itself.
   */
  private static String group(Call call) {
    String name = call.nameInPath();
    if (!name.matches(NAME)) {
      throw ApiError.invalid(
          "a group's name has 1 to 100 of letters, digits, '.', '_' and '-', not '" + name + "'");
    }
    return call.known().limit().isPresent() ? call.known().id() + "/" + name : name;
  }

  private void commit(Call call) {
    call.body(
        BODY_LIMIT,
        body ->
            answers.of(
                call,
                JSON,
                () -> {
                  Position position = position(body);
                  consumers.commit(call.project(), group(call), position.toString());
                  return JsonNodeFactory.instance
                      .objectNode()
                      .put("position", position.toString())
                      .toString();
                }));
  }

  private Position position(Buffer body) throws IOException, RefusedException {
    String text = JsonBody.object(body.getBytes(), List.of("position")).path("position").asText("");
    return TapParameters.known(taps.events(), text);
  }

  /** A reader's request, from its first look to its answer. */
  private final class Pull {
    private final Call call;
    private final EventFilter filter;
    private final int most;
    private final long until;
    private Position next;

    Pull(Call call, EventFilter filter, int most, long until, Position next) {
      this.call = call;
      this.filter = filter;
      this.most = most;
      this.until = until;
      this.next = next;
    }

    Chunk look() throws IOException {
      try {
        Chunk chunk = taps.events().read(next, filter, Framing.LINES, most);
        next = chunk.next();
        return chunk;
      } catch (PositionReleasedException e) {
        throw TapParameters.released(taps.events());
      }
    }

    boolean isOver() {
      return ticker.getAsLong() - until >= 0 || call.request().response().closed();
    }
  }

  private void pull(Call call) {
    Reader reader;
    try {
      reader = new Reader(call.project(), group(call));
    } catch (ApiError.Thrown e) {
      call.fail(e.error());
      return;
    }
    if (!reading.add(reader)) {
      call.fail(
          new ApiError(
              409,
              "group_busy",
              "somebody reads as " + reader.group() + " now; a group has one reader at a time"));
      return;
    }
    call.whenOver(() -> reading.remove(reader));
    if (call.isOver()) {
      return;
    }
    threads
        .executeBlocking(() -> begin(call, reader), false)
        .onFailure(failure -> Answers.failed(call, failure))
        .onSuccess(this::look);
  }

  private Pull begin(Call call, Reader reader) throws IOException, RefusedException {
    Duration wait =
        TapParameters.span(call.request().getParam("wait"), "wait", Duration.ZERO, LONGEST_WAIT);
    int most = TapParameters.whole(call.request().getParam("max"), "max", 1_000, MOST);
    EventFilter filter =
        TapParameters.filter(call.project(), call.known().limit(), call.request().params());
    String from = call.request().getParam("from");
    Position first = TapParameters.begin(taps.events(), from == null ? "earliest" : from);
    String position = consumers.position(reader.project(), reader.group(), first.toString());
    return new Pull(
        call, filter, most, ticker.getAsLong() + wait.toNanos(), Position.parse(position));
  }

  private void look(Pull pull) {
    threads
        .executeBlocking(pull::look, false)
        .onFailure(failure -> Answers.failed(pull.call, failure))
        .onSuccess(chunk -> {
          if (chunk.events() > 0 || pull.isOver()) {
            answer(pull.call, chunk);
          } else if (chunk.atEnd()) {
            vertx.setTimer(LOOK_MILLIS, timer -> look(pull));
          } else {
            look(pull);
          }
        });
  }

  private static void answer(Call call, Chunk chunk) {
    HttpServerResponse response = call.request().response();
    if (!response.closed() && !response.ended()) {
      response
          .putHeader("Content-Type", "application/x-ndjson")
          .putHeader("Weir-Position", chunk.next().toString())
          .putHeader("Weir-Events", String.valueOf(chunk.events()))
          .end(Buffer.buffer(chunk.bytes()));
    }
  }
}
