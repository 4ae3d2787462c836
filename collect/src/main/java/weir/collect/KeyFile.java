package weir.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.log.files.Files;
import weir.log.files.Publication;

/**
 * The file through which the engine tells the collector its write keys:
 *
 * <pre>{"keys":[{"key":"...","project":"default","source":"default","enabled":true}]}</pre>
 *
 * <p>and {@code "webhooks":[...]} as {@link WebhookJson} writes them, and {@code "rules":{...}} as
 * {@link KeyRules} writes them, where a key has any.
 *
 * <p>Watches it, and holds the keys of its last version that could be read; none until there is
 * one. A missing or broken file keeps what was known, and is read again until that succeeds.
 */
public final class KeyFile implements Supplier<KeyRing>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
  private static final long POLL_MILLIS = 200;
  private static final JsonFactory JSON = new JsonFactory();

  private final Path file;
  private final Content content;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread watcher;
  private volatile KeyRing ring = KeyRing.empty();
  private @Nullable Stamp seen;
  private String complaint = "";

  /** Reads a file whole. */
  interface Content {
    byte[] of(Path file) throws IOException;
  }

  private record Stamp(FileTime modified, long size, @Nullable Object inode) {}

  private KeyFile(Path file, Content content) {
    this.file = file;
    this.content = content;
    this.watcher = Thread.ofPlatform().name("keys-watch").daemon().unstarted(this::watch);
  }

  /** Reads the file now if it is there, and whenever it changes, until closed. */
  public static KeyFile watch(Path file) {
    return watch(file, java.nio.file.Files::readAllBytes);
  }

  static KeyFile watch(Path file, Content content) {
    KeyFile keys = new KeyFile(file, content);
    keys.poll();
    keys.watcher.start();
    return keys;
  }

  @Override
  public KeyRing get() {
    return ring;
  }

  @Override
  public void close() {
    closed.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        watcher.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try {
      while (!closed.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        poll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void poll() {
    try {
      BasicFileAttributes attributes =
          java.nio.file.Files.readAttributes(file, BasicFileAttributes.class);
      Stamp stamp =
          new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
      if (!stamp.equals(seen)) {
        ring = parse(content.of(file));
        seen = stamp; // not before: a version that could not be read is not known
        complaint = "";
        LOG.info(
            "{} write keys and {} webhooks in {}",
            ring.keys().size(),
            ring.webhooks().size(),
            file);
      }
    } catch (NoSuchFileException e) {
      if (seen != null) {
        seen = null;
        LOG.warn("{} is gone; the keys that it held stay in force", file);
      }
    } catch (IOException | RuntimeException e) {
      complain(e);
    }
  }

  private void complain(Exception why) {
    if (!why.toString().equals(complaint)) {
      complaint = why.toString();
      LOG.error("{} cannot be read; the keys that were known stay in force", file, why);
    }
  }

  /**
   * Replaces the file, durably and at once: a reader sees the old one or the new one, also after a
   * power cut.
   */
  public static void publish(Files files, Path file, KeyRing ring) throws IOException {
    Publication.publish(files, file, render(ring));
  }

  private static byte[] render(KeyRing ring) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("keys");
      for (WriteKey key : ring.keys()) {
        writeKey(key, json);
      }
      json.writeEndArray();
      WebhookJson.write(ring.webhooks(), json);
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  static void writeKey(WriteKey key, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("key", key.key());
    json.writeStringField("project", key.project());
    json.writeStringField("source", key.source());
    json.writeBooleanField("enabled", key.enabled());
    if (!key.rules().isNone()) {
      json.writeFieldName("rules");
      key.rules().write(json);
    }
    json.writeEndObject();
  }

  static KeyRing parse(byte[] bytes) throws IOException {
    List<WriteKey> keys = new ArrayList<>();
    List<Webhook> webhooks = new ArrayList<>();
    boolean found = false;
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (field.equals("keys") && value == JsonToken.START_ARRAY) {
          found = true;
          while (json.nextToken() != JsonToken.END_ARRAY) {
            keys.add(parseKey(json));
          }
        } else if (field.equals("webhooks") && value == JsonToken.START_ARRAY) {
          webhooks.addAll(WebhookJson.read(json));
        } else {
          json.skipChildren();
        }
      }
      if (!found || json.nextToken() != null) {
        throw new IOException("not one object with an array \"keys\"");
      }
    }
    return new KeyRing(keys, webhooks);
  }

  static WriteKey parseKey(JsonParser json) throws IOException {
    String key = "";
    String project = "";
    String source = "";
    boolean enabled = true;
    KeyRules rules = KeyRules.NONE;
    if (!json.hasToken(JsonToken.START_OBJECT)) {
      throw new IOException("a key is not an object");
    }
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "key" -> key = json.getValueAsString("");
        case "project" -> project = json.getValueAsString("");
        case "source" -> source = json.getValueAsString("");
        case "enabled" -> enabled = json.getBooleanValue();
        case "rules" -> rules = KeyRules.read(json);
        default -> json.skipChildren();
      }
    }
    return new WriteKey(key, project, source, enabled, rules.isNone() ? KeyRules.NONE : rules);
  }
}
