package weir.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import weir.event.CleanEvent;
import weir.event.EpochMicros;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.RawPosition;
import weir.testkit.Zipf;

/**
 * What visitors of a shop do within sixty days, in the order of time: few busy visitors and many
 * that are rare, twenty event names of the same kind, visits of about twelve events some thirty
 * seconds apart. Some visitors are anonymous until they sign in, which merges two actors.
 *
 * <p>No two events are at the same microsecond, so that every order of them is one. The same seed
 * and start give the same events. Used by one thread.
 */
final class VisitEvents {
  static final String PROJECT = "default";
  static final int DAYS = 60;

  /** By frequency; the last one is signing in, which is not drawn. */
  static final List<String> NAMES =
      List.of(
          "page_seen",
          "product_seen",
          "list_seen",
          "searched",
          "product_clicked",
          "cart_seen",
          "product_added",
          "offer_seen",
          "checkout_begun",
          "review_read",
          "product_removed",
          "address_entered",
          "video_played",
          "payment_entered",
          "order_completed",
          "wish_added",
          "coupon_entered",
          "help_asked",
          "product_shared",
          "identified");

  /** Raw positions of one frame whose indexes all have the same number of digits. */
  private static final int FIRST_INDEX = 100_000_000;

  private static final int EVENTS_EACH = 100;
  private static final int LEAST_PERSONS = 50;
  private static final int EVENTS_OF_VISIT = 12;
  private static final Duration WITHIN_VISIT = Duration.ofSeconds(30);
  private static final int SIGNS_IN_FROM = 3;
  private static final int SIGNS_IN_WITHIN = 5;
  private static final List<String> COUNTRIES =
      List.of("DE", "US", "GB", "FR", "PL", "NL", "IT", "ES", "AT", "CH", "SE", "JP");
  private static final List<String> PLANS = List.of("free", "basic", "team", "business");
  private static final List<String> BROWSERS = List.of("Chrome", "Safari", "Firefox", "Edge");
  private static final List<String> SYSTEMS = List.of("Windows", "iOS", "Android", "Mac OS X");

  private final SplittableRandom random;
  private final double merged;
  private final Zipf names = new Zipf(NAMES.size() - 1, 1.1);
  private final Zipf persons;
  private final Zipf countries = new Zipf(COUNTRIES.size(), 1.0);
  private final Zipf products = new Zipf(2_000, 1.0);
  private final byte[] seen;
  private final Visit[] open;
  private final double stepMicros;
  private final long start;
  private long last;
  private int made;

  /** A visitor's way through the shop. */
  private record Visit(
      int person, String session, String anonymous, String user, int country, int device) {}

  /**
   * Prepares to make events.
   *
   * @param events how many are to fill the days
   * @param merged the share of visitors who sign in as time goes by
   */
  VisitEvents(long events, double merged, long seed, Instant start) {
    this.random = new SplittableRandom(seed);
    this.merged = merged;
    this.seen = new byte[(int) Math.max(LEAST_PERSONS, events / EVENTS_EACH)];
    this.persons = new Zipf(seen.length, 0.8);
    this.stepMicros = 1_000.0 * Duration.ofDays(DAYS).toMillis() / events;
    this.open = new Visit[Math.max(1, (int) (WITHIN_VISIT.toMillis() * 1_000 / stepMicros))];
    this.start = EpochMicros.of(start);
    for (int i = 0; i < open.length; i++) {
      open[i] = visit();
    }
  }

  private Visit visit() {
    int person = persons.next(random);
    long mixed = mixed(person);
    return new Visit(
        person,
        Long.toHexString(random.nextLong()),
        new UUID(mixed, mixed(mixed)).toString(),
        "user-" + person,
        countries.next(new SplittableRandom(person)),
        random.nextInt(SYSTEMS.size()));
  }

  private static long mixed(long number) {
    return new SplittableRandom(number).nextLong();
  }

  /** The next event; all of them lie within the days. */
  CleanEvent next() {
    last = Math.max(last + 1, start + (long) (stepMicros * (made + random.nextDouble())));
    int place = random.nextInt(open.length);
    Visit visit = open[place];
    if (random.nextInt(EVENTS_OF_VISIT) == 0) {
      open[place] = visit();
    }
    int before = seen[visit.person()];
    seen[visit.person()] = (byte) Math.min(Byte.MAX_VALUE, before + 1);
    return event(visit, before);
  }

  private CleanEvent event(Visit visit, int before) {
    long mixed = mixed(visit.person() + 1L << 32);
    double kind = (mixed >>> 11) * 0x1p-53;
    int signsIn = SIGNS_IN_FROM + (int) (mixed & 0x7fff) % SIGNS_IN_WITHIN;
    boolean signing = kind < merged && before == signsIn;
    boolean known = kind < merged ? before >= signsIn : kind < (1 + merged) / 2;
    String name = NAMES.get(signing ? NAMES.size() - 1 : names.next(random));
    long received = last + 30_000 + random.nextInt(400_000);
    Origin origin =
        new Origin(
            PROJECT, "web", received, received + 25_000, new RawPosition(0, FIRST_INDEX + made++));
    return fill(visit, name, known ? visit.user() : null)
        .set(EventColumn.KIND, signing ? "identify" : null)
        .build(origin);
  }

  private CleanEvent.Builder fill(Visit visit, String name, @Nullable String user) {
    int product = products.next(random);
    Map<String, Object> properties = new HashMap<>();
    properties.put("p_plan", PLANS.get(visit.person() % PLANS.size()));
    properties.put("p_price", (199 + product * 37 % 20_000) / 100.0);
    return CleanEvent.builder()
        .set(EventColumn.EVENT, name)
        .set(EventColumn.EVENT_ID, new UUID(random.nextLong(), random.nextLong()).toString())
        .set(EventColumn.TIMESTAMP, last)
        .set(EventColumn.ORIGINAL_TIMESTAMP, last)
        .set(EventColumn.USER_ID, user)
        .set(EventColumn.ANONYMOUS_ID, visit.anonymous())
        .set(EventColumn.ACTOR, user == null ? visit.anonymous() : user)
        .set(EventColumn.SESSION_ID, visit.session())
        .set(EventColumn.PROTOCOL, "segment")
        .set(EventColumn.LIBRARY, "analytics.js")
        .set(EventColumn.LIBRARY_VERSION, "4.15.2")
        .set(EventColumn.PLATFORM, "web")
        .set(EventColumn.PAGE_PATH, "/product/" + product)
        .set(EventColumn.COUNTRY, COUNTRIES.get(visit.country()))
        .set(EventColumn.BROWSER, BROWSERS.get(visit.device()))
        .set(EventColumn.OS, SYSTEMS.get(visit.device()))
        .properties(properties);
  }
}
