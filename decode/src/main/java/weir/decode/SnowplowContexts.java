package weir.decode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/**
 * What an event's contexts say: values of columns that the event itself does not state, and each
 * context as it was sent, in an array under its name.
 */
final class SnowplowContexts {
  private static final String SNOWPLOW = "com.snowplowanalytics.snowplow/";
  private static final String MOBILE = "com.snowplowanalytics.mobile/";
  private static final String TRANSACTION = "com.snowplowanalytics.snowplow.ecommerce/transaction";

  /** Those that may have values of columns. */
  private static final Set<String> READ =
      Set.of(
          SNOWPLOW + "web_page",
          SNOWPLOW + "client_session",
          SNOWPLOW + "mobile_context",
          SNOWPLOW + "geolocation_context",
          SNOWPLOW + "browser_context",
          SNOWPLOW + "application",
          MOBILE + "application",
          MOBILE + "screen",
          TRANSACTION);

  /** Whom a session without cookies belongs to. */
  private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

  private final Map<EventColumn, Object> columns;
  private final Map<String, StringBuilder> kept = new LinkedHashMap<>();
  private @Nullable String pageViewId;

  /**
   * @param columns what the event states; added to
   */
  SnowplowContexts(Map<EventColumn, Object> columns) {
    this.columns = columns;
  }

  /** Whether fields of contexts of a schema go to columns. */
  static boolean reads(IgluSchema schema) {
    return READ.contains(schema.vendorAndName());
  }

  void addAll(List<SnowplowEntity> entities) {
    for (SnowplowEntity entity : entities) {
      if (!isAllInColumns(entity)) {
        StringBuilder array =
            kept.computeIfAbsent(entity.schema().name(), name -> new StringBuilder());
        array.append(array.isEmpty() ? '[' : ',').append(entity.described());
      }
    }
  }

  /** What found no column. */
  void addTo(Map<String, Object> properties) {
    AddedProperties.add(properties, "page_view_id", pageViewId);
    kept.forEach((name, array) ->
        AddedProperties.add(properties, name, new Decoded.Json(array.append(']').toString())));
  }

  private boolean isAllInColumns(SnowplowEntity entity) {
    switch (entity.schema().vendorAndName()) {
      case SNOWPLOW + "web_page" -> {
        Map<String, Object> fields = entity.allFields();
        if (fields.get("id") instanceof String id) {
          pageViewId = id;
          return fields.size() == 1;
        }
      }
      case SNOWPLOW + "client_session" -> {
        Map<String, Object> fields = entity.allFields();
        fill(EventColumn.SESSION_ID, fields.get("sessionId"));
        if (!NOBODY.equals(fields.get("userId"))) {
          fill(EventColumn.ANONYMOUS_ID, fields.get("userId"));
        }
      }
      case SNOWPLOW + "mobile_context" -> readMobile(entity.allFields());
      case SNOWPLOW + "geolocation_context" -> {
        Map<String, Object> fields = entity.allFields();
        fillNumber(EventColumn.LATITUDE, fields.get("latitude"));
        fillNumber(EventColumn.LONGITUDE, fields.get("longitude"));
      }
      case SNOWPLOW + "browser_context" -> {
        Map<String, Object> fields = entity.allFields();
        fill(EventColumn.LOCALE, fields.get("browserLanguage"));
        fillSize(EventColumn.SCREEN_WIDTH, EventColumn.SCREEN_HEIGHT, fields.get("resolution"));
        fillSize(EventColumn.VIEWPORT_WIDTH, EventColumn.VIEWPORT_HEIGHT, fields.get("viewport"));
      }
      case MOBILE + "application", SNOWPLOW + "application" -> {
        Map<String, Object> fields = entity.allFields();
        fill(EventColumn.APP_VERSION, fields.get("version"));
        fill(EventColumn.APP_BUILD, fields.get("build"));
      }
      case MOBILE + "screen" -> fill(EventColumn.SCREEN_NAME, entity.allFields().get("name"));
      case TRANSACTION -> {
        Map<String, Object> fields = entity.allFields();
        fillNumber(EventColumn.VALUE, fields.get("revenue"));
        fill(EventColumn.CURRENCY, fields.get("currency"));
      }
      default -> {}
    }
    return false;
  }

  private void readMobile(Map<String, Object> fields) {
    fill(EventColumn.OS, fields.get("osType"));
    fill(EventColumn.OS_VERSION, fields.get("osVersion"));
    fill(EventColumn.DEVICE_MODEL, fields.get("deviceModel"));
    fill(EventColumn.LOCALE, fields.get("language"));
    fillSize(EventColumn.SCREEN_WIDTH, EventColumn.SCREEN_HEIGHT, fields.get("resolution"));
    if (fields.get("osType") instanceof String os && !os.isBlank()) {
      columns.put(EventColumn.PLATFORM, os.toLowerCase(Locale.ROOT));
    }
  }

  private void fill(EventColumn column, @Nullable Object value) {
    if (value instanceof String text && !text.isEmpty()) {
      columns.putIfAbsent(column, text);
    }
  }

  private void fillNumber(EventColumn column, @Nullable Object value) {
    Double number = value instanceof String text ? WrittenValue.number(text) : null;
    if (value instanceof Double stated) {
      number = stated;
    }
    if (number != null) {
      columns.putIfAbsent(column, number);
    }
  }

  private void fillSize(EventColumn width, EventColumn height, @Nullable Object value) {
    if (value instanceof String text && !columns.containsKey(width)) {
      WrittenValue.putSize(text, width, height, columns);
    }
  }
}
