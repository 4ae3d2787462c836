package weir.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.StatementContext;
import weir.event.EpochMicros;
import weir.event.Position;

/** Reads what the table of deliveries has. */
final class DeliveryRows {
  static final String SELECT =
      "select id, project, name, url, events, condition, batch_events, made_by, secret,"
          + " secret_before, secret_before_until, position, paused, why, size, pending_id,"
          + " pending_to, pending_events, pending_at, attempts, next_at, last_at, last_answer,"
          + " delivered_at, delivered, created_at from deliveries";

  private static final ObjectMapper JSON = new ObjectMapper();

  private DeliveryRows() {}

  private static Optional<Instant> maybe(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(EpochMicros.instant(micros));
  }

  static Delivery read(ResultSet row, StatementContext context) throws SQLException {
    return new Delivery(
        row.getString("id"),
        row.getString("project"),
        row.getString("name"),
        target(row),
        row.getString("made_by"),
        secrets(row),
        Position.parse(row.getString("position")),
        row.getBoolean("paused"),
        row.getString("why"),
        row.getInt("size"),
        pending(row),
        last(row),
        maybe(row, "delivered_at"),
        row.getLong("delivered"),
        EpochMicros.instant(row.getLong("created_at")));
  }

  private static Target target(ResultSet row) throws SQLException {
    try {
      Set<String> events = JSON.readValue(row.getString("events"), new TypeReference<>() {});
      return new Target(
          URI.create(row.getString("url")),
          events,
          row.getString("condition"),
          row.getInt("batch_events"));
    } catch (JsonProcessingException e) {
      throw new SQLException("events of a delivery", e);
    }
  }

  private static SigningSecrets secrets(ResultSet row) throws SQLException {
    String before = row.getString("secret_before");
    Optional<Instant> until = maybe(row, "secret_before_until");
    return new SigningSecrets(
        row.getString("secret"), until.map(time -> new SigningSecrets.Before(before, time)));
  }

  private static Optional<Delivery.Pending> pending(ResultSet row) throws SQLException {
    String id = row.getString("pending_id");
    if (id == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Delivery.Pending(
            id,
            Position.parse(Objects.requireNonNull(row.getString("pending_to"))),
            row.getInt("pending_events"),
            EpochMicros.instant(row.getLong("pending_at")),
            row.getInt("attempts"),
            EpochMicros.instant(row.getLong("next_at"))));
  }

  private static Optional<Delivery.Last> last(ResultSet row) throws SQLException {
    String answer = row.getString("last_answer");
    return maybe(row, "last_at").map(at -> new Delivery.Last(at, answer));
  }
}
