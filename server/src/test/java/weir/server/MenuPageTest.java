package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of examples/menu in Chromium, with the tracker and a real Weir. */
class MenuPageTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path temp;

  @Test
  void whatADinerDoesAnswersTheOwnersQuestions() throws Exception {
    Assumptions.assumeTrue(LivePageTest.browser().isPresent(), "skipped: no Chromium here");
    NpmClient client = NpmClient.installed("page");
    Path pictures = Files.createDirectories(Path.of("target/clients/page/pictures"));
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      Path settings = temp.resolve("settings.json");
      Files.writeString(
          settings,
          new ObjectMapper()
              .createObjectNode()
              .put("chromium", LivePageTest.browser().orElseThrow())
              .put("api", weir.api())
              .put("collector", weir.collector())
              .put("writeKey", weir.writeKey())
              .put("apiKey", weir.apiKey())
              .put("examples", ROOT.resolve("examples/menu").toString())
              .put("tracker", ROOT.resolve("sdk/js/dist/weir.js").toString())
              .put("pictures", pictures.toAbsolutePath().toString())
              .toString());
      int exit = client.run("menu.mjs", settings.toString());
      assertThat(exit).as(client.said()).isZero();
    }
  }
}
