package weir.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
      KeyFile.publish(weir.log.Files.system(), file, ring("a"));
      await().until(() -> keys.get().find("a") != null);
      KeyFile.publish(weir.log.Files.system(), file, ring("b"));
      await().until(() -> keys.get().find("a") == null);
      assertThat(keys.get().find("b")).isEqualTo(new WriteKey("b", "p", "s \"1\"", true));
    }
    assertThat(Files.list(directory)).containsExactly(file);
  }

  @Test
  void aBrokenOrMissingFileKeepsTheKeys() throws IOException {
    Path file = directory.resolve("keys.json");
    KeyFile.publish(weir.log.Files.system(), file, ring("a"));
    try (KeyFile keys = KeyFile.watch(file)) {
      assertThat(keys.get().find("a")).isNotNull();
      Files.write(file, "{\"keys\":[{\"key\":".getBytes(UTF_8));
      await().pollDelay(java.time.Duration.ofMillis(500)).until(() -> keys.get().find("a") != null);
      Files.delete(file);
      await().pollDelay(java.time.Duration.ofMillis(500)).until(() -> keys.get().find("a") != null);
      KeyFile.publish(weir.log.Files.system(), file, ring("c"));
      await().until(() -> keys.get().find("c") != null);
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
