package weir.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import weir.metadata.KeyLimit;
import weir.metadata.KeyRecord;
import weir.metadata.KeyScope;
import weir.metadata.KeyStore;
import weir.metadata.RefusedException;
import weir.server.schemas.Schemas;

/** The routes that make, list, change and revoke the keys of a project. */
final class KeyRoutes {
  private static final String JSON = "application/json";
  private static final String PATH = "/api/v1/keys";
  private static final int BODY_LIMIT = 1 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final KeyStore keys;
  private final Schemas schemas;
  private final Supplier<Map<String, Long>> usage;
  private final Answers answers;

  /**
   * @param schemas knows what a limit can be about
   * @param usage how many events came this month, by write key
   */
  KeyRoutes(KeyStore keys, Schemas schemas, Supplier<Map<String, Long>> usage, Answers answers) {
    this.usage = usage;
    this.keys = keys;
    this.schemas = schemas;
    this.answers = answers;
  }

  List<Route> all() {
    return List.of(
        new Route(HttpMethod.GET, PATH, Access.PROJECT_ADMIN, this::list),
        new Route(HttpMethod.POST, PATH, Access.PROJECT_ADMIN, this::create),
        new Route(HttpMethod.PATCH, PATH + "/{id}", Access.PROJECT_ADMIN, this::change),
        new Route(HttpMethod.DELETE, PATH + "/{id}", Access.PROJECT_ADMIN, this::revoke));
  }

  private void list(Call call) {
    answers.of(
        call,
        JSON,
        () -> {
          PageParameters asked = PageParameters.of(call);
          if (asked.cursor().isPresent()
              && keys.get(call.project(), asked.cursor().get()).isEmpty()) {
            throw ApiError.invalid("cursor must be the next_cursor of an answer before");
          }
          KeyStore.Kind kind = kind(call.request().getParam("kind"));
          KeyStore.Page page = keys.list(call.project(), kind, asked.cursor(), asked.limit());
          ObjectNode answer = MAPPER.createObjectNode();
          ArrayNode list = answer.putArray("keys");
          Map<String, Long> events = usage.get();
          for (KeyRecord key : page.keys()) {
            ObjectNode entry = put(list.addObject(), key);
            if (key.rules().isPresent() && events.containsKey(key.shown())) {
              entry.put("events_this_month", events.get(key.shown()));
            }
          }
          PageParameters.next(answer, page.next());
          return answer.toString();
        });
  }

  private static KeyStore.Kind kind(@org.jspecify.annotations.Nullable String text) {
    return switch (text) {
      case null -> KeyStore.Kind.ALL;
      case "write" -> KeyStore.Kind.WRITE;
      case "api" -> KeyStore.Kind.API;
      default -> throw ApiError.invalid("kind must be write or api, not '" + text + "'");
    };
  }

  private static ObjectNode put(ObjectNode into, KeyRecord key) throws JsonProcessingException {
    into.put("id", key.id()).put("kind", key.scope() == KeyScope.WRITE ? "write" : "api");
    if (key.scope() == KeyScope.WRITE) {
      into.put("source", key.name()).put("key", key.shown());
      key.rules().ifPresent(rules -> into.putRawValue("rules", new RawValue(rules)));
    } else {
      into.put("name", key.name())
          .put("prefix", key.shown())
          .put("scope", key.scope().label())
          .put("installation", key.installation());
      if (key.limit().isPresent()) {
        KeyLimit limit = key.limit().get();
        into.putObject("limit")
            .put("property", limit.property())
            .set("value", MAPPER.getNodeFactory().rawValueNode(new RawValue(limit.json())));
      }
    }
    into.put("created_at", key.createdAt().toString());
    key.revokedAt().ifPresent(time -> into.put("revoked_at", time.toString()));
    return into;
  }

  private void create(Call call) {
    call.body(
        BODY_LIMIT,
        body -> {
          call.request().response().putHeader("Cache-Control", "no-store");
          answers.of(call, 201, JSON, () -> create(call, body));
        });
  }

  private String create(Call call, Buffer body) throws RefusedException, JsonProcessingException {
    KeyRequest wanted = KeyRequest.parse(body.getBytes());
    if (wanted.ofInstallation()) {
      require(call);
    }
    List<KeyRecord.Created> created = keys.create(call.project(), wanted.keys());
    LimitNotes notes = LimitNotes.of(wanted.keys());
    if (!wanted.several()) {
      return notes.add(json(created.getFirst()), schemas, call.project()).toString();
    }
    ObjectNode answer = MAPPER.createObjectNode();
    ArrayNode list = answer.putArray("keys");
    for (KeyRecord.Created key : created) {
      list.add(json(key));
    }
    return notes.add(answer, schemas, call.project()).toString();
  }

  private static ObjectNode json(KeyRecord.Created created) throws JsonProcessingException {
    return put(MAPPER.createObjectNode(), created.key()).put("key", created.secret());
  }

  private void change(Call call) {
    String id = call.lastSegment();
    call.body(BODY_LIMIT, body -> answers.of(call, JSON, () -> change(call, id, body)));
  }

  private String change(Call call, String id, Buffer body)
      throws RefusedException, JsonProcessingException {
    KeyRulesRequest.Change change = KeyRulesRequest.Change.parse(body.getBytes());
    KeyRecord changed = keys.changeRules(call.project(), id, change::of);
    return put(MAPPER.createObjectNode(), changed).toString();
  }

  private void revoke(Call call) {
    answers.of(call, JSON, () -> revoke(call, call.lastSegment()));
  }

  private String revoke(Call call, String id) throws RefusedException, JsonProcessingException {
    if (keys.get(call.project(), id).filter(KeyRecord::installation).isPresent()) {
      require(call);
    }
    return put(MAPPER.createObjectNode(), keys.revoke(call.project(), id)).toString();
  }

  /** What concerns the installation's keys needs one of them. */
  private static void require(Call call) {
    Access.INSTALLATION_ADMIN
        .refuses(call.known())
        .ifPresent(error -> {
          throw new ApiError.Thrown(error);
        });
  }
}
