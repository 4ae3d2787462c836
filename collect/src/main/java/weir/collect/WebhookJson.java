package weir.collect;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.decode.WebhookTemplate;

/**
 * Webhooks in the key file:
 *
 * <pre>{"address":"...","key":{...},"template":"stripe","secrets":[{"secret":"...","until":1}],
 * "replay_key":"..."}</pre>
 */
final class WebhookJson {
  private WebhookJson() {}

  /** Writes the field webhooks, unless there are none. */
  static void write(Collection<Webhook> webhooks, JsonGenerator json) throws IOException {
    if (webhooks.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("webhooks");
    for (Webhook webhook : webhooks) {
      json.writeStartObject();
      json.writeStringField("address", webhook.address());
      json.writeFieldName("key");
      KeyFile.writeKey(webhook.key(), json);
      json.writeStringField("template", webhook.template().label());
      json.writeArrayFieldStart("secrets");
      for (Webhook.Secret secret : webhook.secrets()) {
        json.writeStartObject();
        json.writeStringField("secret", secret.text());
        if (secret.until() != Long.MAX_VALUE) {
          json.writeNumberField("until", secret.until());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeStringField("replay_key", webhook.replayKey());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Reads the array that is the current token; a webhook of an unknown template is left out. */
  static List<Webhook> read(JsonParser json) throws IOException {
    List<Webhook> webhooks = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Webhook webhook = readOne(json);
      if (webhook != null) {
        webhooks.add(webhook);
      }
    }
    return webhooks;
  }

  private static @Nullable Webhook readOne(JsonParser json) throws IOException {
    requireObject(json);
    String address = "";
    String replayKey = "";
    WriteKey key = null;
    Optional<WebhookTemplate> template = Optional.empty();
    List<Webhook.Secret> secrets = new ArrayList<>();
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "address" -> address = json.getValueAsString("");
        case "replay_key" -> replayKey = json.getValueAsString("");
        case "key" -> key = KeyFile.parseKey(json);
        case "template" -> template = WebhookTemplate.labelled(json.getValueAsString(""));
        case "secrets" -> {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            secrets.add(readSecret(json));
          }
        }
        default -> json.skipChildren();
      }
    }
    return template.isEmpty() || key == null
        ? null
        : new Webhook(address, key, template.get(), secrets, replayKey);
  }

  private static Webhook.Secret readSecret(JsonParser json) throws IOException {
    requireObject(json);
    String text = "";
    long until = Long.MAX_VALUE;
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "secret" -> text = json.getValueAsString("");
        case "until" -> until = json.getLongValue();
        default -> json.skipChildren();
      }
    }
    return new Webhook.Secret(text, until);
  }

  private static void requireObject(JsonParser json) throws IOException {
    if (!json.hasToken(JsonToken.START_OBJECT)) {
      throw new IOException("a webhook or its secret is not an object");
    }
  }
}
