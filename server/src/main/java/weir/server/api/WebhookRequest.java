package weir.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import weir.decode.WebhookMapping;
import weir.decode.WebhookTemplate;
import weir.metadata.Webhook;
import weir.metadata.WebhookRequests;

/** Reads what requests about webhooks want. */
final class WebhookRequest {
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_SECRET = 500;
  private static final int MOST_PAYLOADS = 1_000;
  private static final int USUAL_LAST = 20;
  private static final Duration LONGEST_KEEP = Duration.ofDays(30);

  private WebhookRequest() {}

  /** A webhook to be made. */
  static Webhook.New create(byte[] body) {
    ObjectNode json =
        JsonBody.object(body, List.of("name", "template", "secret", "mapping", "rules"));
    WebhookTemplate template =
        WebhookTemplate.labelled(json.path("template").asText())
            .orElseThrow(
                () -> ApiError.invalid("template must be one of " + WebhookTemplate.labels()));
    Optional<String> secret =
        json.hasNonNull("secret") ? Optional.of(secretIn(json.path("secret"))) : Optional.empty();
    if (secret.isPresent()) {
      requireSigned(template.label());
    }
    return new Webhook.New(
        name(json.path("name")),
        template.label(),
        secret,
        mappingIn(json)
            .map(WebhookMapping::json)
            .orElseGet(() -> WebhookMapping.parse(template.mapping()).json()),
        KeyRulesRequest.of(json.path("rules")));
  }

  /** A change of a webhook. */
  static Webhook.Change change(byte[] body) {
    ObjectNode json = JsonBody.object(body, List.of("mapping", "rules", "enabled"));
    if (json.isEmpty()) {
      throw ApiError.invalid("the body must have mapping, rules or enabled");
    }
    JsonNode enabled = json.path("enabled");
    if (!enabled.isMissingNode() && !enabled.isBoolean()) {
      throw ApiError.invalid("enabled must be true or false");
    }
    UnaryOperator<Optional<String>> rules =
        json.has("rules")
            ? KeyRulesRequest.Change.of(json.get("rules"))::of
            : UnaryOperator.identity();
    return new Webhook.Change(
        mappingIn(json).map(WebhookMapping::json),
        rules,
        enabled.isMissingNode() ? Optional.empty() : Optional.of(enabled.booleanValue()));
  }

  /** Says no to a secret where none is asked for. */
  static void requireSigned(String template) {
    if (WebhookTemplate.labelled(template).filter(WebhookTemplate::isSigned).isEmpty()) {
      throw ApiError.invalid(
          "requests of the template "
              + template
              + " are not signed, so that a secret would guard nothing: who knows the URL may send");
    }
  }

  private static String name(JsonNode node) {
    return JsonBody.name(node, LONGEST_NAME)
        .orElseThrow(
            () -> ApiError.invalid("name must be a text of 1 to " + LONGEST_NAME + " characters"));
  }

  private static String secretIn(JsonNode node) {
    String secret = node.isTextual() ? node.textValue().strip() : "";
    if (secret.isEmpty() || secret.length() > LONGEST_SECRET) {
      throw ApiError.invalid("secret must be a text of 1 to " + LONGEST_SECRET + " characters");
    }
    return secret;
  }

  /** The mapping that a body names; empty if it names none. */
  static Optional<WebhookMapping> mappingIn(ObjectNode json) {
    if (!json.hasNonNull("mapping")) {
      return Optional.empty();
    }
    try {
      return Optional.of(WebhookMapping.parse(json.get("mapping").toString()));
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid(String.valueOf(e.getMessage()));
    }
  }

  /**
   * A rotation.
   *
   * @param secret empty for another address
   * @param keep how long the secrets before are still taken
   */
  record Rotation(Optional<String> secret, Duration keep) {
    static Rotation parse(byte[] body) {
      ObjectNode json = JsonBody.object(body, List.of("address", "secret", "keep"));
      boolean address = json.path("address").asBoolean();
      if (address == json.hasNonNull("secret")) {
        throw ApiError.invalid("the body must have either \"address\":true or a secret");
      }
      if (address) {
        return new Rotation(Optional.empty(), Duration.ZERO);
      }
      Duration keep =
          TapParameters.span(
              json.hasNonNull("keep") ? json.path("keep").asText() : null,
              "keep",
              Duration.ZERO,
              LONGEST_KEEP);
      return new Rotation(Optional.of(secretIn(json.path("secret"))), keep);
    }
  }

  /**
   * A dry run.
   *
   * @param payloads of bad events; empty for the last requests
   */
  record Trial(Optional<WebhookMapping> mapping, int last, Optional<List<String>> payloads) {
    static Trial parse(byte[] body) {
      ObjectNode json = JsonBody.object(body, List.of("mapping", "last", "payloads"));
      JsonNode last = json.path("last");
      int limit = last.isMissingNode() ? USUAL_LAST : last.asInt(-1);
      if (limit < 1 || limit > WebhookRequests.KEPT) {
        throw ApiError.invalid("last must be a number from 1 to " + WebhookRequests.KEPT);
      }
      return new Trial(mappingIn(json), limit, payloads(json));
    }

    private static Optional<List<String>> payloads(ObjectNode json) {
      if (!json.has("payloads")) {
        return Optional.empty();
      }
      JsonNode list = json.get("payloads");
      if (!list.isArray() || list.size() > MOST_PAYLOADS) {
        throw ApiError.invalid("payloads must be a list of up to " + MOST_PAYLOADS + " texts");
      }
      List<String> payloads = new ArrayList<>();
      list.forEach(each -> payloads.add(each.asText()));
      return Optional.of(payloads);
    }
  }
}
