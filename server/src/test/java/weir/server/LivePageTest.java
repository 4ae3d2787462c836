package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live page of a real Weir in Chromium; pictures of it are left in target/clients/page. */
class LivePageTest {
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
