package weir.metadata;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import weir.event.EpochMicros;

/** The webhooks of all projects. Safe for use by several threads. All may block. */
public final class WebhookStore {
  /** How many a project may have. */
  public static final int MOST = 200;

  /** How many secrets a webhook may have that requests may be signed with. */
  public static final int MOST_SECRETS = 10;

  private static final int ADDRESS = 32;
  private static final int REPLAY_KEY = 40;

  private final Jdbi database;
  private final InstantSource clock;
  private final Runnable publish;

  /**
   * @param publish tells others of the webhooks there are; may throw
   */
  WebhookStore(Jdbi database, InstantSource clock, Runnable publish) {
    this.database = database;
    this.clock = clock;
    this.publish = publish;
  }

  /** Every one there is or was. */
  public List<Webhook> all() {
    return select("", List.of());
  }

  /** Those that take requests. */
  public List<Webhook> inForce() {
    return select(
        " where enabled = 1 and deleted_at is null"
            + " and project in (select name from projects where closed_at is null)",
        List.of());
  }

  /** Those of a project, in the order in which they were made. */
  public List<Webhook> list(String project) {
    return select(" where project = ? and deleted_at is null", List.of(project));
  }

  private List<Webhook> select(String where, List<String> values) {
    return database.withHandle(handle -> {
      var query =
          handle.createQuery(
              "select "
                  + WebhookRows.COLUMNS
                  + " from webhooks"
                  + where
                  + " order by created_at, id");
      for (int i = 0; i < values.size(); i++) {
        query.bind(i, values.get(i));
      }
      return query.map((row, context) -> WebhookRows.webhook(row)).list();
    });
  }

  /**
   * One of a project.
   *
   * @throws RefusedException if it has none of this id
   */
  public Webhook get(String project, String id) throws RefusedException {
    return database.withHandle(handle -> get(handle, project, id));
  }

  private static Webhook get(Handle handle, String project, String id) throws RefusedException {
    return handle
        .createQuery(
            "select "
                + WebhookRows.COLUMNS
                + " from webhooks where project = ? and id = ? and deleted_at is null")
        .bind(0, project)
        .bind(1, id)
        .map((row, context) -> WebhookRows.webhook(row))
        .findOne()
        .orElseThrow(
            () -> RefusedException.unknown("the project " + project + " has no webhook " + id));
  }

  /**
   * Makes one.
   *
   * @throws RefusedException if there is no such project, or it has one of this name already
   */
  public Webhook create(String project, Webhook.New wanted) throws RefusedException {
    Webhook made =
        new Webhook(
            Secrets.random("wh_", 16),
            project,
            wanted.name(),
            Secrets.random("", ADDRESS),
            wanted.template(),
            wanted.secret().stream()
                .map(text -> new Webhook.SigningSecret(text, Optional.empty()))
                .toList(),
            Secrets.random("rk_", REPLAY_KEY),
            wanted.mapping(),
            wanted.rules(),
            true,
            clock.instant(),
            Optional.empty());
    database.useTransaction(transaction -> {
      if (!ProjectStore.isOpen(transaction, project)) {
        throw ProjectStore.unknown(project);
      }
      refuseTaken(transaction, project, wanted.name());
      WebhookRows.insert(transaction, made);
    });
    publish.run();
    return made;
  }

  private static void refuseTaken(Handle handle, String project, String name)
      throws RefusedException {
    List<String> names =
        handle
            .createQuery("select name from webhooks where project = ? and deleted_at is null")
            .bind(0, project)
            .mapTo(String.class)
            .list();
    if (names.contains(name)) {
      throw new RefusedException(
          RefusedException.Reason.TAKEN, "there is a webhook '" + name + "' already");
    }
    if (names.size() >= MOST) {
      throw new RefusedException(
          RefusedException.Reason.TAKEN, "a project may have " + MOST + " webhooks: delete one");
    }
  }

  /** Changes all that is to be different, or nothing: a mapping for what is not decoded yet. */
  public Webhook change(String project, String id, Webhook.Change wanted) throws RefusedException {
    return update(project, id, webhook -> WebhookRows.with(webhook, wanted));
  }

  /** Gives it another address; at the one before there is nothing any more. */
  public Webhook rotateAddress(String project, String id) throws RefusedException {
    return update(project, id, webhook -> WebhookRows.with(webhook, Secrets.random("", ADDRESS)));
  }

  /**
   * Gives it another secret.
   *
   * @param keep how long requests may still be signed with those before
   * @throws RefusedException also if so many are in force that each request would be checked with
   *     too many
   */
  public Webhook rotateSecret(String project, String id, String secret, Duration keep)
      throws RefusedException {
    Instant now = clock.instant();
    Instant end = now.plus(keep).truncatedTo(ChronoUnit.MICROS); // as it is kept
    return update(
        project,
        id,
        webhook -> {
          List<Webhook.SigningSecret> secrets = new ArrayList<>();
          secrets.add(new Webhook.SigningSecret(secret, Optional.empty()));
          for (Webhook.SigningSecret old : webhook.secrets()) {
            Instant until = old.until().filter(time -> time.isBefore(end)).orElse(end);
            if (until.isAfter(now) && !old.text().equals(secret)) {
              secrets.add(new Webhook.SigningSecret(old.text(), Optional.of(until)));
            }
          }
          if (secrets.size() > MOST_SECRETS) {
            throw new RefusedException(
                RefusedException.Reason.TAKEN,
                "a webhook may have "
                    + MOST_SECRETS
                    + " secrets at a time: keep those before for a shorter time");
          }
          return WebhookRows.with(webhook, secrets);
        });
  }

  /** Makes a webhook of the one before, or says why not. */
  private interface Step {
    Webhook of(Webhook before) throws RefusedException;
  }

  private Webhook update(String project, String id, Step change) throws RefusedException {
    Webhook changed =
        database.inTransaction(transaction -> {
          Webhook next = change.of(get(transaction, project, id));
          WebhookRows.update(transaction, next);
          return next;
        });
    publish.run();
    return changed;
  }

  /** Deletes one, with its last requests. Its events stay. */
  public void delete(String project, String id) throws RefusedException {
    Instant now = clock.instant();
    database.useTransaction(transaction -> {
      get(transaction, project, id);
      transaction.execute("delete from webhook_requests where webhook = ?", id);
      transaction.execute(
          "update webhooks set deleted_at = ?, secrets = '[]' where id = ?",
          EpochMicros.of(now),
          id);
    });
    publish.run();
  }
}
