package weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.SmallDisk;

/** A whole Weir on a disk that becomes full, by itself and by others, and has room again. */
class FullDiskTest {
  private static final long SEED = 20_251_101;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long MEGABYTE = 1 << 20;
  private static final long RESERVE = 16 * MEGABYTE;
  private static final String ALL = "select count(*), count(distinct event_id) from events";

  @TempDir Path temp;
  private final Random random = new Random(SEED);
  private final Set<String> accepted = new TreeSet<>();
  private SmallDisk disk;
  private RunningWeir weir;
  private int sent;

  @BeforeEach
  void mount() throws Exception {
    Optional<SmallDisk> mounted = SmallDisk.mount(temp.resolve("disk"), 320);
    Assumptions.assumeTrue(mounted.isPresent(), "skipped: no file system may be mounted here");
    disk = mounted.get();
    weir = RunningWeir.start(data(), "--config", settings().toString());
  }

  @AfterEach
  void unmount() throws Exception {
    if (weir != null) {
      weir.close();
    }
    if (disk != null) {
      disk.close();
    }
  }

  private Path data() {
    return disk.folder().resolve("data");
  }

  private Path settings() throws IOException {
    return Files.writeString(
        temp.resolve("weir.yaml"),
        """
        log:
          segment_size: 1MiB
          disk_reserve: 16MiB
        lake:
          snapshot_age: 11s
        query:
          timeout: 10s
          max_timeout: 10s
        """);
  }

  @Test
  void whatWasAnswered200IsThereOnceWhenThereIsRoomAgain() throws Exception {
    sendOne();
    awaitAll();
    disk.fill(RESERVE + 8 * MEGABYTE);
    sendUntilRefused();
    awaitProblem("bytes are free on the disk");
    awaitAll();
    becomeFullInTheMidst();
    awaitFailedWrites();
    assertThat(sendOne()).isEqualTo(503);
    assertAnswers();
    disk.giveBack();
    assertThat(sendOne()).isEqualTo(200);
    awaitAll();
    awaitNoProblem();
    assertThat(restarts()).isZero();
  }

  @Test
  void aStartOnAFullDiskGoesOnOnceThereIsRoom() throws Exception {
    sendOne();
    awaitAll();
    becomeFullInTheMidst();
    weir.close();
    disk.fill(0);
    weir = RunningWeir.launch(data(), "--config", settings().toString());
    await().atMost(PATIENCE).until(() -> weir.printed().contains("is full: the start goes on"));
    disk.giveBack();
    weir.awaitReady();
    assertThat(sendOne()).isEqualTo(200);
    awaitAll();
    awaitNoProblem();
  }

  /** Others take all that is left while events are on their way to the tables. */
  private void becomeFullInTheMidst() throws IOException {
    disk.giveBack();
    disk.fill(RESERVE + 8 * MEGABYTE);
    assertThat(sendOne()).isEqualTo(200);
    disk.fill(0);
  }

  private long restarts() {
    long sum = 0;
    for (JsonNode role : weir.get("/api/v1/status").path("roles")) {
      sum += role.path("restarts").asLong();
    }
    return sum;
  }

  private void awaitNoProblem() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(weir.get("/api/v1/status").path("problems")).isEmpty());
  }

  private void sendUntilRefused() {
    int status = 200;
    while (status == 200) {
      status = sendOne();
    }
    assertThat(status).isEqualTo(503);
  }

  /** Sends some events; those that were answered 200 are expected. */
  private int sendOne() {
    Set<String> ids = new TreeSet<>();
    StringBuilder batch = new StringBuilder("{\"batch\":[");
    for (int i = 0; i < 100; i++) {
      String id = "e" + sent++;
      ids.add(id);
      byte[] noise = new byte[1_500];
      random.nextBytes(noise);
      batch
          .append(i == 0 ? "" : ",")
          .append("{\"type\":\"track\",\"userId\":\"u")
          .append(random.nextInt(50))
          .append("\",\"event\":\"Filled\",\"messageId\":\"")
          .append(id)
          .append("\",\"properties\":{\"p" + sent + "\":1,\"noise\":\"")
          .append(java.util.HexFormat.of().formatHex(noise))
          .append("\"}}");
    }
    int status = weir.send("/v1/batch", batch.append("]}").toString()).statusCode();
    if (status == 200) {
      accepted.addAll(ids);
    }
    return status;
  }

  private void awaitProblem(String words) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(weir.get("/api/v1/status").path("problems").toString())
                .containsPattern(words));
  }

  /** What Weir itself gives back meanwhile, old files and segments, others take as well. */
  private void awaitFailedWrites() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          disk.fill(0);
          assertThat(weir.get("/api/v1/status").path("problems").toString())
              .containsPattern("cannot be (stored|committed|written)");
        });
  }

  private void assertAnswers() {
    JsonNode counts = weir.query(ALL).get(0);
    assertThat(counts.get(0)).isEqualTo(counts.get(1));
  }

  private void awaitAll() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(RuntimeException.class)
        .untilAsserted(() ->
            assertThat(weir.query(ALL).get(0).toString())
                .as("%s", weir.get("/api/v1/status").path("problems"))
                .isEqualTo("[" + accepted.size() + "," + accepted.size() + "]"));
  }
}
