package weir.metadata;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import weir.event.EpochMicros;

/**
 * How far each group of consumers has read the events of a project. Safe for use by several
 * threads. All may block.
 *
 * <p>A group's name is {@code GROUP}, or {@code OWNER/GROUP} where it is not the project's.
 */
public final class ConsumerStore {
  /** How many groups a project may have, and beside them each key with groups of its own. */
  public static final int MOST = 1_000;

  private static final char OWNER_END = '/';

  private final Jdbi database;
  private final InstantSource clock;

  ConsumerStore(Jdbi database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * A group.
   *
   * @param position from where on it has not read
   * @param committedAt empty until its first commit
   */
  public record Group(
      String name, String position, Instant createdAt, Optional<Instant> committedAt) {}

  /** The groups of a project, by name. */
  public List<Group> list(String project) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                "select name, position, created_at, committed_at from consumer_groups"
                    + " where project = ? order by name")
            .bind(0, project)
            .map((row, context) -> {
              long committed = row.getLong(4);
              Optional<Instant> at =
                  row.wasNull() ? Optional.empty() : Optional.of(EpochMicros.instant(committed));
              return new Group(
                  row.getString(1), row.getString(2), EpochMicros.instant(row.getLong(3)), at);
            })
            .list());
  }

  /**
   * From where on a group has not read; one that there is not begins at a position.
   *
   * @throws RefusedException if there is not, and its owner has {@link #MOST} groups
   */
  public String position(String project, String group, String begin) throws RefusedException {
    return database.inTransaction(transaction -> {
      Optional<String> known =
          transaction
              .createQuery("select position from consumer_groups where project = ? and name = ?")
              .bind(0, project)
              .bind(1, group)
              .mapTo(String.class)
              .findOne();
      if (known.isPresent()) {
        return known.get();
      }
      refuseTooMany(transaction, project, owner(group));
      transaction.execute(
          "insert into consumer_groups values (?, ?, ?, ?, null)",
          project,
          group,
          begin,
          EpochMicros.of(clock.instant()));
      return begin;
    });
  }

  /** What stands before the names of an owner's groups: nothing before the project's. */
  private static String owner(String group) {
    return group.substring(0, group.indexOf(OWNER_END) + 1);
  }

  private static void refuseTooMany(Handle handle, String project, String owner)
      throws RefusedException {
    long there =
        handle
            .createQuery("select name from consumer_groups where project = ?")
            .bind(0, project)
            .mapTo(String.class)
            .stream()
            .filter(name -> owner(name).equals(owner))
            .count();
    if (there >= MOST) {
      throw new RefusedException(
          RefusedException.Reason.TOO_MANY,
          "there are "
              + MOST
              + " groups already: read as one of them, or delete those that are used no more"
              + " (GET /api/v1/consumers lists them, DELETE /api/v1/consumers/GROUP)");
    }
  }

  /**
   * Keeps how far a group has read.
   *
   * @throws RefusedException if there is no such group
   */
  public void commit(String project, String group, String position) throws RefusedException {
    int rows =
        database.withHandle(handle ->
            handle.execute(
                "update consumer_groups set position = ?, committed_at = ?"
                    + " where project = ? and name = ?",
                position,
                EpochMicros.of(clock.instant()),
                project,
                group));
    if (rows == 0) {
      throw new RefusedException(
          RefusedException.Reason.UNKNOWN,
          "there is no group '" + group + "'; it begins with its first read");
    }
  }

  /** Forgets a group; whether there was one. */
  public boolean delete(String project, String group) {
    return database.withHandle(handle ->
        handle.execute(
            "delete from consumer_groups where project = ? and name = ?", project, group))
        > 0;
  }
}
