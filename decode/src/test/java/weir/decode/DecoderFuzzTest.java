package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests of real clients with bytes changed, cut, repeated and nested: the door never throws, and
 * what it lets in decodes to as many events as it has counted. {@code -Dweir.fuzz.seconds=N} goes
 * on for so long, each time from another seed.
 */
class DecoderFuzzTest {
  private static final int TRIES = 4_000;
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "\\",
    "\\ud800",
    "null",
    "1e999",
    "-0",
    "[[[[[[",
    "{\"a\":",
    "%",
    "%e",
    "%ff",
    "&",
    "=",
    "+",
    "\u0000",
    "\ud83d\ude00",
    "\ufeff",
    "9".repeat(40)
  };

  record Protocol(Decoder decoder, List<Captured> captures) {
    @Override
    public String toString() {
      return decoder.protocol();
    }
  }

  static Stream<Protocol> protocols() {
    return Stream.of(
        protocol(
            new SnowplowDecoder(3_000),
            "snowplow-node-base64",
            "snowplow-node-plain",
            "snowplow-node-get",
            "snowplow-browser",
            "snowplow-browser-get",
            "snowplow-browser-anonymous"),
        protocol(new Ga4Decoder(3_000), "ga4-purchase", "ga4-app"),
        protocol(
            new CloudEventsDecoder(3_000),
            "cloudevents-binary",
            "cloudevents-structured",
            "cloudevents-text",
            "cloudevents-base64",
            "cloudevents-batch"),
        protocol(new PixelDecoder(3_000), "pixel"),
        protocol(WebhookDecoderTest.decoder(WebhookTemplate.STRIPE.mapping()), "webhook-stripe"),
        protocol(
            WebhookDecoderTest.decoder(WebhookTemplate.GITHUB.mapping()),
            "webhook-github",
            "webhook-github-form"),
        protocol(WebhookDecoderTest.decoder(WebhookTemplate.SHOPIFY.mapping()), "webhook-shopify"),
        protocol(WebhookDecoderTest.decoder(WebhookTemplate.PLAIN.mapping()), "webhook-array"));
  }

  private static Protocol protocol(Decoder decoder, String... captures) {
    return new Protocol(decoder, Arrays.stream(captures).map(Captured::read).toList());
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void changedRequests(Protocol protocol) {
    long seconds = Long.getLong("weir.fuzz.seconds", 0);
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    int[] letIn = new int[1];
    long tried = 0;
    for (long seed = seconds > 0 ? end : 0, tries = 0;
        seconds > 0 ? System.nanoTime() < end : tries < TRIES;
        seed++, tries++) {
      Random random = new Random(seed);
      Captured capture = protocol.captures.get(random.nextInt(protocol.captures.size()));
      Captured changed = changed(random, capture);
      tried = tries;
      assertThatCode(() -> letIn[0] += agree(protocol.decoder, changed, random))
          .as("%s of seed %d: %s?%s", protocol, seed, changed.path(), changed.query())
          .doesNotThrowAnyException();
    }
    assertThat(letIn[0]).as("of %d requests", tried).isGreaterThan((int) (tried / 20));
  }

  /** 1 if the door lets it in. */
  private static int agree(Decoder decoder, Captured request, Random random) {
    Splitting.check(decoder, request.stored(decoder, 0), random);
    if (!(decoder.inspect(request.head(), request.body()) instanceof Inspection.Readable)) {
      return 0;
    }
    request.decode(decoder);
    return 1;
  }

  private static Captured changed(Random random, Captured capture) {
    Captured changed = capture;
    for (int i = random.nextInt(4); i >= 0; i--) {
      changed =
          switch (random.nextInt(8)) {
            case 0 -> withHeader(random, changed);
            case 1 ->
                changed.with(new String(changed(random, changed.query().getBytes(UTF_8)), UTF_8));
            default ->
                changed.body().length == 0
                    ? changed.with(
                        new String(changed(random, changed.query().getBytes(UTF_8)), UTF_8))
                    : changed.with(changed(random, changed.body()));
          };
    }
    return changed;
  }

  private static Captured withHeader(Random random, Captured capture) {
    List<Header> headers = new ArrayList<>(capture.headers());
    if (!headers.isEmpty()) {
      int at = random.nextInt(headers.size());
      Header header = headers.get(at);
      byte[] value = changed(random, header.value().getBytes(UTF_8));
      if (random.nextBoolean()) {
        headers.set(at, new Header(header.name(), new String(value, UTF_8)));
      } else {
        headers.remove(at);
      }
    }
    return new Captured(capture.path(), capture.query(), headers, capture.body());
  }

  private static byte[] changed(Random random, byte[] text) {
    if (text.length == 0) {
      return text;
    }
    int from = random.nextInt(text.length);
    int to = from + random.nextInt(Math.min(200, text.length - from) + 1);
    byte[] piece =
        switch (random.nextInt(6)) {
          case 0 -> new byte[] {(byte) random.nextInt(256)};
          case 1 -> new byte[0];
          case 2 -> Arrays.copyOfRange(text, from, to);
          case 3 -> "[".repeat(random.nextInt(600)).getBytes(UTF_8);
          default -> PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8);
        };
    int resume =
        switch (random.nextInt(4)) {
          case 0 -> to;
          case 1 -> from;
          default -> Math.min(text.length, from + piece.length);
        };
    byte[] all = new byte[from + piece.length + text.length - resume];
    System.arraycopy(text, 0, all, 0, from);
    System.arraycopy(piece, 0, all, from, piece.length);
    System.arraycopy(text, resume, all, from + piece.length, text.length - resume);
    return random.nextInt(20) == 0 ? Arrays.copyOf(all, random.nextInt(all.length + 1)) : all;
  }
}
