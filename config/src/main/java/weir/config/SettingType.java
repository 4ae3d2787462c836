package weir.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import weir.event.Network;

/** How a setting's text is read, and within which bounds. */
public sealed interface SettingType<T> {
  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException if the text is not of this type or out of its bounds; {@link
   *     #expected()} says what would be
   */
  T parse(String text);

  /** The reverse of {@link #parse}. */
  String format(T value);

  /** What is allowed, in words that finish the sentence "must be ...". */
  String expected();

  /** A whole number. */
  record Whole(int min, int max) implements SettingType<Integer> {
    @Override
    public Integer parse(String text) {
      int value = Integer.parseInt(text.strip());
      if (value < min || value > max) {
        throw new IllegalArgumentException(text);
      }
      return value;
    }

    @Override
    public String format(Integer value) {
      return value.toString();
    }

    @Override
    public String expected() {
      return "a whole number from " + min + " to " + max;
    }
  }

  /** A decimal number of at least 0, such as {@code 5.50}. */
  record Amount() implements SettingType<BigDecimal> {
    @Override
    public BigDecimal parse(String text) {
      BigDecimal value = new BigDecimal(text.strip());
      if (value.signum() < 0 || value.precision() > 18 || Math.abs(value.scale()) > 18) {
        throw new IllegalArgumentException(text);
      }
      return value;
    }

    @Override
    public String format(BigDecimal value) {
      return value.toPlainString();
    }

    @Override
    public String expected() {
      return "a number of at least 0, such as 5.50";
    }
  }

  /** A number of bytes, such as {@code 10MiB}; steps of 1024. */
  record Size(long min, long max) implements SettingType<Long> {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

    static Size between(String min, String max) {
      Size any = new Size(0, Long.MAX_VALUE);
      return new Size(any.parse(min), any.parse(max));
    }

    @Override
    public Long parse(String text) {
      String trimmed = text.strip();
      int digits = 0;
      while (digits < trimmed.length() && Character.isDigit(trimmed.charAt(digits))) {
        digits++;
      }
      String unit = trimmed.substring(digits).strip();
      int shift = unit.isEmpty() ? 0 : 10 * UNITS.indexOf(unit);
      if (shift < 0) {
        throw new IllegalArgumentException(text);
      }
      long value = Math.multiplyExact(parseLong(trimmed.substring(0, digits)), 1L << shift);
      if (value < min || value > max) {
        throw new IllegalArgumentException(text);
      }
      return value;
    }

    @Override
    public String format(Long value) {
      int unit = 0;
      long rest = value;
      while (unit < UNITS.size() - 1 && rest != 0 && rest % 1024 == 0) {
        rest /= 1024;
        unit++;
      }
      return rest + UNITS.get(unit);
    }

    @Override
    public String expected() {
      return "a size from " + format(min) + " to " + format(max);
    }
  }

  /** A span of time, such as {@code 7d}, {@code 30s} or {@code 250ms}. */
  record Span(Duration min, Duration max) implements SettingType<Duration> {
    private enum Unit {
      MS(1),
      S(1000),
      M(60_000),
      H(3_600_000),
      D(86_400_000);

      private final long millis;

      Unit(long millis) {
        this.millis = millis;
      }
    }

    static Span between(String min, String max) {
      Span any = new Span(Duration.ZERO, Duration.ofDays(100_000));
      return new Span(any.parse(min), any.parse(max));
    }

    @Override
    public Duration parse(String text) {
      String trimmed = text.strip();
      int digits = 0;
      while (digits < trimmed.length() && Character.isDigit(trimmed.charAt(digits))) {
        digits++;
      }
      Unit unit = Unit.valueOf(trimmed.substring(digits).strip().toUpperCase(Locale.ROOT));
      long millis = Math.multiplyExact(parseLong(trimmed.substring(0, digits)), unit.millis);
      Duration value = Duration.ofMillis(millis);
      if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
        throw new IllegalArgumentException(text);
      }
      return value;
    }

    @Override
    public String format(Duration value) {
      long millis = value.toMillis();
      Unit best = Unit.MS;
      for (Unit unit : Unit.values()) {
        if (millis != 0 && millis % unit.millis == 0) {
          best = unit;
        }
      }
      return millis / best.millis + best.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String expected() {
      return "a duration from " + format(min) + " to " + format(max) + ", such as 250ms, 30s or 7d";
    }
  }

  /** How long something is kept: a duration, or {@code forever}, which is empty. */
  record Age(Span span) implements SettingType<Optional<Duration>> {
    private static final String FOREVER = "forever";

    @Override
    public Optional<Duration> parse(String text) {
      return text.strip().equals(FOREVER) ? Optional.empty() : Optional.of(span.parse(text));
    }

    @Override
    public String format(Optional<Duration> value) {
      return value.map(span::format).orElse(FOREVER);
    }

    @Override
    public String expected() {
      return FOREVER + " or " + span.expected();
    }
  }

  /** True or false. */
  record Switch() implements SettingType<Boolean> {
    @Override
    public Boolean parse(String text) {
      return switch (text.strip()) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException(text);
      };
    }

    @Override
    public String format(Boolean value) {
      return value.toString();
    }

    @Override
    public String expected() {
      return "true or false";
    }
  }

  /** Ranges of addresses, separated by commas; none where the text is empty. */
  record Networks() implements SettingType<List<Network>> {
    @Override
    public List<Network> parse(String text) {
      return text.isBlank()
          ? List.of()
          : Arrays.stream(text.split(",", -1)).map(String::strip).map(Network::of).toList();
    }

    @Override
    public String format(List<Network> value) {
      return value.stream().map(Network::toString).collect(Collectors.joining(","));
    }

    @Override
    public String expected() {
      return "networks such as 10.0.0.0/8 or fd00::/8, separated by commas, or empty for none";
    }
  }

  /** Text that is not blank. */
  record Text() implements SettingType<String> {
    @Override
    public String parse(String text) {
      if (text.isBlank()) {
        throw new IllegalArgumentException("blank");
      }
      return text.strip();
    }

    @Override
    public String format(String value) {
      return value;
    }

    @Override
    public String expected() {
      return "text";
    }
  }

  /** A folder, made absolute against the working directory. */
  record Folder() implements SettingType<Path> {
    @Override
    public Path parse(String text) {
      if (text.isBlank()) {
        throw new IllegalArgumentException("blank");
      }
      try {
        return Path.of(text.strip()).toAbsolutePath().normalize();
      } catch (InvalidPathException e) {
        throw new IllegalArgumentException(text, e);
      }
    }

    @Override
    public String format(Path value) {
      return value.toString();
    }

    @Override
    public String expected() {
      return "a folder";
    }
  }

  /** A file, made absolute against the working directory; none where the text is empty. */
  record MaybeFile() implements SettingType<Optional<Path>> {
    @Override
    public Optional<Path> parse(String text) {
      return text.isBlank() ? Optional.empty() : Optional.of(new Folder().parse(text));
    }

    @Override
    public String format(Optional<Path> value) {
      return value.map(Path::toString).orElse("");
    }

    @Override
    public String expected() {
      return "a file, or empty for none";
    }
  }

  /** The path of a URL, as it stands in one. */
  record UrlPath() implements SettingType<String> {
    private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+");

    @Override
    public String parse(String text) {
      String path = text.strip();
      if (path.length() > 200 || !PATH.matcher(path).matches()) {
        throw new IllegalArgumentException(text);
      }
      return path;
    }

    @Override
    public String format(String value) {
      return value;
    }

    @Override
    public String expected() {
      return "a path such as /weir.js, of letters, digits and . _ ~ -";
    }
  }

  /** The path of a URL; none where the text is empty. */
  record MaybeUrlPath() implements SettingType<Optional<String>> {
    @Override
    public Optional<String> parse(String text) {
      return text.isBlank() ? Optional.empty() : Optional.of(new UrlPath().parse(text));
    }

    @Override
    public String format(Optional<String> value) {
      return value.orElse("");
    }

    @Override
    public String expected() {
      return new UrlPath().expected() + ", or empty for none";
    }
  }

  /** Some of an enum's constants, in lower case and separated by commas; at least one. */
  record Some<E extends Enum<E>>(Class<E> of) implements SettingType<Set<E>> {
    @Override
    public Set<E> parse(String text) {
      Set<E> chosen = new LinkedHashSet<>();
      for (String name : text.split(",", -1)) {
        chosen.add(Enum.valueOf(of, name.strip().toUpperCase(Locale.ROOT)));
      }
      return Set.copyOf(chosen);
    }

    @Override
    public String format(Set<E> value) {
      return Arrays.stream(of.getEnumConstants())
          .filter(value::contains)
          .map(Some::name)
          .collect(Collectors.joining(","));
    }

    @Override
    public String expected() {
      return "some of "
          + Arrays.stream(of.getEnumConstants()).map(Some::name).collect(Collectors.joining(","))
          + ", separated by commas";
    }

    private static String name(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
  }

  /** One of an enum's constants, in lower case. */
  record Choice<E extends Enum<E>>(Class<E> of) implements SettingType<E> {
    @Override
    public E parse(String text) {
      return Enum.valueOf(of, text.strip().toUpperCase(Locale.ROOT));
    }

    @Override
    public String format(E value) {
      return Some.name(value);
    }

    @Override
    public String expected() {
      return "one of "
          + Arrays.stream(of.getEnumConstants()).map(Some::name).collect(Collectors.joining(", "));
    }
  }

  private static long parseLong(String digits) {
    return Long.parseLong(digits);
  }
}
