package weir.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import weir.event.EpochMicros;

/**
 * What could not be delivered, kept for a while within a bound. Safe for use by several threads.
 * All may block.
 */
final class DeadLetters {
  private static final String SELECT =
      "select id, request, events, bytes, reason, created_at, expires_at, wanted from dead_letters";

  /** What a letter takes beside its body. */
  private static final long BESIDE = 512;

  private final Jdbi database;
  private final InstantSource clock;
  private final long mostBytes;
  private final Duration age;

  DeadLetters(Jdbi database, InstantSource clock, long mostBytes, Duration age) {
    this.database = database;
    this.clock = clock;
    this.mostBytes = mostBytes;
    this.age = age;
  }

  private static DeadLetter read(ResultSet row, StatementContext context) throws SQLException {
    return new DeadLetter(
        row.getString("id"),
        row.getString("request"),
        row.getInt("events"),
        row.getLong("bytes"),
        row.getString("reason"),
        EpochMicros.instant(row.getLong("created_at")),
        EpochMicros.instant(row.getLong("expires_at")),
        row.getBoolean("wanted"));
  }

  /** Adds one in a transaction; the oldest make room for it. */
  void add(
      Handle transaction,
      String delivery,
      String request,
      int events,
      byte @Nullable [] body,
      String reason) {
    long now = EpochMicros.of(clock.instant());
    long bytes = BESIDE + (body == null ? 0 : body.length);
    long taken =
        transaction
            .createQuery("select coalesce(sum(bytes), 0) from dead_letters")
            .mapTo(Long.class)
            .one();
    while (taken + bytes > mostBytes) {
      Optional<DeadLetter> oldest =
          transaction
              .createQuery(SELECT + " order by rowid limit 1")
              .map(DeadLetters::read)
              .findOne();
      if (oldest.isEmpty()) {
        break;
      }
      transaction.execute("delete from dead_letters where id = ?", oldest.get().id());
      taken -= oldest.get().bytes();
    }
    transaction.execute(
        "insert into dead_letters values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        Ids.deadLetter(),
        delivery,
        request,
        events,
        body,
        bytes,
        reason,
        now,
        now + age.toNanos() / 1_000);
  }

  /** Forgets what has expired; how many. */
  int expire() {
    return database.inTransaction(transaction ->
        transaction.execute(
            "delete from dead_letters where expires_at <= ?", EpochMicros.of(clock.instant())));
  }

  /**
   * Those of a delivery, oldest first.
   *
   * @param after the id of the one before; empty for the first
   */
  List<DeadLetter> list(String delivery, String after, int limit) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                SELECT
                    + " where delivery = :delivery and (:after = '' or rowid > (select rowid from"
                    + " dead_letters where id = :after)) order by rowid limit :limit")
            .bind("delivery", delivery)
            .bind("after", after)
            .bind("limit", limit)
            .map(DeadLetters::read)
            .list());
  }

  int count(String delivery) {
    return database.withHandle(handle ->
        handle
            .createQuery("select count(*) from dead_letters where delivery = ?")
            .bind(0, delivery)
            .mapTo(Integer.class)
            .one());
  }

  /** How many there are in all. */
  int count() {
    return database.withHandle(handle ->
        handle.createQuery("select count(*) from dead_letters").mapTo(Integer.class).one());
  }

  /** When the last gap came; empty if none is kept. */
  Optional<DeadLetter> lastGap(String delivery) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                SELECT + " where delivery = ? and request = '' order by rowid desc limit 1")
            .bind(0, delivery)
            .map(DeadLetters::read)
            .findOne());
  }

  /** The body of one; empty for a gap, or if there is none. */
  Optional<byte[]> body(String delivery, String id) {
    return database.withHandle(handle ->
        handle
            .createQuery("select body from dead_letters where delivery = ? and id = ?")
            .bind(0, delivery)
            .bind(1, id)
            .map((row, context) -> Optional.ofNullable(row.getBytes(1)))
            .findOne()
            .flatMap(found -> found));
  }

  /**
   * Marks some to be delivered again; how many.
   *
   * @param ids none for all
   */
  int want(String delivery, Optional<List<String>> ids) {
    return database.inTransaction(transaction -> {
      if (ids.isEmpty()) {
        return transaction.execute(
            "update dead_letters set wanted = 1 where delivery = ? and request <> ''", delivery);
      }
      int rows = 0;
      for (String id : ids.get()) {
        rows +=
            transaction.execute(
                "update dead_letters set wanted = 1 where delivery = ? and id = ?"
                    + " and request <> ''",
                delivery,
                id);
      }
      return rows;
    });
  }

  /** The next that is to be delivered again. */
  Optional<DeadLetter> nextWanted(String delivery) {
    return database.withHandle(handle ->
        handle
            .createQuery(SELECT + " where delivery = ? and wanted = 1 order by rowid limit 1")
            .bind(0, delivery)
            .map(DeadLetters::read)
            .findOne());
  }

  /** One was delivered after all, or is not wanted any more; whether it was there. */
  boolean delete(String delivery, String id) {
    return database.inTransaction(transaction ->
        transaction.execute("delete from dead_letters where delivery = ? and id = ?", delivery, id)
            > 0);
  }

  /** One could not be delivered again either. */
  void refused(String id, String reason) {
    database.useTransaction(transaction ->
        transaction.execute(
            "update dead_letters set wanted = 0, reason = ? where id = ?", reason, id));
  }
}
