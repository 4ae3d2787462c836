package weir.metadata;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import weir.event.EpochMicros;

/** The keys of all projects. Safe for use by several threads. All may block. */
public final class KeyStore {
  private static final String IN_FORCE = " from keys where kind = 'api' and revoked_at is null";

  private final Jdbi database;
  private final InstantSource clock;
  private final KeyUses uses;
  private final Runnable publish;
  private final AtomicLong changes = new AtomicLong();
  private volatile KnownVerifiers verifiers = new KnownVerifiers("", 0, List.of());

  /**
   * @param uses told of revoked keys
   * @param publish tells others of the write keys there are; may throw
   */
  KeyStore(Jdbi database, InstantSource clock, KeyUses uses, Runnable publish) {
    this.database = database;
    this.clock = clock;
    this.uses = uses;
    this.publish = publish;
  }

  /** An API key in force, and what SCRAM needs to know of it; empty where it is not known yet. */
  public record Verifiable(ApiKey key, Optional<ScramVerifier> verifier) {}

  /** Of the project that was asked for last, so that logging in again costs little. */
  private record KnownVerifiers(String project, long change, List<Verifiable> keys) {}

  /**
   * Some keys of a list.
   *
   * @param next where the next page goes on; empty if there is none
   */
  public record Page(List<KeyRecord> keys, Optional<String> next) {}

  /** What a list of keys shows. */
  public enum Kind {
    ALL,
    WRITE,
    API
  }

  /** The write keys that are in force. */
  public List<WriteKey> writeKeys() {
    return database.withHandle(handle ->
        handle
            .createQuery(
                "select secret, project, name, rules from keys where kind = 'write'"
                    + " and revoked_at is null order by secret")
            .map((row, context) -> KeyRows.writeKey(row))
            .list());
  }

  /** The write keys of a project that are in force. */
  public List<WriteKey> writeKeys(String project) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                "select secret, project, name, rules from keys where project = ? and kind = 'write'"
                    + " and revoked_at is null order by created_at, id")
            .bind(0, project)
            .map((row, context) -> KeyRows.writeKey(row))
            .list());
  }

  /**
   * The API key in force that this is; empty if there is none. One that was made before there were
   * SCRAM verifiers gets its own now.
   */
  public Optional<ApiKey> find(String secret) {
    String sha256 = Secrets.sha256(secret);
    Optional<Verifiable> found =
        database.withHandle(handle ->
            verifiable(handle.createQuery(select(" and secret = ?")).bind(0, sha256)).stream()
                .findFirst());
    found
        .filter(each -> each.verifier().isEmpty())
        .ifPresent(each -> {
          database.useHandle(handle ->
              handle.execute(
                  "update keys set scram = ? where secret = ?",
                  ScramVerifier.of(each.key().project(), secret).text(),
                  sha256));
          changes.incrementAndGet();
        });
    return found.map(Verifiable::key);
  }

  private static String select(String where) {
    return "select id, project, scope, installation, limit_property, limit_value, scram"
        + IN_FORCE
        + where;
  }

  /** Whether there is an API key with this id that is in force, of whichever project. */
  public boolean isInForce(String id) {
    return database.withHandle(handle ->
        handle
            .createQuery("select 1" + IN_FORCE + " and id = ?")
            .bind(0, id)
            .mapTo(Integer.class)
            .findOne()
            .isPresent());
  }

  private static List<Verifiable> verifiable(Query query) {
    return query
        .map((row, context) ->
            new Verifiable(
                new ApiKey(
                    row.getString(1),
                    row.getString(2),
                    KeyScope.labelled(row.getString(3)),
                    row.getBoolean(4),
                    KeyRows.limit(row.getString(5), row.getString(6))),
                Optional.ofNullable(row.getString(7)).map(ScramVerifier::parse)))
        .list();
  }

  /** The API keys of a project that are in force. */
  public List<Verifiable> verifiers(String project) {
    long change = changes.get();
    KnownVerifiers known = verifiers;
    if (known.project().equals(project) && known.change() == change) {
      return known.keys();
    }
    List<Verifiable> keys =
        database.withHandle(
            handle -> verifiable(handle.createQuery(select(" and project = ?")).bind(0, project)));
    verifiers = new KnownVerifiers(project, change, List.copyOf(keys));
    return keys;
  }

  /**
   * Makes keys, all or none.
   *
   * @throws RefusedException if there is no such project
   */
  public List<KeyRecord.Created> create(String project, List<NewKey> keys) throws RefusedException {
    List<KeyRecord.Created> created = KeyRows.make(project, keys, clock.instant());
    List<Optional<ScramVerifier>> scram = KeyRows.verifiers(created);
    boolean isOpen =
        database.inTransaction(transaction -> {
          boolean found = ProjectStore.isOpen(transaction, project);
          if (found) {
            KeyRows.insert(transaction, created, scram);
          }
          return found;
        });
    if (!isOpen) {
      throw ProjectStore.unknown(project);
    }
    changed(List.of());
    return created;
  }

  /** After each change of keys, once it is committed. */
  void changed(List<String> revoked) {
    changes.incrementAndGet();
    uses.revoked(revoked);
    publish.run();
  }

  /**
   * The keys of a project, also revoked ones, in the order in which they were made.
   *
   * @param after the page before said where it goes on
   */
  public Page list(String project, Kind kind, Optional<String> after, int limit) {
    List<KeyRecord> keys =
        database.withHandle(handle ->
            handle
                .createQuery(
                    "select "
                        + KeyRows.COLUMNS
                        + " from keys where project = :project"
                        + (kind == Kind.ALL ? "" : " and kind = :kind")
                        + (after.isEmpty()
                            ? ""
                            : " and (created_at, id) > (select created_at, id from keys"
                                + " where id = :after)")
                        + " order by created_at, id limit :limit")
                .bind("project", project)
                .bind("kind", kind == Kind.WRITE ? "write" : "api")
                .bind("after", after.orElse(""))
                .bind("limit", limit + 1)
                .map((row, context) -> KeyRows.key(row))
                .list());
    return keys.size() <= limit
        ? new Page(keys, Optional.empty())
        : new Page(List.copyOf(keys.subList(0, limit)), Optional.of(keys.get(limit - 1).id()));
  }

  /**
   * Says no where a key in force is limited by one of some properties, or columns.
   *
   * @throws RefusedException naming one of the keys
   */
  public void refuseWhileLimitedBy(String project, Set<String> properties) throws RefusedException {
    Optional<KeyRecord> key =
        database.withHandle(handle ->
            handle
                .createQuery(
                    "select "
                        + KeyRows.COLUMNS
                        + IN_FORCE
                        + " and project = ? and limit_property is not null")
                .bind(0, project)
                .map((row, context) -> KeyRows.key(row))
                .filter(each -> properties.contains(each.limit().orElseThrow().property()))
                .findFirst());
    if (key.isPresent()) {
      throw new RefusedException(
          RefusedException.Reason.LIMITS_KEYS,
          "the API key "
              + key.get().id()
              + " sees the rows alone of one "
              + key.get().limit().orElseThrow().property()
              + ", which are found by this column: revoke it first");
    }
  }

  /** A key of a project, also a revoked one. */
  public Optional<KeyRecord> get(String project, String id) {
    return database.withHandle(handle -> get(handle, project, id));
  }

  private static Optional<KeyRecord> get(Handle handle, String project, String id) {
    return handle
        .createQuery("select " + KeyRows.COLUMNS + " from keys where project = ? and id = ?")
        .bind(0, project)
        .bind(1, id)
        .map((row, context) -> KeyRows.key(row))
        .findOne();
  }

  /**
   * Changes the rules of a write key that is in force.
   *
   * @param change makes new rules of those before; what it throws comes back, and nothing changes
   * @throws RefusedException if the project has no such key, or it has no rules
   */
  public KeyRecord changeRules(String project, String id, UnaryOperator<Optional<String>> change)
      throws RefusedException {
    KeyRecord key =
        database.inTransaction(transaction -> {
          KeyRecord found =
              get(transaction, project, id)
                  .filter(each -> each.revokedAt().isEmpty())
                  .orElseThrow(() -> unknown(project, id));
          if (found.scope() != KeyScope.WRITE) {
            throw new RefusedException(
                RefusedException.Reason.NO_WRITE_KEY,
                id + " is an API key: only write keys have rules");
          }
          transaction.execute(
              "update keys set rules = ? where id = ?",
              change.apply(found.rules()).orElse(null),
              id);
          return get(transaction, project, id).orElseThrow();
        });
    changed(List.of());
    return key;
  }

  private static RefusedException unknown(String project, String id) {
    return new RefusedException(
        RefusedException.Reason.UNKNOWN, "the project " + project + " has no key " + id);
  }

  /**
   * Revokes a key: nothing more is opened with it, and what it holds open ends. One that is revoked
   * already stays so since then.
   *
   * @throws RefusedException if the project has no such key, or if it is the last that administers
   *     the installation
   */
  public KeyRecord revoke(String project, String id) throws RefusedException {
    Instant now = clock.instant();
    KeyRecord key =
        database.inTransaction(transaction -> {
          KeyRecord found = get(transaction, project, id).orElseThrow(() -> unknown(project, id));
          if (found.revokedAt().isEmpty()) {
            refuseLast(transaction, found);
            transaction.execute(
                "update keys set revoked_at = ? where id = ?", EpochMicros.of(now), id);
          }
          return get(transaction, project, id).orElseThrow();
        });
    changed(List.of(id));
    return key;
  }

  private static void refuseLast(Handle transaction, KeyRecord key) throws RefusedException {
    if (!key.installation() || key.scope() != KeyScope.ADMIN) {
      return;
    }
    long others =
        transaction
            .createQuery(
                "select count(*)"
                    + IN_FORCE
                    + " and installation = 1 and scope = 'admin' and id <> ?")
            .bind(0, key.id())
            .mapTo(Long.class)
            .one();
    if (others == 0) {
      throw new RefusedException(
          RefusedException.Reason.LAST_KEY,
          "this is the only key that administers the installation: make another first");
    }
  }
}
