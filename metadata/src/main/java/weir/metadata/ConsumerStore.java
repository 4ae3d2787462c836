package weir.metadata;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import weir.event.EpochMicros;

/**
 * How far each group of consumers has read the events of a project. Safe for use by several
 * threads. All may block.
 */
public final class ConsumerStore {
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

  /** From where on a group has not read; one that there is not begins at a position. */
  public String position(String project, String group, String begin) {
    return database.inTransaction(transaction -> {
      transaction.execute(
          "insert or ignore into consumer_groups values (?, ?, ?, ?, null)",
          project,
          group,
          begin,
          EpochMicros.of(clock.instant()));
      return transaction
          .createQuery("select position from consumer_groups where project = ? and name = ?")
          .bind(0, project)
          .bind(1, group)
          .mapTo(String.class)
          .one();
    });
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
