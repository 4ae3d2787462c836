package weir.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.function.Supplier;
import weir.metadata.RefusedException;
import weir.metadata.Webhook;
import weir.server.webhook.Webhooks;

/** The routes that make, list, change, try and delete the webhooks of a project. */
final class WebhookRoutes {
  private static final String JSON = "application/json";
  private static final String PATH = "/api/v1/webhooks";
  private static final int BODY_LIMIT = 8 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Supplier<Webhooks> webhooks;
  private final String collector;
  private final Answers answers;

  /**
   * @param collector its URL
   */
  WebhookRoutes(Supplier<Webhooks> webhooks, String collector, Answers answers) {
    this.webhooks = webhooks;
    this.collector = collector;
    this.answers = answers;
  }

  List<Route> all() {
    String one = PATH + "/{id}";
    Access admin = Access.PROJECT_ADMIN;
    return List.of(
        new Route(HttpMethod.GET, PATH, admin, this::list),
        new Route(HttpMethod.POST, PATH, admin, this::create),
        new Route(HttpMethod.GET, one, admin, this::show),
        new Route(HttpMethod.PATCH, one, admin, this::change),
        new Route(HttpMethod.DELETE, one, admin, this::delete),
        new Route(HttpMethod.POST, one + "/rotate", admin, this::rotate),
        new Route(HttpMethod.POST, one + "/try", admin, this::tryOut),
        new Route(HttpMethod.GET, one + "/replay", admin, this::replay));
  }

  private void list(Call call) {
    answers.of(
        call,
        JSON,
        () -> {
          ObjectNode answer = MAPPER.createObjectNode();
          ArrayNode list = answer.putArray("webhooks");
          for (Webhook webhook : webhooks.get().list(call.project())) {
            list.add(outline(webhook));
          }
          return answer.toString();
        });
  }

  /** What opens nothing. */
  private static ObjectNode outline(Webhook webhook) throws JsonProcessingException {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("id", webhook.id())
            .put("name", webhook.name())
            .put("template", webhook.template())
            .put("enabled", webhook.enabled());
    ArrayNode secrets = json.putArray("secrets");
    webhook
        .secrets()
        .forEach(each -> {
          ObjectNode secret = secrets.addObject();
          each.until().ifPresent(time -> secret.put("until", time.toString()));
        });
    if (webhook.rules().isPresent()) {
      json.set("rules", MAPPER.readTree(webhook.rules().get()));
    }
    return json.put("created_at", webhook.createdAt().toString());
  }

  private String whole(Webhook webhook) throws JsonProcessingException {
    ObjectNode json = outline(webhook).put("url", url(webhook));
    json.set("mapping", MAPPER.readTree(webhook.mapping()));
    return json.toString();
  }

  private String url(Webhook webhook) {
    return collector + "/hook/" + webhook.address();
  }

  private void create(Call call) {
    withBody(
        call,
        201,
        body ->
            whole(webhooks.get().create(call.project(), WebhookRequest.create(body.getBytes()))));
  }

  /** Makes an answer of a body. */
  private interface Answer {
    String of(Buffer body) throws RefusedException, JsonProcessingException;
  }

  private void withBody(Call call, int status, Answer answer) {
    call.body(
        BODY_LIMIT,
        body -> {
          call.request().response().putHeader("Cache-Control", "no-store");
          answers.of(call, status, JSON, () -> answer.of(body));
        });
  }

  private void show(Call call) {
    call.request().response().putHeader("Cache-Control", "no-store");
    answers.of(call, JSON, () -> whole(webhooks.get().get(call.project(), call.lastSegment())));
  }

  private void change(Call call) {
    String id = call.lastSegment();
    withBody(
        call,
        200,
        body ->
            whole(
                webhooks.get().change(call.project(), id, WebhookRequest.change(body.getBytes()))));
  }

  private void delete(Call call) {
    answers.deleted(
        call,
        () -> {
          webhooks.get().delete(call.project(), call.lastSegment());
          return true;
        },
        new ApiError(404, "not_found", "there is no such webhook"));
  }

  private void rotate(Call call) {
    String id = call.nameInPath();
    withBody(
        call,
        200,
        body -> {
          WebhookRequest.Rotation wanted = WebhookRequest.Rotation.parse(body.getBytes());
          if (wanted.secret().isEmpty()) {
            return whole(webhooks.get().rotateAddress(call.project(), id));
          }
          WebhookRequest.requireSigned(webhooks.get().get(call.project(), id).template());
          return whole(
              webhooks
                  .get()
                  .rotateSecret(call.project(), id, wanted.secret().get(), wanted.keep()));
        });
  }

  private void tryOut(Call call) {
    String id = call.nameInPath();
    withBody(
        call,
        200,
        body -> {
          WebhookRequest.Trial wanted = WebhookRequest.Trial.parse(body.getBytes());
          return (wanted.payloads().isEmpty()
                  ? webhooks.get().tryLast(call.project(), id, wanted.mapping(), wanted.last())
                  : webhooks
                      .get()
                      .tryPayloads(call.project(), id, wanted.mapping(), wanted.payloads().get()))
              .toString();
        });
  }

  private void replay(Call call) {
    call.request().response().putHeader("Cache-Control", "no-store");
    answers.of(
        call,
        JSON,
        () -> {
          Webhook webhook = webhooks.get().get(call.project(), call.nameInPath());
          return MAPPER
              .createObjectNode()
              .put("url", url(webhook) + "/replay")
              .put("replay_key", webhook.replayKey())
              .put("source", webhook.name())
              .put("enabled", webhook.enabled())
              .toString();
        });
  }
}
