package weir.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import weir.event.EpochMicros;
import weir.event.Position;

/** The deliveries, as they are kept. Safe for use by several threads. All may block. */
final class DeliveryStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Nobody can see or delete those of closed projects, so they neither go on nor count. */
  private static final String OPEN =
      "project in (select name from projects where closed_at is null)";

  /** A delivery that still wants what it did when it was read. */
  private static final String WANTED =
      " where id = ? and url = ? and events = ? and condition = ? and batch_events = ?";

  private final Jdbi database;
  private final InstantSource clock;

  DeliveryStore(Jdbi database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  private long now() {
    return EpochMicros.of(clock.instant());
  }

  /** What there is in projects that are open, by project and name. */
  List<Delivery> all() {
    return database.withHandle(handle ->
        handle
            .createQuery(DeliveryRows.SELECT + " where " + OPEN + " order by project, name")
            .map(DeliveryRows::read)
            .list());
  }

  /** Those of a project, by name. */
  List<Delivery> of(String project) {
    return database.withHandle(handle ->
        handle
            .createQuery(DeliveryRows.SELECT + " where project = ? order by name")
            .bind(0, project)
            .map(DeliveryRows::read)
            .list());
  }

  /** One by its id; empty if there is none, or its project was closed. */
  Optional<Delivery> find(String id) {
    return database.withHandle(handle ->
        handle
            .createQuery(DeliveryRows.SELECT + " where id = ? and " + OPEN)
            .bind(0, id)
            .map(DeliveryRows::read)
            .findOne());
  }

  Delivery named(String project, String name) throws DeliveryException {
    return database
        .withHandle(handle ->
            handle
                .createQuery(DeliveryRows.SELECT + " where project = ? and name = ?")
                .bind(0, project)
                .bind(1, name)
                .map(DeliveryRows::read)
                .findOne())
        .orElseThrow(() -> DeliveryException.unknown(name));
  }

  /**
   * Makes one.
   *
   * @param most how many there may be in all
   */
  Delivery create(
      String project, String name, Target target, String madeBy, Position from, int most)
      throws DeliveryException {
    String id = Ids.delivery();
    database.useTransaction(transaction -> {
      if (count(transaction, "select count(*) from deliveries where " + OPEN) >= most) {
        throw new DeliveryException(
            DeliveryException.Reason.TOO_MANY, "there are " + most + " deliveries already");
      }
      if (count(
              transaction,
              "select count(*) from deliveries where project = ? and name = ?",
              project,
              name)
          > 0) {
        throw new DeliveryException(
            DeliveryException.Reason.TAKEN, "there is a delivery '" + name + "'");
      }
      transaction.execute(
          "insert into deliveries (id, project, name, url, events, condition, batch_events, made_by,"
              + " secret, position, paused, why, size, attempts, last_answer, delivered, created_at)"
              + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?, 0, '', 0, ?)",
          id,
          project,
          name,
          target.url().toString(),
          names(target),
          target.condition(),
          target.batchEvents(),
          madeBy,
          SigningSecrets.random(),
          from.toString(),
          target.batchEvents(),
          now());
    });
    return named(project, name);
  }

  private static long count(Handle handle, String sql, Object... values) {
    org.jdbi.v3.core.statement.Query query = handle.createQuery(sql);
    for (int i = 0; i < values.length; i++) {
      query.bind(i, values[i]);
    }
    return query.mapTo(Long.class).one();
  }

  private static String names(Target target) {
    try {
      return JSON.writeValueAsString(new TreeSet<>(target.events()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void change(String sql, Object... values) {
    database.useTransaction(transaction -> transaction.execute(sql, values));
  }

  /**
   * Delivers something else, or elsewhere, from the next batch on; whether it still was as it was
   * read, else nothing happens.
   */
  boolean retarget(Delivery delivery, Target target) {
    Target before = delivery.target();
    return database.inTransaction(transaction ->
        transaction.execute(
                "update deliveries set url = ?, events = ?, condition = ?, batch_events = ?,"
                    + " size = ?, pending_id = null, attempts = 0"
                    + WANTED,
                target.url().toString(),
                names(target),
                target.condition(),
                target.batchEvents(),
                target.batchEvents(),
                delivery.id(),
                before.url().toString(),
                names(before),
                before.condition(),
                before.batchEvents())
            > 0);
  }

  void pause(String id, String why) {
    change("update deliveries set paused = 1, why = ? where id = ?", why, id);
  }

  /** The key that answered for it does so no more; one that took over meanwhile does. */
  void revoked(Delivery delivery, String why) {
    change(
        "update deliveries set paused = 1, why = ? where id = ? and made_by = ?",
        why,
        delivery.id(),
        delivery.madeBy());
  }

  /** The receiver of a batch wants nothing more; one that took its place meanwhile may. */
  void gone(Delivery delivery, Delivery.Pending batch, String answer, String why) {
    change(
        "update deliveries set paused = 1, why = ?, attempts = attempts + 1, next_at = ?,"
            + " last_at = ?, last_answer = ? where id = ? and pending_id = ?",
        why,
        now(),
        now(),
        answer,
        delivery.id(),
        batch.id());
  }

  /** Goes on at once, in the name of a key. */
  void resume(String id, String madeBy) {
    change(
        "update deliveries set paused = 0, why = '', made_by = ?, attempts = 0, next_at = ?"
            + " where id = ?",
        madeBy,
        now(),
        id);
  }

  /** A new secret; the one before signs too for a while. */
  String rotate(String id, Duration both) {
    String secret = SigningSecrets.random();
    change(
        "update deliveries set secret_before = secret, secret_before_until = ?, secret = ?"
            + " where id = ?",
        EpochMicros.of(clock.instant().plus(both)),
        secret,
        id);
    return secret;
  }

  void delete(String id) {
    database.useTransaction(transaction -> {
      transaction.execute("delete from dead_letters where delivery = ?", id);
      transaction.execute("delete from deliveries where id = ?", id);
    });
  }

  /**
   * A batch is cut; its request bears the same id each time. Nothing happens where the delivery has
   * come to want something else since it was read.
   */
  void begin(Delivery delivery, Delivery.Pending batch) {
    Target target = delivery.target();
    change(
        "update deliveries set pending_id = ?, pending_to = ?, pending_events = ?, pending_at = ?,"
            + " attempts = 0, next_at = ?"
            + WANTED
            + " and pending_id is null",
        batch.id(),
        batch.to().toString(),
        batch.events(),
        EpochMicros.of(batch.at()),
        EpochMicros.of(batch.nextAt()),
        delivery.id(),
        target.url().toString(),
        names(target),
        target.condition(),
        target.batchEvents());
  }

  /** Nothing up to there is to be delivered. */
  void passed(String id, Position to) {
    change(
        "update deliveries set position = ? where id = ? and pending_id is null",
        to.toString(),
        id);
  }

  /** The receiver has taken a batch. */
  void taken(Delivery delivery, Delivery.Pending batch, String answer) {
    change(
        "update deliveries set position = ?, pending_id = null, attempts = 0,"
            + " size = min(batch_events, 2 * size), delivered = delivered + ?, delivered_at = ?,"
            + " last_at = ?, last_answer = ? where id = ? and pending_id = ?",
        batch.to().toString(),
        batch.events(),
        now(),
        now(),
        answer,
        delivery.id(),
        batch.id());
  }

  /** An attempt has failed. */
  void failed(Delivery delivery, Delivery.Pending batch, Duration wait, String answer) {
    change(
        "update deliveries set attempts = attempts + 1, next_at = ?, last_at = ?, last_answer = ?"
            + " where id = ? and pending_id = ?",
        EpochMicros.of(clock.instant().plus(wait)),
        now(),
        answer,
        delivery.id(),
        batch.id());
  }

  /** The receiver does not want a batch: it is cut anew, shorter. */
  void split(Delivery delivery, Delivery.Pending batch, String answer) {
    change(
        "update deliveries set pending_id = null, attempts = 0, size = ?, last_at = ?,"
            + " last_answer = ? where id = ? and pending_id = ?",
        (batch.events() + 1) / 2,
        now(),
        answer,
        delivery.id(),
        batch.id());
  }

  /**
   * What an answer to something else than a batch was. Where the clock was set back, so that the
   * last answer lies ahead, what waits for its time is due.
   */
  void answered(String id, String answer) {
    long now = now();
    change(
        "update deliveries set next_at = case when last_at > ? then ? else next_at end,"
            + " last_at = ?, last_answer = ? where id = ?",
        now,
        now,
        now,
        answer,
        id);
  }

  /** A batch is given up, for a dead letter; unless it was cut anew or forgotten meanwhile. */
  void giveUp(
      Delivery delivery, Delivery.Pending batch, byte[] body, String answer, DeadLetters letters) {
    database.useTransaction(transaction -> {
      int given =
          transaction.execute(
              "update deliveries set position = ?, pending_id = null, attempts = 0, last_at = ?,"
                  + " last_answer = ? where id = ? and pending_id = ?",
              batch.to().toString(),
              now(),
              answer,
              delivery.id(),
              batch.id());
      if (given > 0) {
        letters.add(transaction, delivery.id(), batch.id(), batch.events(), body, answer);
      }
    });
  }

  /** What stood up to there was given back by the log. */
  void skip(Delivery delivery, Position to, String why, DeadLetters letters) {
    database.useTransaction(transaction -> {
      int skipped =
          transaction.execute(
              "update deliveries set position = ?, pending_id = null, attempts = 0 where id = ?",
              to.toString(),
              delivery.id());
      if (skipped > 0) {
        letters.add(transaction, delivery.id(), "", 0, null, why);
      }
    });
  }
}
