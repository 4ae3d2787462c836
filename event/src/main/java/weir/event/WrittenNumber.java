package weir.event;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A number as somebody wrote it, and what is kept of it.
 *
 * <p>The form decides. With a point or an exponent it means the double nearest to it, unless that
 * has lost it altogether: {@code 1e400}. Digits alone mean exactly that whole number, which is a
 * double where one holds it. So {@code 1e25} is the double that {@code 10000000000000000905969664}
 * is too, and {@code 10000000000000000000000000} is none.
 */
public final class WrittenNumber {
  private static final Pattern FORM =
      Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?");

  /** Longer numbers are not worth the arithmetic that tells whether a double holds them. */
  private static final int LONGEST_DOUBLE = 320;

  private static final double EXACT_INTEGERS = 1L << 53;
  private static final double FIRST_WITH_EXPONENT = 1e16;
  private static final int LAST_WITHOUT_EXPONENT = -4;

  /** Nobody asks for a longer one. */
  private static final int LONGEST = 1_000;

  private final String written;
  private final boolean isDigits;
  private final OptionalDouble kept;

  private WrittenNumber(String written, boolean isDigits) {
    this.written = written;
    this.isDigits = isDigits;
    this.kept = isDigits ? whole(written) : decimal(written);
  }

  /** Reads a text; empty if it is no number, or one of more than 1,000 characters. */
  public static Optional<WrittenNumber> read(String text) {
    return text.length() <= LONGEST && FORM.matcher(text).matches()
        ? Optional.of(new WrittenNumber(text, isDigits(text)))
        : Optional.empty();
  }

  /** A number that had a point or an exponent, whether or not its text still has one. */
  public static WrittenNumber ofDecimal(BigDecimal number) {
    String text = number.toString();
    return new WrittenNumber(isDigits(text) ? text + ".0" : text, false);
  }

  private static boolean isDigits(String number) {
    return number.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
  }

  /** The double that a whole number of digits alone is; empty if none holds it. */
  public static OptionalDouble whole(String digits) {
    if (digits.length() > LONGEST_DOUBLE) {
      return OptionalDouble.empty();
    }
    double nearest = Double.parseDouble(digits);
    return Double.isFinite(nearest)
            && (Math.abs(nearest) < EXACT_INTEGERS
                || new BigDecimal(nearest).compareTo(new BigDecimal(digits)) == 0)
        ? OptionalDouble.of(nearest)
        : OptionalDouble.empty();
  }

  /** The double that a number with a point or an exponent means; empty if that has lost it. */
  public static OptionalDouble decimal(String text) {
    double nearest = Double.parseDouble(text);
    return Double.isInfinite(nearest) || (nearest == 0 && !isZero(text))
        ? OptionalDouble.empty()
        : OptionalDouble.of(nearest);
  }

  private static boolean isZero(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 'e' || c == 'E') {
        return true;
      }
      if (c >= '1' && c <= '9') {
        return false;
      }
    }
    return true;
  }

  /** The double that is kept; empty where the number stays as it was written. */
  public OptionalDouble asDouble() {
    return kept;
  }

  /** What it means: the double's very value, or that of its digits. */
  public BigDecimal exact() {
    return kept.isPresent() ? new BigDecimal(kept.getAsDouble()) : new BigDecimal(written);
  }

  /** The digits of the whole number that it means; empty if it means none. */
  public Optional<String> digits() {
    boolean isWhole =
        kept.isPresent() ? kept.getAsDouble() == Math.rint(kept.getAsDouble()) : isDigits;
    return isWhole ? Optional.of(exact().toBigInteger().toString()) : Optional.empty();
  }

  /**
   * The text that it is where texts are compared: its digits if it was written in digits alone,
   * else what stands for the double that is kept of it.
   */
  public String text() {
    if (isDigits) {
      return digits().orElseThrow();
    }
    return kept.isPresent() ? text(kept.getAsDouble()) : written.toLowerCase(Locale.ROOT);
  }

  /**
   * The texts that it may be in JSON: the digits of a whole number, and where no double is kept
   * what may have been sent.
   */
  public List<String> jsonTexts() {
    if (kept.isPresent() || isDigits) {
      return digits().stream().toList();
    }
    String plain = text().replace("+", "");
    String signed = plain.replaceFirst("e(?=[0-9])", "e+");
    return Stream.of(plain, signed)
        .flatMap(each -> Stream.of(each, each.toUpperCase(Locale.ROOT)))
        .distinct()
        .toList();
  }

  /** As it was written, but with a point or an exponent if it had one. */
  @Override
  public String toString() {
    return written;
  }

  /**
   * The text that stands for a double: whole ones below 10^16 are digits, others the fewest digits
   * that tell it, with an exponent of two digits at least where it is very large or small.
   */
  public static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < FIRST_WITH_EXPONENT) {
      return String.valueOf((long) value);
    }
    BigDecimal fewest = BigDecimal.valueOf(value).stripTrailingZeros();
    BigDecimal one = fewest.round(new MathContext(1));
    if (one.doubleValue() == value) {
      fewest = one.stripTrailingZeros(); // Java always gives two
    }
    int exponent = fewest.precision() - fewest.scale() - 1;
    if (exponent >= LAST_WITHOUT_EXPONENT && Math.abs(value) < FIRST_WITH_EXPONENT) {
      return fewest.toPlainString();
    }
    String digits = fewest.unscaledValue().abs().toString();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }
}
