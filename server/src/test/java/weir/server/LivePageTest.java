package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.decode.Header;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;

/** The live page of a real Weir in Chromium; pictures of it are left in target/clients/page. */
class LivePageTest {
  private static final int BACKLOG = 1_234;

  @TempDir Path temp;

  @Test
  void theFirstMinutes() throws Exception {
    NpmClient client = client();
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      play("live-page.mjs", client, weir);
      Awaitility.await()
          .untilAsserted(() -> assertThat(weir.printed()).contains("Live page   " + weir.api()));
    }
  }

  @Test
  void theInsights() throws Exception {
    NpmClient client = client();
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      play("insights.mjs", client, weir);
    }
  }

  /** Requests that lay in the raw log while no engine ran. */
  @Test
  void aBacklogIsNoRate() throws Exception {
    NpmClient client = client();
    Path data = temp.resolve("data");
    Instant then = Instant.now().minus(Duration.ofMinutes(7));
    leaveRequests(data.resolve("raw"), then);
    try (RunningWeir weir = RunningWeir.start(data)) {
      weir.awaitNumber("select count(*) from events", BACKLOG);
      play("backlog.mjs", client, weir);
    }
  }

  private static void leaveRequests(Path raw, Instant then) throws Exception {
    RawRequestCodec codec = new RawRequestCodec();
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < BACKLOG; i++) {
      String event = "{\"event\":\"Waited\",\"userId\":\"u\",\"messageId\":\"m" + i + "\"}";
      frames.add(
          codec.encode(
              new RawRequest(
                  new UUID(7, i),
                  "segment",
                  "default",
                  "default",
                  "key",
                  "192.0.2.1",
                  then.toEpochMilli() * 1_000,
                  "/v1/track",
                  "",
                  1,
                  List.of(new Header("content-type", "application/json")),
                  event.getBytes(StandardCharsets.UTF_8))));
    }
    LogOptions bounds = new LogOptions(1 << 20, 1 << 30, 0, 16 << 20);
    try (EventLog log =
        EmbeddedLog.writer(weir.log.files.Files.system(), raw, bounds, InstantSource.system())) {
      assertThat(log.append(frames)).isInstanceOf(Appended.Stored.class);
    }
  }

  private static NpmClient client() throws Exception {
    Assumptions.assumeTrue(browser().isPresent(), "skipped: there is no Chromium here");
    return NpmClient.installed("page");
  }

  private void play(String script, NpmClient client, RunningWeir weir) throws Exception {
    Path pictures = Files.createDirectories(Path.of("target/clients/page/pictures"));
    Path settings = temp.resolve("settings.json");
    Files.writeString(
        settings,
        new ObjectMapper()
            .createObjectNode()
            .put("chromium", browser().orElseThrow())
            .put("api", weir.api())
            .put("collector", weir.collector())
            .put("writeKey", weir.writeKey())
            .put("apiKey", weir.apiKey())
            .put("backlog", BACKLOG)
            .put("pictures", pictures.toAbsolutePath().toString())
            .toString());
    int exit = client.run(script, settings.toString());
    assertThat(exit).as(client.said()).isZero();
  }

  /** A Chromium, if there is one. */
  static Optional<String> browser() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .map(name -> Path.of("/usr/bin", name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
