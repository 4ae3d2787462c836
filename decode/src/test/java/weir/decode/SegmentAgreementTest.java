package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** The door and the decoder see the same events, whatever is sent. */
class SegmentAgreementTest {
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\n",
    " ",
    "null",
    "true",
    "12",
    "-0.5e3",
    "1e999",
    "\"batch\":[",
    "\"type\":\"track\"",
    "\"event\":\"e\"",
    "\"userId\":\"u\"",
    "\"userId\":7",
    "\"properties\":{\"a\":[1,{\"b\":2}]}",
    "\"context\":{\"page\":{\"url\":\"u\"}}",
    "{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\"}",
    "{\"type\":\"page\",\"anonymousId\":\"a\"}",
    "{\"type\":\"alias\"}",
    "{\"type\":5}",
    "\u00e9",
    "\\ud800",
    "\"timestamp\":\"x\""
  };

  private final SegmentDecoder decoder = new SegmentDecoder(200);

  @Property(tries = 5000)
  void onRandomText(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder body = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      body.append(PIECES[random.nextInt(PIECES.length)]);
    }
    agree(random, body.toString().getBytes(UTF_8));
  }

  @Property(tries = 5000)
  void onBatchesWithAByteChanged(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> events = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      events.add(event(random));
    }
    boolean lines = random.nextBoolean();
    byte[] body =
        (lines ? String.join("\n", events) : "{\"batch\":[" + String.join(",", events) + "]}")
            .getBytes(UTF_8);
    if (body.length > 0 && random.nextBoolean()) {
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
    }
    agree(random, body);
  }

  private static String event(Random random) {
    StringBuilder fields = new StringBuilder("{\"type\":\"track\"");
    for (int i = random.nextInt(6); i > 0; i--) {
      fields.append(',').append(PIECES[15 + random.nextInt(6)]);
    }
    return fields + (random.nextInt(5) == 0 ? ",\"x\":\"" + "y".repeat(200) + "\"}" : "}");
  }

  private void agree(Random random, byte[] body) {
    String[] paths = decoder.paths().stream().sorted().toArray(String[]::new);
    String path = random.nextBoolean() ? "/v1/batch" : paths[random.nextInt(paths.length)];
    @Nullable String type = random.nextBoolean() ? "application/x-ndjson" : null;
    if (!(decoder.inspect(new RequestHead(path, "", type), body)
        instanceof Inspection.Readable seen)) {
      return;
    }
    List<Header> headers = type == null ? List.of() : List.of(new Header("content-type", type));
    Splitting.check(decoder, raw(path, headers, 0, body), random);
    List<Decoded> decoded = decoded(path, headers, seen.events(), body);
    List<Inspection.Quarantined> quarantined = new ArrayList<>();
    for (int i = 0; i < decoded.size(); i++) {
      if (decoded.get(i) instanceof Decoded.Bad bad && bad.stage().equals("collect")) {
        quarantined.add(new Inspection.Quarantined(i, bad.reason()));
      }
    }
    assertThat(decoded).hasSize(seen.events());
    assertThat(quarantined).isEqualTo(seen.quarantined());
  }

  /** Bodies that are read in one go, and the same ones made so long that they are not. */
  @Property(tries = 300)
  void onLongBodiesAsOnShortOnes(@ForAll long seed) {
    Random random = new Random(seed);
    boolean lines = random.nextInt(3) == 0;
    List<String> events = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      events.add(random.nextInt(9) == 0 ? "7" : event(random));
    }
    String shared =
        random.nextBoolean() ? "\"sentAt\":\"x\",\"context\":{\"app\":{}}" : "\"k\":[1]";
    String array = String.join(",", events) + "]";
    String before = lines ? "" : random.nextBoolean() ? "[" : "{" + shared + ",\"batch\":[";
    String behind = !lines && before.startsWith("{") ? ",\"m\":\"n\"}" : "";
    String all = (lines ? String.join("\n", events) : array) + behind;
    String path = "/v1/batch";
    List<Header> headers =
        List.of(new Header("content-type", lines ? "application/x-ndjson" : "application/json"));
    int said = events.size() + (random.nextInt(9) == 0 ? 1 : 0);
    byte[] small = (before + all).getBytes(UTF_8);
    byte[] large = (before + (lines ? "\n" : " ").repeat(600 << 10) + all).getBytes(UTF_8);
    assertThat(decoded(path, headers, said, large))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("payload")
        .isEqualTo(decoded(path, headers, said, small));
  }

  private List<Decoded> decoded(String path, List<Header> headers, int events, byte[] body) {
    List<Decoded> decoded = new ArrayList<>();
    decoder.decode(raw(path, headers, events, body), body, decoded::add);
    return decoded;
  }

  private static RawRequest raw(String path, List<Header> headers, int events, byte[] body) {
    return new RawRequest(
        new UUID(0, 0), "segment", "p", "s", "k", "", 0, path, "", events, headers, body);
  }
}
