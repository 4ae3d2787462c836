package weir.metadata;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import weir.event.EpochMicros;
import weir.event.ProjectName;

/** The projects. Safe for use by several threads. All may block. */
public final class ProjectStore {
  private final Jdbi database;
  private final InstantSource clock;
  private final KeyStore keys;

  ProjectStore(Jdbi database, InstantSource clock, KeyStore keys) {
    this.database = database;
    this.clock = clock;
    this.keys = keys;
  }

  /** A project with the keys that it begins with. */
  public record Created(Project project, KeyRecord.Created writeKey, KeyRecord.Created apiKey) {}

  /**
   * Some projects of a list.
   *
   * @param next where the next page goes on; empty if there is none
   */
  public record Page(List<Project> projects, Optional<String> next) {}

  /** A project that has been closed. */
  public record Closed(String name, Instant closedAt) {}

  static boolean isOpen(Handle handle, String name) {
    return handle
        .createQuery("select 1 from projects where name = ? and closed_at is null")
        .bind(0, name)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  static RefusedException unknown(String name) {
    return new RefusedException(
        RefusedException.Reason.UNKNOWN, "there is no project '" + name + "'");
  }

  /** Whether there is a project of this name that is open. */
  public boolean isOpen(String name) {
    return database.withHandle(handle -> isOpen(handle, name));
  }

  /** The names of all projects, also of closed ones, whose events may still be on their way. */
  public List<String> everyName() {
    return database.withHandle(handle ->
        handle.createQuery("select name from projects order by name").mapTo(String.class).list());
  }

  /**
   * Opens a project, with a write key and an API key that administers it.
   *
   * @throws RefusedException if there is or was one of this name
   */
  public Created create(ProjectName named) throws RefusedException {
    String name = named.value();
    Instant now = clock.instant();
    KeyRecord.Created write =
        KeyRows.write(
            name, new NewKey.Write(MetaStore.FIRST_SOURCE), Secrets.random("wk_", 24), now);
    KeyRecord.Created api =
        KeyRows.api(
            name,
            new NewKey.Api("first", KeyScope.ADMIN, false, Optional.empty()),
            Secrets.random("ak_", 40),
            now);
    List<KeyRecord.Created> both = List.of(write, api);
    List<Optional<ScramVerifier>> verifiers = KeyRows.verifiers(both);
    database.useTransaction(transaction -> {
      if (isKnown(transaction, name)) {
        throw new RefusedException(
            RefusedException.Reason.TAKEN, "there is or was a project '" + name + "'");
      }
      transaction.execute(
          "insert into projects (name, created_at) values (?, ?)", name, EpochMicros.of(now));
      KeyRows.insert(transaction, both, verifiers);
    });
    keys.changed(List.of());
    return new Created(new Project(name, now), write, api);
  }

  private static boolean isKnown(Handle handle, String name) {
    return handle
        .createQuery("select 1 from projects where name = ?")
        .bind(0, name)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /**
   * The open projects by name.
   *
   * @param after the page before said where it goes on; empty for the first
   */
  public Page list(String after, int limit) {
    List<Project> projects =
        database.withHandle(handle ->
            handle
                .createQuery(
                    "select name, created_at from projects where closed_at is null and name > ?"
                        + " order by name limit ?")
                .bind(0, after)
                .bind(1, limit + 1)
                .map((row, context) ->
                    new Project(row.getString(1), EpochMicros.instant(row.getLong(2))))
                .list());
    return projects.size() <= limit
        ? new Page(projects, Optional.empty())
        : new Page(
            List.copyOf(projects.subList(0, limit)), Optional.of(projects.get(limit - 1).name()));
  }

  /**
   * Closes a project: all its keys are revoked, and its name is not given again. What it holds
   * stays on the disk.
   *
   * @throws RefusedException if there is none of this name that is open, or if it holds a key that
   *     administers the installation
   */
  public Closed close(String name) throws RefusedException {
    Instant now = clock.instant();
    List<String> revoked =
        database.inTransaction(transaction -> {
          if (!isOpen(transaction, name)) {
            throw unknown(name);
          }
          refuseHome(transaction, name);
          List<String> ids =
              transaction
                  .createQuery("select id from keys where project = ? and revoked_at is null")
                  .bind(0, name)
                  .mapTo(String.class)
                  .list();
          long micros = EpochMicros.of(now);
          transaction.execute(
              "update keys set revoked_at = ? where project = ? and revoked_at is null",
              micros,
              name);
          transaction.execute("update projects set closed_at = ? where name = ?", micros, name);
          return ids;
        });
    keys.changed(revoked);
    return new Closed(name, now);
  }

  private static void refuseHome(Handle transaction, String name) throws RefusedException {
    boolean isHome =
        transaction
            .createQuery(
                "select 1 from keys where project = ? and installation = 1 and scope = 'admin'"
                    + " and revoked_at is null limit 1")
            .bind(0, name)
            .mapTo(Integer.class)
            .findOne()
            .isPresent();
    if (isHome) {
      throw new RefusedException(
          RefusedException.Reason.LAST_KEY,
          "a key that administers the installation belongs to the project " + name);
    }
  }
}
