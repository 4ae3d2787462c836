package weir.plugin;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The columns of an event that plug-ins see, by their names in SQL. */
public enum Column {
  EVENT(String.class, true),
  EVENT_ID(String.class, false),
  KIND(String.class, true),
  TIMESTAMP(Instant.class, true),
  ORIGINAL_TIMESTAMP(Instant.class, false),
  RECEIVED_AT(Instant.class, false),
  USER_ID(String.class, true),
  ANONYMOUS_ID(String.class, true),
  GROUP_ID(String.class, true),
  SESSION_ID(String.class, true),
  SOURCE(String.class, false),
  PROTOCOL(String.class, false),
  LIBRARY(String.class, true),
  LIBRARY_VERSION(String.class, true),
  PLATFORM(String.class, true),
  APP_NAME(String.class, true),
  APP_VERSION(String.class, true),
  APP_BUILD(String.class, true),
  SCREEN_NAME(String.class, true),
  PAGE_URL(String.class, true),
  PAGE_PATH(String.class, true),
  PAGE_HOST(String.class, true),
  PAGE_TITLE(String.class, true),
  REFERRER(String.class, true),
  REFERRER_HOST(String.class, true),
  UTM_SOURCE(String.class, true),
  UTM_MEDIUM(String.class, true),
  UTM_CAMPAIGN(String.class, true),
  UTM_TERM(String.class, true),
  UTM_CONTENT(String.class, true),
  CLICK_ID(String.class, true),
  CHANNEL(String.class, true),
  VALUE(Double.class, true),
  CURRENCY(String.class, true),
  IP(String.class, true),
  COUNTRY(String.class, true),
  REGION(String.class, true),
  CITY(String.class, true),
  LATITUDE(Double.class, true),
  LONGITUDE(Double.class, true),
  ASN(Long.class, true),
  BROWSER(String.class, true),
  BROWSER_VERSION(String.class, true),
  OS(String.class, true),
  OS_VERSION(String.class, true),
  DEVICE_MODEL(String.class, true),
  DEVICE_TYPE(String.class, true),
  IS_BOT(Boolean.class, true),
  SCREEN_WIDTH(Integer.class, true),
  SCREEN_HEIGHT(Integer.class, true),
  VIEWPORT_WIDTH(Integer.class, true),
  VIEWPORT_HEIGHT(Integer.class, true),
  LOCALE(String.class, true),
  TIMEZONE(String.class, true);

  private static final Map<String, Column> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Column::columnName, Function.identity()));

  private final Class<?> type;
  private final boolean writable;
  private final String columnName;

  Column(Class<?> type, boolean writable) {
    this.type = type;
    this.writable = writable;
    this.columnName = name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The name in SQL. */
  public String columnName() {
    return columnName;
  }

  /** The class of its values. */
  public Class<?> type() {
    return type;
  }

  /** Whether a plug-in may change it. */
  public boolean isWritable() {
    return writable;
  }

  /** The column of this name. */
  public static Optional<Column> named(String columnName) {
    return Optional.ofNullable(BY_NAME.get(columnName));
  }

  /**
   * A value as the column holds it: any number becomes one of the column's own class.
   *
   * @throws IllegalArgumentException if the column cannot hold it, saying what it can
   */
  public Object checked(Object value) {
    if (type.isInstance(value)) {
      return value instanceof Double number ? finite(number) : value;
    }
    if (value instanceof Number number && Number.class.isAssignableFrom(type)) {
      double exact = number.doubleValue();
      if (type == Double.class) {
        return finite(exact);
      }
      if (exact == Math.rint(exact)) {
        if (type == Integer.class && Math.abs(exact) <= Integer.MAX_VALUE) {
          return (int) exact;
        }
        if (type == Long.class && Math.abs(exact) <= 1L << 53) {
          return number.longValue();
        }
      }
    }
    throw new IllegalArgumentException(
        "the column " + columnName + " holds " + type.getSimpleName() + ", not " + told(value));
  }

  private Double finite(Double number) {
    if (number.isNaN() || number.isInfinite()) {
      throw new IllegalArgumentException("the column " + columnName + " cannot hold " + number);
    }
    return number;
  }

  private static String told(Object value) {
    return value instanceof Number || value instanceof Boolean
        ? value.getClass().getSimpleName() + " " + value
        : value.getClass().getName();
  }
}
