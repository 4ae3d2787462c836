package weir.server.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import weir.decode.WebhookMapping;
import weir.metadata.RefusedException;
import weir.metadata.Webhook;

/** The webhooks of projects, as the API gives and takes them. All may block. */
public interface Webhooks {
  /** Those of a project. */
  List<Webhook> list(String project);

  /**
   * One of a project.
   *
   * @throws RefusedException if it has none of this id; as all others do
   */
  Webhook get(String project, String id) throws RefusedException;

  /** Makes one. */
  Webhook create(String project, Webhook.New wanted) throws RefusedException;

  /**
   * Changes all that is to be different, or nothing; another mapping is in force for what is
   * decoded from then on.
   */
  Webhook change(String project, String id, Webhook.Change wanted) throws RefusedException;

  /** Gives it another address. */
  Webhook rotateAddress(String project, String id) throws RefusedException;

  /**
   * Gives it another secret.
   *
   * @param keep how long those before are still taken
   */
  Webhook rotateSecret(String project, String id, String secret, Duration keep)
      throws RefusedException;

  /** Deletes one. */
  void delete(String project, String id) throws RefusedException;

  /**
   * What a mapping makes of the last requests, the newest first; nothing is stored.
   *
   * @param mapping empty for the one in force
   */
  ObjectNode tryLast(String project, String id, Optional<WebhookMapping> mapping, int last)
      throws RefusedException;

  /** What it makes of payloads of bad events of stage {@code decode}; nothing is stored. */
  ObjectNode tryPayloads(
      String project, String id, Optional<WebhookMapping> mapping, List<String> payloads)
      throws RefusedException;
}
