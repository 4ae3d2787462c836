package weir.tools.demo;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Somebody who comes again: always the same for the same number.
 *
 * @param customer whether they have an account, and so a user id once they have signed in
 * @param devices how many they use
 * @param eagerness how readily they buy; 1 is usual
 */
record Visitor(int number, boolean customer, int devices, double eagerness, int place) {
  private static final List<String> LOCALES =
      List.of("de-DE", "en-GB", "fr-FR", "en-US", "pl-PL", "es-ES");
  private static final List<String> ZONES =
      List.of(
          "Europe/Berlin",
          "Europe/London",
          "Europe/Paris",
          "America/New_York",
          "Europe/Warsaw",
          "Europe/Madrid");

  static Visitor of(int number) {
    SplittableRandom random = new SplittableRandom(number * 7919L + 17);
    int devices = random.nextInt(10) < 6 ? 1 : 2 + random.nextInt(2);
    return new Visitor(
        number,
        random.nextInt(10) < 6,
        devices,
        0.4 + 1.2 * random.nextDouble(),
        (int) (LOCALES.size() * Math.pow(random.nextDouble(), 1.6)));
  }

  String userId() {
    return "customer-" + number;
  }

  String anonymousId(int device) {
    String seed = "visitor " + number + " device " + device;
    return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
  }

  Device device(int index) {
    return Device.of(number + index * 3);
  }

  String locale() {
    return LOCALES.get(place);
  }

  String zone() {
    return ZONES.get(place);
  }

  String ip() {
    return "203.0.113." + number % 250;
  }
}
