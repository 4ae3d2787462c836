package weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testkit.TestData;

/** JSONTestSuite, each file as the value of a property: what goes in comes back, or is refused. */
class JsonParsingTest {
  private static final ObjectMapper EXACT =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .build();

  @TempDir Path temp;

  @Test
  void whatIsValidComesBackAndWhatIsNotIsRefused() throws Exception {
    Path folder = TestData.folder("json-parsing").resolve("test_parsing");
    List<Path> valid = files(folder, "y_");
    List<Path> invalid = files(folder, "n_");
    assertThat(valid).hasSize(95);
    assertThat(invalid).hasSize(188);
    try (RunningWeir weir = RunningWeir.start(temp.resolve("data"))) {
      for (int i = 0; i < valid.size(); i++) {
        HttpResponse<String> response = weir.send("/v1/track", event("y" + i, valid.get(i)));
        assertThat(response.statusCode()).as(valid.get(i) + " " + response.body()).isEqualTo(200);
      }
      for (Path file : invalid) {
        HttpResponse<String> response = weir.send("/v1/track", event("n", file));
        assertThat(response.statusCode()).as(file + " " + response.body()).isEqualTo(400);
        JsonNode error = EXACT.readTree(response.body()).get("error");
        assertThat(error.get("code").asText()).isNotEmpty();
        assertThat(error.get("message").asText()).isNotEmpty();
      }
      int either = 0;
      for (Path file : files(folder, "i_")) {
        int status = weir.send("/v1/track", event("i" + either++, file)).statusCode();
        assertThat(status).as(file.toString()).isIn(200, 400);
      }
      weir.awaitNumber(
          "select count(distinct event_id) from events where event_id like 'y%'", valid.size());
      for (int i = 0; i < valid.size(); i++) {
        assertComesBack(weir, "y" + i, valid.get(i));
      }
      assertThat(weir.number("select count(*) from events where event_id = 'n'")).isZero();
      assertThat(weir.get("/api/v1/ledger").get("balanced").asBoolean()).isTrue();
    }
  }

  private static void assertComesBack(RunningWeir weir, String id, Path file) throws IOException {
    JsonNode sent = EXACT.readTree(Files.readAllBytes(file));
    JsonNode row =
        weir.query("select p_probe, properties from events where event_id = '" + id + "'").get(0);
    assertThat(row.get(0).asBoolean()).isTrue();
    JsonNode other = EXACT.readTree(row.get(1).isNull() ? "{}" : row.get(1).asText());
    JsonNode kept = other.get(id + "_value");
    if (kept == null && !sent.isNull()) {
      kept =
          weir.query("select p_" + id + "_value from events where event_id = '" + id + "'")
              .get(0)
              .get(0);
    }
    if (sent.isNull()) {
      assertThat(kept).as(file.toString()).isNull();
    } else if (sent.isNumber()) {
      assertThat(kept.decimalValue()).as(file.toString()).isEqualByComparingTo(sent.decimalValue());
    } else {
      assertThat(kept).as(file.toString()).isEqualTo(sent);
    }
  }

  private static byte[] event(String id, Path value) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String head =
        "{\"event\":\"json\",\"userId\":\"u\",\"messageId\":\"%s\",\"properties\":{\"probe\":true,\"%s_value\":"
            .formatted(id, id);
    body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(Files.readAllBytes(value));
    body.writeBytes("}}".getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }

  private static List<Path> files(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    }
  }
}
