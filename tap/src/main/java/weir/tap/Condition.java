package weir.tap;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.EpochMicros;
import weir.event.EventColumn;

/**
 * What is asked of an event, as SQL asks it: of what is null, nothing is known, and so what is not
 * known of an event does not hold. Names are those of columns, else of properties.
 */
public sealed interface Condition {
  /** What a condition says of an event; null where it is not known. */
  @Nullable Boolean of(PropertyValues event);

  /** How a value compares. */
  enum Sign {
    EQUAL("="),
    DIFFERENT("<>"),
    LESS("<"),
    AT_MOST("<="),
    MORE(">"),
    AT_LEAST(">=");

    private final String text;

    Sign(String text) {
      this.text = text;
    }

    static Optional<Sign> written(String text) {
      String wanted = text.equals("!=") ? "<>" : text;
      return java.util.Arrays.stream(values()).filter(each -> each.text.equals(wanted)).findFirst();
    }

    private boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case DIFFERENT -> order != 0;
        case LESS -> order < 0;
        case AT_MOST -> order <= 0;
        case MORE -> order > 0;
        case AT_LEAST -> order >= 0;
      };
    }
  }

  /**
   * A value beside another.
   *
   * @param value a String, BigDecimal or Boolean
   */
  record Comparison(String name, Sign sign, Object value) implements Condition {
    @Override
    public @Nullable Boolean of(PropertyValues event) {
      Object here = valueOf(name, event);
      Integer order = here == null ? null : order(here, value);
      return order == null ? null : Boolean.valueOf(sign.holds(order));
    }
  }

  /**
   * A text beside a pattern.
   *
   * @param pattern {@code %} stands for anything, {@code _} for one character
   */
  record Like(String name, String pattern) implements Condition {
    @Override
    public @Nullable Boolean of(PropertyValues event) {
      Object here = valueOf(name, event);
      return here == null ? null : LikePattern.matches(pattern, here.toString());
    }
  }

  /** A value beside several. */
  record In(String name, List<Object> values) implements Condition {
    public In {
      values = List.copyOf(values);
    }

    @Override
    public @Nullable Boolean of(PropertyValues event) {
      Object here = valueOf(name, event);
      return here == null
          ? null
          : values.stream()
              .anyMatch(each -> {
                Integer order = order(here, each);
                return order != null && order == 0;
              });
    }
  }

  /** There is no value. */
  record IsNull(String name) implements Condition {
    @Override
    public Boolean of(PropertyValues event) {
      return valueOf(name, event) == null;
    }
  }

  /** The contrary. */
  record Not(Condition of) implements Condition {
    @Override
    public @Nullable Boolean of(PropertyValues event) {
      Boolean holds = of.of(event);
      return holds == null ? null : !holds;
    }
  }

  /** Each of them. */
  record All(List<Condition> of) implements Condition {
    public All {
      of = List.copyOf(of);
    }

    @Override
    public @Nullable Boolean of(PropertyValues event) {
      return decided(of, event, false);
    }
  }

  /** One of them. */
  record Any(List<Condition> of) implements Condition {
    public Any {
      of = List.copyOf(of);
    }

    @Override
    public @Nullable Boolean of(PropertyValues event) {
      return decided(of, event, true);
    }
  }

  /** What one of several decides alone; else the contrary, if all are known. */
  private static @Nullable Boolean decided(
      List<Condition> all, PropertyValues event, boolean alone) {
    boolean known = true;
    for (Condition each : all) {
      Boolean holds = each.of(event);
      if (holds == null) {
        known = false;
      } else if (holds == alone) {
        return alone;
      }
    }
    return known ? Boolean.valueOf(!alone) : null;
  }

  private static @Nullable Object valueOf(String name, PropertyValues event) {
    Object value = event.columnOrProperty(name);
    boolean isTime =
        EventColumn.named(name).filter(column -> column.type() == ColumnType.TIMESTAMP).isPresent();
    return isTime && value instanceof Long micros ? EpochMicros.instant(micros) : value;
  }

  /** How a value stands to one that was written; null if they cannot be compared. */
  private static @Nullable Integer order(Object here, Object written) {
    return switch (here) {
      case Boolean flag when written instanceof Boolean other -> flag.compareTo(other);
      case Instant time when written instanceof String text -> order(time, text);
      case String text when written instanceof String other -> text.compareTo(other);
      case Double number when written instanceof BigDecimal other -> doublesOrder(number, other);
      case BigInteger number when written instanceof BigDecimal other ->
          new BigDecimal(number).compareTo(other);
      case Number number when written instanceof BigDecimal other ->
          BigDecimal.valueOf(number.longValue()).compareTo(other);
      default -> null;
    };
  }

  private static @Nullable Integer doublesOrder(double number, BigDecimal written) {
    if (!Double.isFinite(number)) {
      return null;
    }
    return new BigDecimal(number).compareTo(nearest(written));
  }

  /** A written number means the double that is kept of it. */
  private static BigDecimal nearest(BigDecimal written) {
    double value = written.doubleValue();
    return Double.isFinite(value) ? new BigDecimal(value) : written;
  }

  private static @Nullable Integer order(Instant time, String text) {
    try {
      return time.compareTo(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return null;
    }
  }
}
