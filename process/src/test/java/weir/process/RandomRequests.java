package weir.process;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import weir.decode.Decoded;
import weir.decode.RawRequest;

/** Requests with everything that may go wrong, from a seed. */
final class RandomRequests {
  private static final List<String> NAMES =
      List.of(
          "price", "Price", "priceUSD", "price_usd", "Price USD", "größe", "...", "gift", "a b");
  private static final long HOUR = TimeUnit.HOURS.toMicros(1);

  private final Random random;
  private final FakeProtocol protocol;
  private long now = Rig.RECEIVED - 24 * 20 * HOUR;

  RandomRequests(Random random, FakeProtocol protocol) {
    this.random = random;
    this.protocol = protocol;
  }

  RawRequest next() {
    now += random.nextLong(-HOUR / 10, random.nextInt(20) == 0 ? 24 * HOUR : HOUR);
    now = Math.min(now, Rig.RECEIVED);
    List<Decoded> events = new ArrayList<>();
    for (int n = random.nextInt(6); n > 0; n--) {
      events.add(event());
    }
    int said = random.nextInt(15) == 0 ? random.nextInt(6) : events.size();
    boolean fails = random.nextInt(25) == 0;
    return protocol.request(
        random.nextBoolean() ? "shop" : "blog",
        random.nextBoolean() ? "web" : "ios",
        now,
        said,
        () -> {
          if (fails) {
            throw new IllegalStateException("a bad decoder");
          }
          return events;
        });
  }

  private Decoded event() {
    if (random.nextInt(12) == 0) {
      return FakeProtocol.bad("nonsense");
    }
    String id = "id-" + random.nextInt(60);
    Map<String, Object> properties = new LinkedHashMap<>();
    for (int n = random.nextInt(4); n > 0; n--) {
      properties.put(NAMES.get(random.nextInt(NAMES.size())), value());
    }
    Long original = random.nextBoolean() ? now + random.nextLong(-HOUR, 26 * HOUR) : null;
    Long sentAt = random.nextBoolean() ? now + random.nextLong(-HOUR, HOUR) : null;
    return FakeProtocol.event(id, original, sentAt, properties);
  }

  private Object value() {
    return switch (random.nextInt(4)) {
      case 0 -> (Object) random.nextBoolean();
      case 1 -> random.nextInt(100) / 4.0;
      case 2 -> "text " + random.nextInt(5);
      default -> new Decoded.Json("{ \"raw\":[1, 2.50] }");
    };
  }
}
