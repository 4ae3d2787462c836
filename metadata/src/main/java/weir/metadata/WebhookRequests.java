package weir.metadata;

import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The last requests of each webhook, for dry runs. Safe for use by several threads. All may block.
 */
public final class WebhookRequests {
  /** How many are kept of each. */
  public static final int KEPT = 100;

  private final Jdbi database;

  WebhookRequests(Jdbi database) {
    this.database = database;
  }

  /**
   * A request.
   *
   * @param webhook its id
   * @param id of the request; of two with the same the first is kept
   * @param bytes as the raw log has it
   */
  public record Kept(String webhook, UUID id, byte[] bytes) {}

  /** Keeps requests, in their order, and of each webhook the last ones; none of deleted ones. */
  public void add(List<Kept> requests) {
    database.useTransaction(transaction -> {
      PreparedBatch batch =
          transaction.prepareBatch(
              "insert or ignore into webhook_requests (webhook, request_id, request) select ?, ?, ?"
                  + " where exists (select 1 from webhooks where id = ? and deleted_at is null)");
      requests.forEach(
          each -> batch.add(each.webhook(), each.id().toString(), each.bytes(), each.webhook()));
      batch.execute();
      requests.stream()
          .map(Kept::webhook)
          .distinct()
          .forEach(webhook ->
              transaction.execute(
                  "delete from webhook_requests where webhook = ? and number <= (select number from"
                      + " webhook_requests where webhook = ? order by number desc limit 1 offset ?)",
                  webhook,
                  webhook,
                  KEPT));
    });
  }

  /** The last requests of a webhook, the newest first. */
  public List<byte[]> last(String webhook, int limit) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                "select request from webhook_requests where webhook = ? order by number desc"
                    + " limit ?")
            .bind(0, webhook)
            .bind(1, limit)
            .mapTo(byte[].class)
            .list());
  }
}
