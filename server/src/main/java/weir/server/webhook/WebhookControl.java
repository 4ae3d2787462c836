package weir.server.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.decode.Decoder;
import weir.decode.WebhookDecoder;
import weir.decode.WebhookMapping;
import weir.metadata.MetaStore;
import weir.metadata.RefusedException;
import weir.metadata.Webhook;
import weir.metadata.WebhookStore;

/**
 * Webhooks: kept in the metadata database, their mappings in force for what is decoded. Safe for
 * use by several threads.
 */
public final class WebhookControl implements Webhooks, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookControl.class);

  private final WebhookStore store;
  private final RecentRequests recent;
  private final int maxEventBytes;
  private final InstantSource clock;

  /** By the webhooks' ids, of deleted ones too. */
  private final Map<String, WebhookMapping> mappings = new ConcurrentHashMap<>();

  private WebhookControl(
      WebhookStore store, RecentRequests recent, int maxEventBytes, InstantSource clock) {
    this.store = store;
    this.recent = recent;
    this.maxEventBytes = maxEventBytes;
    this.clock = clock;
  }

  /**
   * Brings into force what there is.
   *
   * @param maxEventBytes an event of more bytes is quarantined
   */
  public static WebhookControl start(MetaStore store, int maxEventBytes, InstantSource clock) {
    WebhookControl control =
        new WebhookControl(
            store.webhooks(), RecentRequests.start(store.webhookRequests()), maxEventBytes, clock);
    control.load(store.webhooks().all());
    return control;
  }

  /** Brings into force what is kept. */
  private void load(List<Webhook> webhooks) {
    for (Webhook webhook : webhooks) {
      try {
        mappings.put(webhook.id(), WebhookMapping.parse(webhook.mapping()));
      } catch (IllegalArgumentException e) {
        LOG.error("the mapping of {} cannot be read: {}", webhook, e.getMessage());
      }
    }
  }

  /** What decodes their requests by the mappings in force, and keeps the last ones. */
  public Decoder decoder() {
    WebhookDecoder decoder =
        new WebhookDecoder(maxEventBytes, id -> Optional.ofNullable(mappings.get(id)));
    return new NotingDecoder(
        decoder,
        request -> {
          if (!request.path().equals(decoder.replayed())) {
            recent.note(request);
          }
        });
  }

  @Override
  public List<Webhook> list(String project) {
    return store.list(project);
  }

  @Override
  public Webhook get(String project, String id) throws RefusedException {
    return store.get(project, id);
  }

  @Override
  public synchronized Webhook create(String project, Webhook.New wanted) throws RefusedException {
    try {
      return store.create(project, wanted);
    } finally {
      load(store.list(project)); // also where the collector could not be told yet
    }
  }

  @Override
  public synchronized Webhook change(String project, String id, Webhook.Change wanted)
      throws RefusedException {
    try {
      return store.change(project, id, wanted);
    } finally {
      load(store.list(project));
    }
  }

  @Override
  public Webhook rotateAddress(String project, String id) throws RefusedException {
    return store.rotateAddress(project, id);
  }

  @Override
  public Webhook rotateSecret(String project, String id, String secret, Duration keep)
      throws RefusedException {
    return store.rotateSecret(project, id, secret, keep);
  }

  @Override
  public void delete(String project, String id) throws RefusedException {
    store.delete(project, id);
  }

  @Override
  public ObjectNode tryLast(String project, String id, Optional<WebhookMapping> mapping, int last)
      throws RefusedException {
    DryRun run = run(project, id, mapping);
    recent.last(id, last).forEach(run::request);
    return run.result();
  }

  @Override
  public ObjectNode tryPayloads(
      String project, String id, Optional<WebhookMapping> mapping, List<String> payloads)
      throws RefusedException {
    DryRun run = run(project, id, mapping);
    payloads.forEach(payload -> run.payload(payload, clock.instant()));
    return run.result();
  }

  private DryRun run(String project, String id, Optional<WebhookMapping> mapping)
      throws RefusedException {
    Webhook webhook = store.get(project, id);
    return new DryRun(
        mapping.orElseGet(() -> WebhookMapping.parse(webhook.mapping())), maxEventBytes);
  }

  @Override
  public void close() {
    recent.close();
  }
}
