package weir.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Breaks captured bodies in many ways. However broken: the door throws nothing, the decoder makes
 * as many events as the door has counted, quarantines the same ones, says the same twice, and says
 * it of the parts of the request, too.
 *
 * <p>Runs for as long as {@code -Dweir.fuzz.seconds} says; without it for {@link #ROUNDS} bodies,
 * always the same ones.
 */
final class DecoderFuzz {
  private static final int ROUNDS = 1500;
  private static final String[] PIECES = {
    "{", "}", "[", "]", ",", ":", "\"", "null", "true", "1e999", "-0", "\\ud800", "\u00e9", "%", "="
  };

  private final List<Requests> requests;
  private final List<byte[]> captured;

  DecoderFuzz(List<Requests> requests, List<byte[]> captured) {
    this.requests = requests;
    this.captured = captured;
  }

  void run() {
    int seconds = Integer.getInteger("weir.fuzz.seconds", 0);
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long seed = 0;
    int readable = 0;
    while (seconds > 0 ? System.nanoTime() < end : seed < ROUNDS) {
      readable += round(seed++) ? 1 : 0;
    }
    assertThat(readable).as("of " + seed + " bodies").isGreaterThan((int) (seed / 20));
  }

  private boolean round(long seed) {
    Random random = new Random(seed);
    byte[] body = captured.get(random.nextInt(captured.size()));
    for (int i = random.nextInt(4); i >= 0; i--) {
      body = broken(body, random);
    }
    Requests to = requests.get(random.nextInt(requests.size()));
    byte[] sent = body;
    assertThatCode(() -> Splitting.check(to.decoder(), to.raw(0, sent), random))
        .as("seed " + seed)
        .doesNotThrowAnyException();
    if (!(to.inspect(body) instanceof Inspection.Readable seen)) {
      return false;
    }
    List<Decoded> decoded = to.decode(body);
    List<Inspection.Quarantined> quarantined = new ArrayList<>();
    for (int i = 0; i < decoded.size(); i++) {
      if (decoded.get(i) instanceof Decoded.Bad bad && bad.stage().equals("collect")) {
        quarantined.add(new Inspection.Quarantined(i, bad.reason()));
      }
      if (decoded.get(i) instanceof Decoded.Bad bad) {
        assertThat(bad.reason()).as("seed " + seed).isNotEqualTo("unreadable_request");
      }
    }
    assertThat(decoded).as("seed " + seed).hasSize(seen.events());
    assertThat(quarantined).as("seed " + seed).isEqualTo(seen.quarantined());
    assertThat(to.decode(body))
        .as("seed " + seed)
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(decoded);
    return true;
  }

  private static byte[] broken(byte[] body, Random random) {
    int at = random.nextInt(body.length + 1);
    int length = Math.min(body.length - at, random.nextInt(200));
    return switch (random.nextInt(8)) {
      case 0 -> {
        byte[] changed = body.clone();
        if (at < body.length) {
          changed[at] = (byte) random.nextInt(256);
        }
        yield changed;
      }
      case 1 -> Arrays.copyOf(body, at);
      case 2 -> joined(body, at, Arrays.copyOfRange(body, at, at + length), at);
      case 3 -> joined(body, at, new byte[0], at + length);
      case 4 -> joined(body, at, PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8), at);
      case 5 -> swapped(body, random);
      case 6 -> nested(body, random);
      default -> scalar(body, random);
    };
  }

  private static byte[] joined(byte[] body, int end, byte[] between, int from) {
    byte[] joined = Arrays.copyOf(body, end + between.length + body.length - from);
    System.arraycopy(between, 0, joined, end, between.length);
    System.arraycopy(body, from, joined, end + between.length, body.length - from);
    return joined;
  }

  /** One text in place of another one: a name in place of a value, and so on. */
  private static byte[] swapped(byte[] body, Random random) {
    String text = new String(body, UTF_8);
    String[] parts = text.split("\"", -1);
    if (parts.length < 4) {
      return body;
    }
    parts[random.nextInt(parts.length / 2) * 2 + 1] =
        parts[random.nextInt(parts.length / 2) * 2 + 1];
    return String.join("\"", parts).getBytes(UTF_8);
  }

  private static byte[] nested(byte[] body, Random random) {
    int depth = 1 + random.nextInt(600);
    String deep = "[".repeat(depth) + "]".repeat(depth);
    return value(
        body, random, random.nextBoolean() ? deep : "{\"value\":{\"value\":" + deep + "}}");
  }

  private static byte[] scalar(byte[] body, Random random) {
    String[] values = {"null", "true", "0", "-1.5", "1e400", "\"\"", "\" \"", "{}", "[]", "[{}]"};
    return value(body, random, values[random.nextInt(values.length)]);
  }

  /** Another value behind one of the colons. */
  private static byte[] value(byte[] body, Random random, String value) {
    String text = new String(body, UTF_8);
    int colon = text.indexOf("\":", random.nextInt(text.length() + 1));
    if (colon < 0) {
      return body;
    }
    int end = colon + 2;
    boolean quoted = end < text.length() && text.charAt(end) == '"';
    end = quoted ? text.indexOf('"', end + 1) + 1 : end;
    while (end < text.length() && ",}]".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return (text.substring(0, colon + 2) + value + text.substring(end)).getBytes(UTF_8);
  }
}
