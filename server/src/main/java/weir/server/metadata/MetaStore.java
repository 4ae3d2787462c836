package weir.server.metadata;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Projects, keys and users. Safe for use by several threads. */
public final class MetaStore {
  private static final Logger LOG = LoggerFactory.getLogger(MetaStore.class);

  /** What the first project's write key says its events come from. */
  public static final String FIRST_SOURCE = "default";

  private final Jdbi database;
  private final InstantSource clock;

  /**
   * Over a database that has this module's tables.
   *
   * @param database with the migrations of {@code db/migration/meta} applied
   */
  public MetaStore(Jdbi database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Sees to it that there is a project, with its keys and an administrator, and that the
   * credentials file names them and the URLs of today. The file is written before the database, so
   * that no crash between the two leaves secrets that nobody knows. A file that its owner has taken
   * away after the first start stays away.
   */
  public Optional<Credentials> ensureFirstProject(Path file, String collector, String api)
      throws IOException {
    Optional<Credentials> known = Credentials.read(file);
    if (known.isEmpty() && hasProjects()) {
      return Optional.empty();
    }
    Credentials credentials =
        known.orElseGet(() -> Credentials.mint(collector, api)).at(collector, api);
    if (!known.equals(Optional.of(credentials))) {
      credentials.write(file);
    }
    if (!hasProjects()) {
      database.useTransaction(transaction -> insert(transaction, credentials));
      LOG.info("created the project {}", credentials.project());
    }
    projectOf(credentials.apiKey());
    return Optional.of(credentials);
  }

  private boolean hasProjects() {
    return database.withHandle(
        handle -> handle.createQuery("select count(*) from projects").mapTo(Long.class).one() > 0);
  }

  private void insert(Handle transaction, Credentials credentials) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    transaction.execute("insert into projects values (?, ?)", credentials.project(), now);
    transaction.execute(
        "insert into write_keys values (?, ?, ?, ?, null)",
        credentials.writeKey(),
        credentials.project(),
        FIRST_SOURCE,
        now);
    transaction.execute(
        "insert into api_keys values (?, ?, 'project', ?, null, ?)",
        Secrets.sha256(credentials.apiKey()),
        credentials.project(),
        now,
        ScramVerifier.of(credentials.project(), credentials.apiKey()).text());
    transaction.execute(
        "insert into users values (?, ?, 'admin', ?)",
        credentials.adminEmail(),
        Secrets.hashPassword(credentials.adminPassword()),
        now);
  }

  /** The write keys that are not revoked. */
  public List<WriteKey> writeKeys() {
    return database.withHandle(handle ->
        handle
            .createQuery(
                "select key, project, source from write_keys where revoked_at is null"
                    + " order by key")
            .map((row, context) ->
                new WriteKey(row.getString(1), row.getString(2), row.getString(3)))
            .list());
  }

  private record KnownKey(String project, boolean hasVerifier) {}

  /**
   * The project that an API key opens; empty if there is no such key. A key that was made before
   * there were SCRAM verifiers gets its own now.
   */
  public Optional<String> projectOf(String apiKey) {
    Optional<KnownKey> known =
        database.withHandle(handle ->
            handle
                .createQuery(
                    "select project, scram is not null from api_keys where sha256 = ?"
                        + " and revoked_at is null")
                .bind(0, Secrets.sha256(apiKey))
                .map((row, context) -> new KnownKey(row.getString(1), row.getBoolean(2)))
                .findOne());
    known
        .filter(key -> !key.hasVerifier())
        .ifPresent(key ->
            database.useHandle(handle ->
                handle.execute(
                    "update api_keys set scram = ? where sha256 = ?",
                    ScramVerifier.of(key.project(), apiKey).text(),
                    Secrets.sha256(apiKey))));
    return known.map(KnownKey::project);
  }

  /** The SCRAM verifiers of a project's keys; empty for a key that has none yet. */
  public List<Optional<ScramVerifier>> verifiers(String project) {
    return database.withHandle(handle ->
        handle
            .createQuery("select scram from api_keys where project = ? and revoked_at is null")
            .bind(0, project)
            .map((row, context) -> Optional.ofNullable(row.getString(1)).map(ScramVerifier::parse))
            .list());
  }
}
