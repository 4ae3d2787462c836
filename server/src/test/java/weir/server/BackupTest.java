package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.directory.DataDirectory;
import weir.tools.backup.Backup;
import weir.tools.backup.Restore;

/** Backups of a Weir under load, restored elsewhere. */
class BackupTest {
  private static final long SEED = 20_261_121;

  /** An import that was being taken out. */
  private static final String BEGUN_UNDO =
      """
      "gone"
      {"project":"default","import":"20260131-100000-4f2a9c","commit":"c","events":1,\
      "from":"2026-01-31T10:00:00Z","to":"2026-01-31T10:00:00Z"}
      """;

  @TempDir Path temp;

  /** Sends batches from a seed, with repeats and bad ones, and keeps what was acknowledged. */
  private static final class Load implements AutoCloseable {
    private final RunningWeir weir;
    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger sent = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    Load(RunningWeir weir) {
      this.weir = weir;
      for (int i = 0; i < 2; i++) {
        Random random = new Random(SEED + i);
        String name = "load-" + i;
        threads.add(Thread.ofPlatform().name(name).start(() -> send(name, random)));
      }
    }

    private void send(String name, Random random) {
      int number = 0;
      while (!over.get()) {
        StringBuilder body = new StringBuilder("{\"batch\":[");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(50); i++) {
          boolean again = number > 0 && random.nextInt(20) == 0;
          String id = name + "-" + (again ? random.nextInt(number) : number++);
          ids.add(id);
          body.append(i == 0 ? "" : ",")
              .append(
                  "{\"type\":\"track\",\"event\":\"e%d\",\"userId\":\"u\",\"messageId\":\"%s\",\"properties\":{\"c%d\":%d}}"
                      .formatted(random.nextInt(5), id, number / 100, number));
        }
        if (weir.send("/v1/batch", body.append("]}").toString()).statusCode() == 200) {
          acknowledged.addAll(ids);
        }
        sent.incrementAndGet();
      }
    }

    @Override
    public void close() throws InterruptedException {
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  @Test
  void whatWasAnsweredBeforeABackupIsThereOnceAfterItsRestore() throws Exception {
    List<Set<String>> known = new ArrayList<>();
    List<Path> backups = new ArrayList<>();
    Path data = temp.resolve("data");
    try (RunningWeir weir = RunningWeir.start(data, "--config", settings().toString());
        Load load = new Load(weir)) {
      for (int i = 0; i < 2; i++) {
        int before = load.sent.get();
        Awaitility.await().until(() -> load.sent.get() > before + 40);
        known.add(new TreeSet<>(load.acknowledged));
        Path target = temp.resolve(i % 2 == 0 ? "backup" + i + ".tar.zst" : "backup" + i);
        Backup.take(new DataDirectory(data), target, InstantSource.system(), line -> {});
        backups.add(target);
      }
    }
    for (int i = 0; i < backups.size(); i++) {
      Path restored = temp.resolve("elsewhere").resolve("restored" + i);
      Restore.into(backups.get(i), restored);
      assertHolds(restored, known.get(i));
    }
  }

  private Path settings() throws Exception {
    return Files.writeString(
        temp.resolve("weir.yaml"), "log: {segment_size: 64KiB}\nlake: {commit_interval: 200ms}\n");
  }

  private void assertHolds(Path data, Set<String> known) throws Exception {
    try (RunningWeir weir =
        RunningWeir.start(data, "--config", temp.resolve("weir.yaml").toString())) {
      Awaitility.await()
          .atMost(java.time.Duration.ofSeconds(60))
          .untilAsserted(() -> {
            JsonNode status = weir.get("/api/v1/status");
            assertThat(status.at("/ledger/in_flight").asLong()).isZero();
            assertThat(status.at("/lag/process_bytes").asLong()).isZero();
            assertThat(status.at("/lag/lake_bytes").asLong()).isZero();
          });
      Set<String> there = new TreeSet<>();
      for (JsonNode row : weir.query("select event_id from events")) {
        assertThat(there.add(row.get(0).asText())).as("twice: %s", row).isTrue();
      }
      assertThat(there).containsAll(known);
      assertThat(weir.get("/api/v1/ledger").get("balanced").asBoolean()).isTrue();
      assertThat(weir.send("/v1/track", event("new")).statusCode()).isEqualTo(200);
      assertThat(weir.send("/v1/track", event(known.iterator().next())).statusCode())
          .isEqualTo(200);
      weir.awaitNumber("select count(*) from events where event_id = 'new'", 1);
      weir.awaitNumber("select count(*) from events", there.size() + 1);
    }
  }

  private static String event(String id) {
    return "{\"event\":\"x\",\"userId\":\"u\",\"messageId\":\"" + id + "\"}";
  }

  @Test
  void aStoppedWeirIsCopiedWholeAndADamagedBackupIsRefused() throws Exception {
    Path data = temp.resolve("data");
    try (RunningWeir weir = RunningWeir.start(data)) {
      weir.send("/v1/track", event("one"));
      weir.process().destroyForcibly().waitFor();
    }
    Path target = temp.resolve("b.tar.zst");
    DataDirectory directory = new DataDirectory(data);
    String undo = "undo/default.20260131-100000-4f2a9c.undo";
    Files.writeString(data.resolve(undo), BEGUN_UNDO);
    Files.writeString(data.resolve("notes.txt"), "mine");
    List<String> said = new ArrayList<>();
    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(() -> Backup.take(directory, target, InstantSource.system(), said::add));
    assertThat(said.getLast()).isEqualTo("Not in the backup, for it is none of Weir's: notes.txt");
    assertThat(data.resolve("backup.holding")).doesNotExist();
    assertThatThrownBy(() -> Backup.take(directory, target, InstantSource.system(), line -> {}))
        .hasMessageContaining("exists already");

    byte[] bytes = Files.readAllBytes(target);
    Path cut =
        Files.write(temp.resolve("c.tar.zst"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> Restore.into(cut, temp.resolve("never")))
        .isInstanceOf(Exception.class);
    assertThat(temp.resolve("never")).doesNotExist();
    assertThat(temp.resolve("never.restoring")).doesNotExist();
    assertThatThrownBy(() -> Restore.into(target, data)).hasMessageContaining("not empty");

    Path restored = temp.resolve("restored");
    Restore.into(target, restored);
    assertThat(restored.resolve(undo)).hasContent(BEGUN_UNDO);
    try (RunningWeir weir = RunningWeir.start(restored)) {
      weir.awaitNumber("select count(*) from events where event_id = 'one'", 1);
      Awaitility.await().untilAsserted(() -> assertThat(restored.resolve(undo)).doesNotExist());
    }
  }
}
