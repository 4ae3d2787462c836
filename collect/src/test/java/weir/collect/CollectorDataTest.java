package weir.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import weir.decode.Decoded;
import weir.log.MemoryLog;
import weir.testkit.TestData;

/** The JSON test suite through the door: each file as a property's value, and as a body. */
class CollectorDataTest {
  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(TestData.folder("json-parsing/test_parsing"))) {
      return files.sorted().toList();
    }
  }

  private static byte[] embedded(byte[] value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(
        "{\"batch\":[{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"properties\":{\"v\":"
            .getBytes(UTF_8));
    out.write(value);
    out.write("}}]}".getBytes(UTF_8));
    return out.toByteArray();
  }

  @Test
  void noFileDoesHarm() throws IOException {
    int good = 0;
    try (Door door = new Door(new MemoryLog())) {
      for (Path file : files()) {
        byte[] value = Files.readAllBytes(file);
        HttpResponse<String> answer = door.post("/v1/batch", embedded(value));
        switch (file.getFileName().toString().charAt(0)) {
          case 'y' -> assertThat(answer.statusCode()).as(file.toString()).isEqualTo(200);
          case 'n' -> {
            assertThat(answer.statusCode()).as(file.toString()).isEqualTo(400);
            assertThat(answer.body()).contains("\"malformed\"");
            HttpResponse<String> alone = door.post("/v1/batch", value);
            assertThat(alone.statusCode()).as(file.toString()).isEqualTo(400);
          }
          default -> assertThat(answer.statusCode()).as(file.toString()).isIn(200, 400);
        }
        good += answer.statusCode() == 200 ? 1 : 0;
      }
      assertThat(door.decoded())
          .hasSize(good)
          .allSatisfy(one -> assertThat(one).isInstanceOf(Decoded.Event.class));
      assertThat(door.post("/v1/track", Door.track("a")).statusCode()).isEqualTo(200);
    }
  }
}
