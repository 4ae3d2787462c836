package weir.tools.demo;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A guest with a phone: always the same for the same number.
 *
 * @param patience how much of a menu they read; 1 is usual
 * @param ip an address of a network at home, which their phone roams with
 */
record Diner(int number, double patience, Phone phone, Home home, String ip) {
  private static final List<Phone> PHONES =
      List.of(
          new Phone(
              "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML,"
                  + " like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
              393,
              852,
              659),
          new Phone(
              "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
                  + " Chrome/142.0.0.0 Mobile Safari/537.36",
              412,
              915,
              784),
          new Phone(
              "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
                  + " SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
              384,
              854,
              694),
          new Phone(
              "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
              412,
              892,
              756));

  private static final List<Home> HOMES =
      List.of(
          new Home("de-DE", "91.10"),
          new Home("de-DE", "91.11"),
          new Home("en-GB", "86.150"),
          new Home("fr-FR", "90.20"),
          new Home("en-US", "73.40"),
          new Home("es-ES", "88.10"),
          new Home("pl-PL", "83.10"));

  /**
   * What they look at the menu with.
   *
   * @param shown how many pixels of its height a page has
   */
  record Phone(String userAgent, int width, int height, int shown) {}

  /**
   * Where they are from.
   *
   * @param network the first half of addresses that a provider there gives
   */
  record Home(String locale, String network) {}

  static Diner of(int number) {
    SplittableRandom random = new SplittableRandom(number * 6_271L + 5);
    Home home = HOMES.get((int) (HOMES.size() * Math.pow(random.nextDouble(), 1.6)));
    return new Diner(
        number,
        0.5 + random.nextDouble(),
        PHONES.get((int) (PHONES.size() * Math.pow(random.nextDouble(), 1.4))),
        home,
        home.network() + "." + random.nextInt(256) + "." + (1 + random.nextInt(254)));
  }

  String anonymousId() {
    return UUID.nameUUIDFromBytes(("diner " + number).getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }
}
