package weir.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the collector finds on the class path. */
class ManifestTest {
  @Test
  void namesEachScriptWithItsIntegrity() throws Exception {
    JsonNode manifest = new ObjectMapper().readTree(resource("manifest.json"));
    assertThat(manifest.path("version").asText()).isNotEmpty();
    assertThat(manifest.path("files").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("weir.js", "weir.core.js");
    for (Map.Entry<String, JsonNode> file : manifest.path("files").properties()) {
      byte[] script = resource(file.getKey());
      assertThat(file.getValue().path("bytes").asInt()).isEqualTo(script.length);
      assertThat(file.getValue().path("integrity").asText())
          .isEqualTo(
              "sha384-"
                  + Base64.getEncoder()
                      .encodeToString(MessageDigest.getInstance("SHA-384").digest(script)));
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ManifestTest.class.getResourceAsStream("/weir/sdk/" + name), name)) {
      return in.readAllBytes();
    }
  }
}
