package weir.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyUsageTest {
  @TempDir Path folder;

  private Path file;
  private volatile Instant now = Instant.parse("2026-02-28T23:59:58Z");

  @BeforeEach
  void name() {
    file = folder.resolve("key-usage.json");
  }

  private KeyUsage open() {
    return KeyUsage.open(file, () -> now);
  }

  @Test
  void allOrNoneOfABatchCounts() {
    try (KeyUsage usage = open()) {
      assertThat(usage.take("k", 6, 10)).isTrue();
      assertThat(usage.take("k", 5, 10)).isFalse();
      assertThat(usage.take("k", 4, 10)).isTrue();
      assertThat(usage.take("k", 1, 10)).isFalse();
      assertThat(usage.take("other", 10, 10)).isTrue();
      usage.giveBack("k", 4);
      assertThat(usage.events("k")).isEqualTo(6);
      assertThat(usage.take("k", Integer.MAX_VALUE, Long.MAX_VALUE)).isTrue();
    }
  }

  @Test
  void aMonthEndsInUtc() {
    try (KeyUsage usage = open()) {
      assertThat(usage.take("k", 10, 10)).isTrue();
      assertThat(usage.secondsLeft()).isEqualTo(2);
      now = Instant.parse("2026-02-28T23:59:59.999999Z");
      assertThat(usage.take("k", 1, 10)).isFalse();
      now = Instant.parse("2026-03-01T00:00:00Z");
      assertThat(usage.events("k")).isZero();
      assertThat(usage.take("k", 10, 10)).isTrue();
      assertThat(usage.secondsLeft()).isEqualTo(31 * 86_400);
      now = Instant.parse("2026-02-28T23:59:59Z");
      assertThat(usage.take("k", 1, 10)).as("a clock that was set back").isFalse();
    }
  }

  @Test
  void aRestartKnowsWhatCame() throws IOException {
    try (KeyUsage usage = open()) {
      usage.take("k", 7, 10);
    }
    assertThat(Files.readString(file)).isEqualTo("{\"month\":\"2026-02\",\"events\":{\"k\":7}}");
    assertThat(KeyUsage.kept(file, () -> now)).containsOnly(Map.entry("k", 7L));
    assertThat(KeyUsage.kept(file, () -> now.plusSeconds(2))).as("in March").isEmpty();
    assertThat(KeyUsage.kept(folder.resolve("none"), () -> now)).isEmpty();
    try (KeyUsage usage = open()) {
      assertThat(usage.take("k", 4, 10)).isFalse();
      assertThat(usage.take("k", 3, 10)).isTrue();
    }
    now = Instant.parse("2026-03-01T00:00:00Z");
    try (KeyUsage usage = open()) {
      assertThat(usage.take("k", 10, 10)).isTrue();
    }
    assertThat(Files.readString(file)).contains("2026-03");
  }

  /** Killed: what was kept last counts, and no more. */
  @Test
  void aCrashForgetsWhatWasNotKept() {
    KeyUsage crashed = open();
    try (KeyUsage ended = crashed) {
      crashed.take("k", 7, 10);
      crashed.keep();
      crashed.take("k", 1, 10);
      try (KeyUsage next = open()) {
        assertThat(next.events("k")).isEqualTo(7);
      }
      assertThat(ended.events("k")).isEqualTo(8);
    }
  }

  @Test
  void whatCannotBeReadCountsAsNone() throws IOException {
    for (String broken :
        new String[] {"", "{", "{\"month\":\"x\"}", "[]", "{\"events\":{\"k\":1}}"}) {
      Files.write(file, broken.getBytes(UTF_8));
      try (KeyUsage usage = open()) {
        assertThat(usage.take("k", 10, 10)).as(broken).isTrue();
      }
    }
  }

  @Test
  void whatCannotBeKeptIsKeptLater() throws IOException {
    file = Files.createFile(folder.resolve("in-the-way")).resolve("key-usage.json");
    try (KeyUsage usage = open()) {
      usage.take("k", 3, 10);
      usage.keep();
      Files.delete(folder.resolve("in-the-way"));
      Files.createDirectory(folder.resolve("in-the-way"));
      usage.keep();
      assertThat(Files.readString(file)).contains("\"k\":3");
    }
  }
}
