package weir.metadata;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import weir.event.EpochMicros;

/** Keys as rows of the metadata database. */
final class KeyRows {
  private static final int SHOWN = 8;

  /** Of the table keys, in the order in which {@link #key} reads them. */
  static final String COLUMNS =
      "id, project, name, prefix, scope, installation, limit_property, limit_value, created_at,"
          + " revoked_at, kind, secret, rules";

  private KeyRows() {}

  /** Makes keys, which are not stored yet. */
  static List<KeyRecord.Created> make(String project, List<NewKey> keys, Instant now) {
    return keys.stream().map(key -> make(project, key, now)).toList();
  }

  private static KeyRecord.Created make(String project, NewKey key, Instant now) {
    return switch (key) {
      case NewKey.Write write -> write(project, write, Secrets.random("wk_", 24), now);
      case NewKey.Api api -> api(project, api, Secrets.random("ak_", 40), now);
    };
  }

  static KeyRecord.Created write(String project, NewKey.Write key, String secret, Instant now) {
    KeyRecord record =
        new KeyRecord(
            newId(),
            project,
            key.source(),
            secret,
            KeyScope.WRITE,
            false,
            Optional.empty(),
            key.rules(),
            now,
            Optional.empty());
    return new KeyRecord.Created(record, secret);
  }

  static KeyRecord.Created api(String project, NewKey.Api key, String secret, Instant now) {
    String shown = secret.substring(0, Math.min(SHOWN, secret.length() / 4));
    KeyRecord record =
        new KeyRecord(
            newId(),
            project,
            key.name(),
            shown,
            key.scope(),
            key.installation(),
            key.limit(),
            Optional.empty(),
            now,
            Optional.empty());
    return new KeyRecord.Created(record, secret);
  }

  private static String newId() {
    return Secrets.random("key_", 16);
  }

  /** What SCRAM needs to know of API keys, which takes a while to work out. */
  static List<Optional<ScramVerifier>> verifiers(List<KeyRecord.Created> keys) {
    return keys.parallelStream()
        .map(key ->
            key.key().scope() == KeyScope.WRITE
                ? Optional.<ScramVerifier>empty()
                : Optional.of(ScramVerifier.of(key.key().project(), key.secret())))
        .toList();
  }

  static void insert(
      Handle transaction, List<KeyRecord.Created> keys, List<Optional<ScramVerifier>> verifiers) {
    PreparedBatch batch =
        transaction.prepareBatch(
            "insert into keys (id, kind, project, name, secret, prefix, scope, installation,"
                + " limit_property, limit_value, rules, scram, created_at)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (int i = 0; i < keys.size(); i++) {
      KeyRecord key = keys.get(i).key();
      boolean writes = key.scope() == KeyScope.WRITE;
      String secret = keys.get(i).secret();
      batch.add(
          key.id(),
          writes ? "write" : "api",
          key.project(),
          key.name(),
          writes ? secret : Secrets.sha256(secret),
          key.shown(),
          key.scope().label(),
          key.installation() ? 1 : 0,
          key.limit().map(KeyLimit::property).orElse(null),
          key.limit().map(KeyLimit::json).orElse(null),
          key.rules().orElse(null),
          verifiers.get(i).map(ScramVerifier::text).orElse(null),
          EpochMicros.of(key.createdAt()));
    }
    batch.execute();
  }

  /** The key of a row of {@link #COLUMNS}. */
  static KeyRecord key(ResultSet row) throws SQLException {
    long revoked = row.getLong(10);
    Optional<Instant> revokedAt =
        row.wasNull() ? Optional.empty() : Optional.of(EpochMicros.instant(revoked));
    return new KeyRecord(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(11).equals("write") ? row.getString(12) : row.getString(4),
        KeyScope.labelled(row.getString(5)),
        row.getBoolean(6),
        limit(row.getString(7), row.getString(8)),
        Optional.ofNullable(row.getString(13)),
        EpochMicros.instant(row.getLong(9)),
        revokedAt);
  }

  /** The write key of a row of {@code secret, project, name, rules}. */
  static WriteKey writeKey(ResultSet row) throws SQLException {
    return new WriteKey(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        Optional.ofNullable(row.getString(4)));
  }

  static Optional<KeyLimit> limit(@Nullable String property, @Nullable String json) {
    return property == null || json == null
        ? Optional.empty()
        : Optional.of(new KeyLimit(property, json));
  }
}
