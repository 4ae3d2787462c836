package weir.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  @TempDir Path directory;

  private static KeyRing ring(String... keys) {
    return new KeyRing(
        List.of(keys).stream().map(key -> new WriteKey(key, "p", "s \"1\"", true)).toList());
  }

  @Test
  void followsWhatIsPublished() throws IOException {
    Path file = directory.resolve("keys.json");
    try (KeyFile keys = KeyFile.watch(file)) {
      assertThat(keys.get().isEmpty()).isTrue();
      KeyFile.publish(weir.log.files.Files.system(), file, ring("a"));
      await().until(() -> keys.get().find("a") != null);
      KeyFile.publish(weir.log.files.Files.system(), file, ring("b"));
      await().until(() -> keys.get().find("a") == null);
      assertThat(keys.get().find("b")).isEqualTo(new WriteKey("b", "p", "s \"1\"", true));
    }
    assertThat(Files.list(directory)).containsExactly(file);
  }

  @Test
  void rulesComeWithTheirKey() throws IOException {
    Path file = directory.resolve("keys.json");
    KeyRules rules = KeyRules.parse("{\"deny\":[\"::1\"],\"monthly_quota\":5}");
    WriteKey ruled = new WriteKey("a", "p", "s", true, rules);
    WriteKey free = new WriteKey("b", "p", "s", true);
    KeyFile.publish(weir.log.files.Files.system(), file, new KeyRing(List.of(ruled, free)));
    try (KeyFile keys = KeyFile.watch(file)) {
      assertThat(keys.get().keys()).containsExactly(ruled, free);
    }
    assertThat(
            KeyFile.parse(
                    "{\"keys\":[{\"key\":\"b\",\"project\":\"p\",\"source\":\"s\",\"enabled\":true}]}"
                        .getBytes(UTF_8))
                .keys())
        .as("a file from before there were rules")
        .containsExactly(free);
  }

  @Test
  void aBrokenOrMissingFileKeepsTheKeys() throws IOException {
    Path file = directory.resolve("keys.json");
    KeyFile.publish(weir.log.files.Files.system(), file, ring("a"));
    try (KeyFile keys = KeyFile.watch(file)) {
      assertThat(keys.get().find("a")).isNotNull();
      Files.write(file, "{\"keys\":[{\"key\":".getBytes(UTF_8));
      await().pollDelay(java.time.Duration.ofMillis(500)).until(() -> keys.get().find("a") != null);
      Files.delete(file);
      await().pollDelay(java.time.Duration.ofMillis(500)).until(() -> keys.get().find("a") != null);
      KeyFile.publish(weir.log.files.Files.system(), file, ring("c"));
      await().until(() -> keys.get().find("c") != null);
    }
  }

  /** As when the process has no file descriptor left at that moment. */
  @Test
  void aReadThatFailedIsMadeAgain() throws IOException {
    Path file = directory.resolve("keys.json");
    KeyFile.publish(weir.log.files.Files.system(), file, ring("revoked"));
    AtomicInteger failures = new AtomicInteger();
    AtomicBoolean full = new AtomicBoolean();
    KeyFile.Content content =
        path -> {
          if (full.get()) {
            failures.incrementAndGet();
            throw new FileSystemException(path.toString(), null, "Too many open files");
          }
          return Files.readAllBytes(path);
        };
    try (KeyFile keys = KeyFile.watch(file, content)) {
      assertThat(keys.get().find("revoked")).isNotNull();
      full.set(true);
      KeyFile.publish(weir.log.files.Files.system(), file, ring("other"));
      await().until(() -> failures.get() > 1);
      full.set(false);
      await().until(() -> keys.get().find("revoked") == null);
      assertThat(keys.get().find("other")).isNotNull();
    }
  }

  @Test
  void aDisabledKeyIsNone() throws IOException {
    KeyRing ring =
        KeyFile.parse(
            ("{\"version\":1,\"keys\":[{\"key\":\"a\",\"project\":\"p\",\"source\":\"s\","
                    + "\"enabled\":false,\"more\":[1]}]}")
                .getBytes(UTF_8));

    assertThat(ring.isEmpty()).isFalse();
    assertThat(ring.find("a")).isNull();
    assertThat(ring.authorized("Bearer a")).isNull();
  }
}
