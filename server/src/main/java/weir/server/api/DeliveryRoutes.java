package weir.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import weir.delivery.DeadLetter;
import weir.delivery.Deliveries;
import weir.delivery.Delivery;
import weir.delivery.DeliveryException;
import weir.delivery.Target;
import weir.event.Position;
import weir.tap.CleanEvents;

/** The routes of what is delivered to webhooks, and of what could not be. */
final class DeliveryRoutes {
  private static final String PATH = "/api/v1/deliveries";
  private static final String ONE = PATH + "/{name}";
  private static final String LETTERS = ONE + "/dead-letters";
  private static final String JSON = "application/json";
  private static final int BODY_LIMIT = 1 << 20;
  private static final Duration BOTH_SECRETS = Duration.ofDays(1);
  private static final Duration LONGEST_BOTH = Duration.ofDays(30);
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Deliveries deliveries;
  private final CleanEvents events;
  private final Answers answers;
  private final Answers waiting;

  /**
   * @param waiting for what waits for a receiver
   */
  DeliveryRoutes(Deliveries deliveries, CleanEvents events, Answers answers, Answers waiting) {
    this.deliveries = deliveries;
    this.events = events;
    this.answers = answers;
    this.waiting = waiting;
  }

  List<Route> all() {
    return List.of(
        route(HttpMethod.GET, PATH, this::list),
        route(HttpMethod.POST, PATH, this::create),
        route(HttpMethod.GET, ONE, this::show),
        route(HttpMethod.PATCH, ONE, this::change),
        route(HttpMethod.DELETE, ONE, this::delete),
        route(HttpMethod.POST, ONE + "/pause", this::pause),
        route(HttpMethod.POST, ONE + "/resume", this::resume),
        route(HttpMethod.POST, ONE + "/rotate", this::rotate),
        route(HttpMethod.POST, ONE + "/test", this::tryOut),
        route(HttpMethod.POST, ONE + "/redeliver", this::redeliver),
        route(HttpMethod.GET, LETTERS, this::letters),
        route(HttpMethod.GET, LETTERS + "/{id}", this::letter),
        route(HttpMethod.DELETE, LETTERS + "/{id}", this::forget));
  }

  private static Route route(HttpMethod method, String path, Route.Handler handler) {
    return new Route(method, path, Access.PROJECT_ADMIN, handler);
  }

  /** What a delivery cannot do is an answer too. */
  private static <T> Callable<T> told(Callable<T> work) {
    return () -> {
      try {
        return work.call();
      } catch (DeliveryException e) {
        throw new ApiError.Thrown(
            switch (e.reason()) {
              case INVALID -> new ApiError(400, "invalid_request", e.why());
              case UNKNOWN -> new ApiError(404, "not_found", e.why());
              case TAKEN -> new ApiError(409, "taken", e.why());
              case TOO_MANY -> new ApiError(409, "too_many", e.why());
            });
      }
    };
  }

  private void answer(Call call, Callable<ObjectNode> work) {
    answers.of(call, JSON, told(() -> work.call().toString()));
  }

  private void list(Call call) {
    answer(
        call,
        () -> {
          ObjectNode answer = NODES.objectNode();
          ArrayNode list = answer.putArray("deliveries");
          deliveries.list(call.project()).forEach(each -> put(list.addObject(), each));
          PageParameters.next(answer, Optional.empty());
          return answer;
        });
  }

  private void show(Call call) {
    answer(call, () -> put(NODES.objectNode(), deliveries.get(call.project(), call.nameInPath())));
  }

  private static ObjectNode put(ObjectNode into, Deliveries.Standing standing) {
    Delivery delivery = standing.delivery();
    Target target = delivery.target();
    into.put("name", delivery.name()).put("url", target.url().toString());
    ArrayNode names = into.putArray("events");
    target.events().stream().sorted().forEach(names::add);
    into.put("where", target.condition().isEmpty() ? null : target.condition())
        .put("batch_events", target.batchEvents())
        .put("state", delivery.paused() ? "paused" : "active")
        .put("problem", standing.problem().orElse(null))
        .put("position", delivery.position().toString())
        .put("lag_bytes", standing.lagBytes())
        .put("delivered", delivery.delivered())
        .put("delivered_at", delivery.deliveredAt().map(Object::toString).orElse(null))
        .put("dead_letters", standing.deadLetters())
        .put("created_at", delivery.createdAt().toString());
    delivery
        .pending()
        .ifPresentOrElse(
            batch ->
                into.putObject("pending")
                    .put("id", batch.id())
                    .put("events", batch.events())
                    .put("failed_attempts", batch.attempts())
                    .put("next_at", batch.nextAt().toString()),
            () -> into.putNull("pending"));
    delivery
        .last()
        .ifPresentOrElse(
            last ->
                into.putObject("last_answer")
                    .put("at", last.at().toString())
                    .put("answer", last.answer()),
            () -> into.putNull("last_answer"));
    return into;
  }

  private void create(Call call) {
    call.body(
        BODY_LIMIT,
        body -> {
          call.request().response().putHeader("Cache-Control", "no-store");
          answers.of(
              call,
              201,
              JSON,
              told(() -> {
                DeliveryRequest wanted = DeliveryRequest.ofNew(body.getBytes());
                Position from = TapParameters.begin(events, wanted.from());
                Deliveries.Created made =
                    deliveries.create(
                        call.project(), wanted.name(), wanted.target(), call.known().id(), from);
                Deliveries.Standing standing = deliveries.get(call.project(), wanted.name());
                return put(NODES.objectNode(), standing).put("secret", made.secret()).toString();
              }));
        });
  }

  private void change(Call call) {
    call.body(
        BODY_LIMIT,
        body ->
            answer(
                call,
                () ->
                    put(
                        NODES.objectNode(),
                        deliveries.change(
                            call.project(),
                            call.nameInPath(),
                            before -> DeliveryRequest.ofChange(body.getBytes(), before)))));
  }

  private void delete(Call call) {
    answers.deleted(
        call,
        told(() -> {
          deliveries.delete(call.project(), call.nameInPath());
          return true;
        }),
        new ApiError(404, "not_found", "there is no such delivery"));
  }

  private void pause(Call call) {
    answer(
        call, () -> put(NODES.objectNode(), deliveries.pause(call.project(), call.nameInPath())));
  }

  private void resume(Call call) {
    answer(
        call,
        () ->
            put(
                NODES.objectNode(),
                deliveries.resume(call.project(), call.nameInPath(), call.known().id())));
  }

  private void rotate(Call call) {
    call.request().response().putHeader("Cache-Control", "no-store");
    answer(
        call,
        () -> {
          Duration both =
              TapParameters.span(
                  call.request().getParam("both"), "both", BOTH_SECRETS, LONGEST_BOTH);
          return NODES
              .objectNode()
              .put("secret", deliveries.rotate(call.project(), call.nameInPath(), both))
              .put("both_for", both.toSeconds() + "s");
        });
  }

  private void tryOut(Call call) {
    waiting.of(
        call,
        JSON,
        told(() -> {
          Deliveries.Tried tried = deliveries.tryOut(call.project(), call.nameInPath());
          return NODES
              .objectNode()
              .put("taken", tried.taken())
              .put("answer", tried.answer())
              .put("milliseconds", tried.took().toMillis())
              .toString();
        }));
  }

  private void redeliver(Call call) {
    call.body(
        BODY_LIMIT,
        body ->
            answer(
                call,
                () -> {
                  Optional<List<String>> ids = letterIds(body.getBytes());
                  int wanted = deliveries.redeliver(call.project(), call.nameInPath(), ids);
                  return NODES.objectNode().put("redelivering", wanted);
                }));
  }

  /** The dead letters that a body names; empty if it names none, which means all. */
  private static Optional<List<String>> letterIds(byte[] body) {
    JsonNode list =
        body.length == 0 ? NODES.missingNode() : JsonBody.object(body, List.of("ids")).path("ids");
    if (list.isMissingNode()) {
      return Optional.empty();
    }
    List<String> ids = new ArrayList<>();
    list.forEach(id -> ids.add(id.isTextual() ? id.textValue() : ""));
    if (!list.isArray() || ids.contains("")) {
      throw ApiError.invalid("ids must be a list of dead letters' ids; without it all are meant");
    }
    return Optional.of(ids);
  }

  private void letters(Call call) {
    answer(
        call,
        () -> {
          PageParameters asked = PageParameters.of(call);
          List<DeadLetter> page =
              deliveries.deadLetters(
                  call.project(), call.nameInPath(), asked.cursor().orElse(""), asked.limit() + 1);
          ObjectNode answer = NODES.objectNode();
          ArrayNode list = answer.putArray("dead_letters");
          page.stream().limit(asked.limit()).forEach(each -> put(list.addObject(), each));
          PageParameters.next(
              answer,
              page.size() <= asked.limit()
                  ? Optional.empty()
                  : Optional.of(page.get(asked.limit() - 1).id()));
          return answer;
        });
  }

  private static void put(ObjectNode into, DeadLetter letter) {
    into.put("id", letter.id())
        .put("kind", letter.isGap() ? "gap" : "batch")
        .put("webhook_id", letter.isGap() ? null : letter.request())
        .put("events", letter.events())
        .put("bytes", letter.bytes())
        .put("reason", letter.reason())
        .put("redelivering", letter.wanted())
        .put("created_at", letter.createdAt().toString())
        .put("expires_at", letter.expiresAt().toString());
  }

  private void letter(Call call) {
    answers.of(
        call,
        JSON,
        told(() ->
            deliveries
                .body(call.project(), call.nameInPath(), call.lastSegment())
                .map(body -> new String(body, StandardCharsets.UTF_8))
                .orElseThrow(() ->
                    new ApiError.Thrown(
                        new ApiError(404, "not_found", "there is no such dead letter")))));
  }

  private void forget(Call call) {
    answers.deleted(
        call,
        told(() -> deliveries.forget(call.project(), call.nameInPath(), call.lastSegment())),
        new ApiError(404, "not_found", "there is no such dead letter"));
  }
}
