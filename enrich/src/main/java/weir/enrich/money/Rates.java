package weir.enrich.money;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What currencies are worth, day by day: a CSV file of lines {@code currency,rate} or {@code
 * date,currency,rate}, the rate being what one unit of one and the same currency buys of this one,
 * as the European Central Bank publishes them for the euro. That one currency stands among them
 * with the rate 1. A rate holds until the next of its currency; before the first, that one holds.
 * Immutable.
 */
public final class Rates {
  private static final Rates NONE = new Rates(Map.of());
  private static final int MOST_LINES = 1_000_000;

  /** By currency, rates by the first microsecond from which they hold. */
  private final Map<String, TreeMap<Long, Double>> byCurrency;

  private Rates(Map<String, TreeMap<Long, Double>> byCurrency) {
    this.byCurrency = byCurrency;
  }

  public static Rates none() {
    return NONE;
  }

  /**
   * Reads a file.
   *
   * @throws IOException saying which line is wrong
   */
  public static Rates read(Path file) throws IOException {
    Map<String, TreeMap<Long, Double>> rates = new HashMap<>();
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    if (lines.size() > MOST_LINES) {
      throw new IOException(file + " has more than " + MOST_LINES + " lines");
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip().replace("\uFEFF", "");
      boolean header = i == 0 && line.toLowerCase(Locale.ROOT).endsWith("rate");
      if (line.isEmpty() || line.startsWith("#") || header) {
        continue;
      }
      try {
        add(line.split(",", -1), rates);
      } catch (IllegalArgumentException | DateTimeException e) {
        throw new IOException(
            file + ", line " + (i + 1) + " is not date,currency,rate: " + line, e);
      }
    }
    if (rates.isEmpty()) {
      throw new IOException(file + " holds no rates: write lines of currency,rate");
    }
    return new Rates(rates);
  }

  private static void add(String[] fields, Map<String, TreeMap<Long, Double>> rates) {
    int first = fields.length - 2;
    if (first != 0 && first != 1) {
      throw new IllegalArgumentException("not two or three fields");
    }
    long from =
        first == 0
            ? Long.MIN_VALUE
            : TimeUnit.SECONDS.toMicros(
                LocalDate.parse(fields[0].strip()).atStartOfDay(ZoneOffset.UTC).toEpochSecond());
    String currency = fields[first].strip().toUpperCase(Locale.ROOT);
    double rate = Double.parseDouble(fields[first + 1].strip());
    if (!currency.matches("[A-Z]{3}") || !(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("no currency or no rate");
    }
    rates.computeIfAbsent(currency, key -> new TreeMap<>()).put(from, rate);
  }

  /**
   * What an amount of one currency is in another; empty if the rate of one is not known.
   *
   * @param from three letters in upper case
   * @param to likewise
   * @param at microseconds since the epoch
   */
  public OptionalDouble convert(double amount, String from, String to, long at) {
    if (from.equals(to)) {
      return OptionalDouble.of(amount);
    }
    double bought = rate(from, at);
    double buys = rate(to, at);
    double worth = amount / bought * buys;
    return Double.isFinite(worth) ? OptionalDouble.of(worth) : OptionalDouble.empty();
  }

  /** NaN if it is not known. */
  private double rate(String currency, long at) {
    TreeMap<Long, Double> rates = byCurrency.get(currency);
    if (rates == null) {
      return Double.NaN;
    }
    Map.Entry<Long, Double> rate = rates.floorEntry(at);
    return (rate == null ? rates.firstEntry() : rate).getValue();
  }
}
