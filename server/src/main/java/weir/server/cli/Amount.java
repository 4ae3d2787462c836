package weir.server.cli;

import java.util.Locale;

/** How many of something there are, in words. */
final class Amount {
  private Amount() {}

  /**
   * Such as "1 row" or "1,234 rows".
   *
   * @param one the noun for one, whose plural ends in s
   */
  static String of(long number, String one) {
    return String.format(Locale.ROOT, "%,d %s%s", number, one, number == 1 ? "" : "s");
  }
}
