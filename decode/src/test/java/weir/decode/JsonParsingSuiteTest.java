package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import weir.testkit.TestData;

/** The JSON test suite: what must be accepted comes back the same, what must not is refused. */
class JsonParsingSuiteTest {
  private static final byte[] BEFORE =
      "{\"event\":\"e\",\"userId\":\"u\",\"properties\":{\"v\":".getBytes(UTF_8);
  private static final byte[] AFTER = ",\"after\":1}}".getBytes(UTF_8);

  private final SegmentDecoder decoder = new SegmentDecoder();

  private static List<Path> files(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(TestData.folder("json-parsing/test_parsing"))) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  private static byte[] embedded(byte[] value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(BEFORE);
    out.write(value);
    out.write(AFTER);
    return out.toByteArray();
  }

  private Decoded decode(byte[] body) {
    RawRequest request =
        new RawRequest(
            new UUID(0, 0), "segment", "p", "s", "k", "", 0, "/v1/track", "", 1, List.of(), body);
    List<Decoded> decoded = new ArrayList<>();
    decoder.decode(request, body, decoded::add);
    return decoded.getFirst();
  }

  @Test
  void whatMustBeAcceptedComesBackTheSame() throws IOException {
    List<Path> files = files("y_");
    assertThat(files).hasSize(95);
    for (Path file : files) {
      byte[] value = Files.readAllBytes(file);
      byte[] body = embedded(value);
      assertThat(decoder.inspect(new RequestHead("/v1/track", "", null), body))
          .as(file.toString())
          .isEqualTo(new Inspection.Readable(1, null, List.of()));
      Decoded.Event event = (Decoded.Event) decode(body);
      assertThat(event.properties()).as(file.toString()).containsEntry("after", 1.0);
      assertThat(tokens(written(event.properties().get("v")).getBytes(UTF_8)))
          .as(file.toString())
          .isEqualTo(tokens(value));
    }
  }

  @Test
  void whatMustNotIsRefused() throws IOException {
    List<Path> files = files("n_");
    assertThat(files).hasSize(188);
    for (Path file : files) {
      byte[] value = Files.readAllBytes(file);
      assertThat(decoder.inspect(new RequestHead("/v1/track", "", null), embedded(value)))
          .as(file.toString())
          .isInstanceOfSatisfying(
              Inspection.Malformed.class, said -> assertThat(said.message()).isNotBlank());
      assertThat(decoder.inspect(new RequestHead("/v1/batch", "", null), value))
          .as(file.toString())
          .isInstanceOf(Inspection.Malformed.class);
    }
  }

  @Test
  void whatIsLeftOpenCrashesNothing() throws IOException {
    for (Path file : files("i_")) {
      byte[] body = embedded(Files.readAllBytes(file));
      if (decoder.inspect(new RequestHead("/v1/track", "", null), body)
          instanceof Inspection.Readable) {
        assertThat(decode(body)).as(file.toString()).isInstanceOf(Decoded.Event.class);
      }
    }
  }

  /** Each file as an event of a batch, and as a property of one. */
  @Test
  void theFilesInBatchesThatAreSplit() throws IOException {
    List<Path> files = files("");
    assertThat(files).hasSizeGreaterThan(300);
    for (Path file : files) {
      byte[] value = Files.readAllBytes(file);
      ByteArrayOutputStream batch = new ByteArrayOutputStream();
      batch.write("[{\"messageId\":\"a\"},".getBytes(UTF_8));
      batch.write(value);
      batch.write(",{\"messageId\":\"b\"},".getBytes(UTF_8));
      batch.write(embedded(value));
      batch.write(",{\"messageId\":7}]".getBytes(UTF_8));
      for (byte[] body : List.of(value, batch.toByteArray())) {
        RawRequest sent =
            new RawRequest(
                new UUID(0, 0),
                "segment",
                "p",
                "s",
                "k",
                "",
                0,
                "/v1/batch",
                "",
                0,
                List.of(),
                body);
        Splitting.check(decoder, sent, new Random(value.length));
      }
    }
  }

  private static String written(@Nullable Object value) throws IOException {
    return switch (value) {
      case null -> "null";
      case Decoded.Json json -> json.text();
      case String text -> {
        java.io.StringWriter out = new java.io.StringWriter();
        try (var generator = new JsonFactory().createGenerator(out)) {
          generator.writeString(text);
        }
        yield out.toString();
      }
      default -> value.toString();
    };
  }

  /** Kinds and values in order, numbers by worth. */
  private static List<Object> tokens(byte[] json) throws IOException {
    List<Object> tokens = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        boolean number = parser.currentToken().isNumeric();
        tokens.add(number ? "number" : parser.currentToken());
        tokens.add(number ? (Object) parser.getDoubleValue() : String.valueOf(parser.getText()));
      }
    }
    return tokens;
  }
}
