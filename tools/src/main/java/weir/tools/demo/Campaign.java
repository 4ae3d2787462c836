package weir.tools.demo;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What brought somebody here.
 *
 * @param source empty where no campaign did
 * @param referrer empty where nothing is known
 */
record Campaign(String source, String medium, String name, String referrer) {
  private static final List<Campaign> ALL =
      List.of(
          new Campaign("", "", "", ""),
          new Campaign("", "", "", ""),
          new Campaign("", "", "", "https://www.google.com/"),
          new Campaign("", "", "", "https://www.google.com/"),
          new Campaign("", "", "", "https://duckduckgo.com/"),
          new Campaign("google", "cpc", "autumn_sale", "https://www.google.com/"),
          new Campaign("newsletter", "email", "week_47", ""),
          new Campaign("instagram", "social", "looks", "https://www.instagram.com/"),
          new Campaign("", "", "", "https://blog.example.org/ten-best-jackets"));

  static Campaign any(RandomGenerator random) {
    return ALL.get(random.nextInt(ALL.size()));
  }
}
