package weir.server.roles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.collect.KeyFile;
import weir.collect.KeyRing;
import weir.collect.KeyRules;
import weir.decode.WebhookTemplate;
import weir.event.EpochMicros;
import weir.log.files.Files;
import weir.metadata.MetaStore;
import weir.metadata.Webhook;
import weir.metadata.WriteKey;

/**
 * Gives the collector its write keys and webhooks, through the key file. What cannot be written,
 * since the disk is full perhaps, is written as soon as it can be.
 */
final class KeyPublication implements MetaStore.WriteKeyListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyPublication.class);
  private static final long AGAIN_MILLIS = 500;

  private final Path file;
  private final ScheduledExecutorService again =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("keys-publish").daemon().factory());
  private boolean owed;

  KeyPublication(Path file) {
    this.file = file;
  }

  /** Writes later what could not be written, with the keys as they are then. */
  void retryWith(Runnable publish) {
    again.scheduleWithFixedDelay(
        () -> {
          if (isOwed()) {
            try {
              publish.run();
            } catch (RuntimeException e) {
              LOG.error("the write keys still cannot be given to the collector", e);
            }
          }
        },
        AGAIN_MILLIS,
        AGAIN_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private synchronized boolean isOwed() {
    return owed;
  }

  @Override
  public synchronized void publish(List<WriteKey> keys, List<Webhook> webhooks) {
    owed = true;
    KeyRing ring =
        new KeyRing(
            keys.stream().map(KeyPublication::published).toList(),
            webhooks.stream().flatMap(each -> published(each).stream()).toList());
    try {
      KeyFile.publish(Files.system(), file, ring);
    } catch (IOException e) {
      throw new UncheckedIOException("the write keys cannot be given to the collector", e);
    }
    owed = false;
  }

  /** A key whose rules a newer Weir has made, and this one cannot read, is not in force. */
  private static weir.collect.WriteKey published(WriteKey key) {
    try {
      KeyRules rules = key.rules().map(KeyRules::parse).orElse(KeyRules.NONE);
      return new weir.collect.WriteKey(key.key(), key.project(), key.source(), true, rules);
    } catch (IllegalArgumentException e) {
      LOG.error("the rules of a write key of {} cannot be read; it is off", key.source(), e);
      return new weir.collect.WriteKey(key.key(), key.project(), key.source(), false);
    }
  }

  /** Likewise; one whose template only a newer Weir has is not there. */
  private static Optional<weir.collect.Webhook> published(Webhook webhook) {
    WriteKey key = new WriteKey(webhook.id(), webhook.project(), webhook.name(), webhook.rules());
    weir.collect.WriteKey published = published(key);
    return published.enabled()
        ? WebhookTemplate.labelled(webhook.template())
            .map(template ->
                new weir.collect.Webhook(
                    webhook.address(),
                    published,
                    template,
                    webhook.secrets().stream().map(KeyPublication::published).toList(),
                    webhook.replayKey()))
        : Optional.empty();
  }

  private static weir.collect.Webhook.Secret published(Webhook.SigningSecret secret) {
    long until = secret.until().map(time -> EpochMicros.of(time)).orElse(Long.MAX_VALUE);
    return new weir.collect.Webhook.Secret(secret.text(), until);
  }

  @Override
  public void close() {
    again.shutdownNow();
  }
}
