package weir.event;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The fixed columns of a project's {@code events} table, in table order.
 *
 * <p>Properties have columns of their own beside these, named {@code p_NAME}; see {@link
 * CleanEvent#properties()}. Field ids are part of the table format: never reuse or renumber one.
 */
public enum EventColumn {
  /**
   * The name that the client sent, as sent. The first column, since {@code count(*)} reads the
   * first.
   */
  EVENT(1, "event", ColumnType.STRING),
  EVENT_ID(2, "event_id", ColumnType.STRING),
  /** The standard meaning, the same for every protocol. */
  KIND(3, "kind", ColumnType.STRING),
  /** Event time, corrected for a wrong client clock. */
  TIMESTAMP(4, "timestamp", ColumnType.TIMESTAMP),
  /** The client's own event time. */
  ORIGINAL_TIMESTAMP(5, "original_timestamp", ColumnType.TIMESTAMP),
  RECEIVED_AT(6, "received_at", ColumnType.TIMESTAMP),
  PROCESSED_AT(7, "processed_at", ColumnType.TIMESTAMP),
  USER_ID(8, "user_id", ColumnType.STRING),
  ANONYMOUS_ID(9, "anonymous_id", ColumnType.STRING),
  GROUP_ID(10, "group_id", ColumnType.STRING),
  /** user_id, else anonymous_id; files are sorted by it. */
  ACTOR(11, "actor", ColumnType.STRING),
  SESSION_ID(12, "session_id", ColumnType.STRING),
  SOURCE(13, "source", ColumnType.STRING),
  PROTOCOL(14, "protocol", ColumnType.STRING),
  LIBRARY(15, "library", ColumnType.STRING),
  LIBRARY_VERSION(16, "library_version", ColumnType.STRING),
  PLATFORM(17, "platform", ColumnType.STRING),
  APP_NAME(18, "app_name", ColumnType.STRING),
  APP_VERSION(19, "app_version", ColumnType.STRING),
  APP_BUILD(20, "app_build", ColumnType.STRING),
  SCREEN_NAME(21, "screen_name", ColumnType.STRING),
  PAGE_URL(22, "page_url", ColumnType.STRING),
  PAGE_PATH(23, "page_path", ColumnType.STRING),
  PAGE_HOST(24, "page_host", ColumnType.STRING),
  PAGE_TITLE(25, "page_title", ColumnType.STRING),
  REFERRER(26, "referrer", ColumnType.STRING),
  REFERRER_HOST(27, "referrer_host", ColumnType.STRING),
  UTM_SOURCE(28, "utm_source", ColumnType.STRING),
  UTM_MEDIUM(29, "utm_medium", ColumnType.STRING),
  UTM_CAMPAIGN(30, "utm_campaign", ColumnType.STRING),
  UTM_TERM(31, "utm_term", ColumnType.STRING),
  UTM_CONTENT(32, "utm_content", ColumnType.STRING),
  CLICK_ID(33, "click_id", ColumnType.STRING),
  CHANNEL(34, "channel", ColumnType.STRING),
  VALUE(35, "value", ColumnType.DOUBLE),
  CURRENCY(36, "currency", ColumnType.STRING),
  IP(37, "ip", ColumnType.STRING),
  COUNTRY(38, "country", ColumnType.STRING),
  REGION(39, "region", ColumnType.STRING),
  CITY(40, "city", ColumnType.STRING),
  LATITUDE(41, "latitude", ColumnType.DOUBLE),
  LONGITUDE(42, "longitude", ColumnType.DOUBLE),
  ASN(43, "asn", ColumnType.LONG),
  BROWSER(44, "browser", ColumnType.STRING),
  BROWSER_VERSION(45, "browser_version", ColumnType.STRING),
  OS(46, "os", ColumnType.STRING),
  OS_VERSION(47, "os_version", ColumnType.STRING),
  DEVICE_MODEL(48, "device_model", ColumnType.STRING),
  DEVICE_TYPE(49, "device_type", ColumnType.STRING),
  IS_BOT(50, "is_bot", ColumnType.BOOLEAN),
  /** A {@link RawPosition} as text. */
  RAW_POSITION(51, "_raw_position", ColumnType.STRING),
  SCREEN_WIDTH(52, "screen_width", ColumnType.INTEGER),
  SCREEN_HEIGHT(53, "screen_height", ColumnType.INTEGER),
  VIEWPORT_WIDTH(54, "viewport_width", ColumnType.INTEGER),
  VIEWPORT_HEIGHT(55, "viewport_height", ColumnType.INTEGER),
  LOCALE(56, "locale", ColumnType.STRING),
  TIMEZONE(57, "timezone", ColumnType.STRING),
  /** JSON of what found no column of its own. */
  PROPERTIES(58, "properties", ColumnType.STRING);

  private static final Map<String, EventColumn> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(EventColumn::columnName, Function.identity()));

  private final int fieldId;
  private final String columnName;
  private final ColumnType type;

  EventColumn(int fieldId, String columnName, ColumnType type) {
    this.fieldId = fieldId;
    this.columnName = columnName;
    this.type = type;
  }

  /** The Iceberg field id of this column in every project's table. */
  public int fieldId() {
    return fieldId;
  }

  /** The name in SQL. */
  public String columnName() {
    return columnName;
  }

  public ColumnType type() {
    return type;
  }

  /** The column with this SQL name, if it is one of the fixed ones. */
  public static Optional<EventColumn> named(String columnName) {
    return Optional.ofNullable(BY_NAME.get(columnName));
  }
}
