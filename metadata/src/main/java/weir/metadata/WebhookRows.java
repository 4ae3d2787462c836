package weir.metadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import weir.event.EpochMicros;

/** Webhooks as rows of the metadata database. */
final class WebhookRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of the table webhooks, in the order in which {@link #webhook} reads them. */
  static final String COLUMNS =
      "id, project, name, address, template, secrets, replay_key, mapping, rules, enabled,"
          + " created_at, deleted_at";

  private WebhookRows() {}

  static Webhook webhook(ResultSet row) throws SQLException {
    long deleted = row.getLong(12);
    Optional<Instant> deletedAt =
        row.wasNull() ? Optional.empty() : Optional.of(EpochMicros.instant(deleted));
    return new Webhook(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        secrets(row.getString(6)),
        row.getString(7),
        row.getString(8),
        Optional.ofNullable(row.getString(9)),
        row.getBoolean(10),
        EpochMicros.instant(row.getLong(11)),
        deletedAt);
  }

  private static List<Webhook.SigningSecret> secrets(String json) {
    List<Webhook.SigningSecret> secrets = new ArrayList<>();
    try {
      for (JsonNode each : JSON.readTree(json)) {
        Optional<Instant> until =
            each.path("until").isNumber()
                ? Optional.of(EpochMicros.instant(each.path("until").longValue()))
                : Optional.empty();
        secrets.add(new Webhook.SigningSecret(each.path("secret").asText(), until));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("secrets were kept that are no JSON", e);
    }
    return secrets;
  }

  private static String json(List<Webhook.SigningSecret> secrets) {
    ArrayNode list = JSON.createArrayNode();
    secrets.forEach(each ->
        list.addObject()
            .put("secret", each.text())
            .put("until", each.until().map(EpochMicros::of).orElse(null)));
    return list.toString();
  }

  static void insert(Handle transaction, Webhook webhook) {
    transaction.execute(
        "insert into webhooks (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)",
        webhook.id(),
        webhook.project(),
        webhook.name(),
        webhook.address(),
        webhook.template(),
        json(webhook.secrets()),
        webhook.replayKey(),
        webhook.mapping(),
        webhook.rules().orElse(null),
        webhook.enabled() ? 1 : 0,
        EpochMicros.of(webhook.createdAt()));
  }

  static void update(Handle transaction, Webhook webhook) {
    transaction.execute(
        "update webhooks set address = ?, secrets = ?, mapping = ?, rules = ?, enabled = ?"
            + " where id = ?",
        webhook.address(),
        json(webhook.secrets()),
        webhook.mapping(),
        webhook.rules().orElse(null),
        webhook.enabled() ? 1 : 0,
        webhook.id());
  }

  static Webhook with(Webhook webhook, Webhook.Change change) {
    return with(
        webhook,
        webhook.address(),
        webhook.secrets(),
        change.mapping().orElse(webhook.mapping()),
        change.rules().apply(webhook.rules()),
        change.enabled().orElse(webhook.enabled()));
  }

  static Webhook with(Webhook webhook, String address) {
    return with(
        webhook, address, webhook.secrets(), webhook.mapping(), webhook.rules(), webhook.enabled());
  }

  static Webhook with(Webhook webhook, List<Webhook.SigningSecret> secrets) {
    return with(
        webhook, webhook.address(), secrets, webhook.mapping(), webhook.rules(), webhook.enabled());
  }

  private static Webhook with(
      Webhook webhook,
      String address,
      List<Webhook.SigningSecret> secrets,
      String mapping,
      Optional<String> rules,
      boolean enabled) {
    return new Webhook(
        webhook.id(),
        webhook.project(),
        webhook.name(),
        address,
        webhook.template(),
        secrets,
        webhook.replayKey(),
        mapping,
        rules,
        enabled,
        webhook.createdAt(),
        webhook.deletedAt());
  }
}
