package weir.decode;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;

/**
 * Where the fields of the tracker protocol go: to columns, else to properties that are named as in
 * Snowplow's own table of events. What is not listed stays as it was sent.
 */
final class SnowplowFields {
  private enum Form {
    TEXT,
    NUMBER,
    FLAG
  }

  private record Property(String name, Form form) {}

  private static final Map<String, EventColumn> TEXTS =
      Map.of(
          "url", EventColumn.PAGE_URL,
          "page", EventColumn.PAGE_TITLE,
          "refr", EventColumn.REFERRER,
          "lang", EventColumn.LOCALE,
          "tz", EventColumn.TIMEZONE,
          "ip", EventColumn.IP,
          "uid", EventColumn.USER_ID,
          "duid", EventColumn.ANONYMOUS_ID,
          "sid", EventColumn.SESSION_ID);

  private static final Map<String, EventColumn> CURRENCIES =
      Map.of("tr_cu", EventColumn.CURRENCY, "ti_cu", EventColumn.CURRENCY);

  private static final Map<String, EventColumn> WORTHS =
      Map.of("se_va", EventColumn.VALUE, "tr_tt", EventColumn.VALUE);

  /** The field, what it is, and its name as a property. */
  private static final Map<String, Property> PROPERTIES =
      properties(
          """
          tna TEXT name_tracker
          tid TEXT txn_id
          vid NUMBER domain_sessionidx
          nuid TEXT network_userid
          tnuid TEXT network_userid
          fp TEXT user_fingerprint
          cookie FLAG br_cookies
          cd NUMBER br_colordepth
          cs TEXT doc_charset
          f_pdf FLAG br_features_pdf
          f_qt FLAG br_features_quicktime
          f_realp FLAG br_features_realplayer
          f_wma FLAG br_features_windowsmedia
          f_dir FLAG br_features_director
          f_fla FLAG br_features_flash
          f_java FLAG br_features_java
          f_gears FLAG br_features_gears
          f_ag FLAG br_features_silverlight
          pp_mix NUMBER pp_xoffset_min
          pp_max NUMBER pp_xoffset_max
          pp_miy NUMBER pp_yoffset_min
          pp_may NUMBER pp_yoffset_max
          se_ca TEXT se_category
          se_la TEXT se_label
          se_pr TEXT se_property
          tr_id TEXT tr_orderid
          tr_af TEXT tr_affiliation
          tr_tx NUMBER tr_tax
          tr_sh NUMBER tr_shipping
          tr_ci TEXT tr_city
          tr_st TEXT tr_state
          tr_co TEXT tr_country
          ti_id TEXT ti_orderid
          ti_sk TEXT ti_sku
          ti_nm TEXT ti_name
          ti_na TEXT ti_name
          ti_ca TEXT ti_category
          ti_pr NUMBER ti_price
          ti_qu NUMBER ti_quantity
          """);

  private SnowplowFields() {}

  private static Map<String, Property> properties(String table) {
    Map<String, Property> properties = new HashMap<>();
    table
        .lines()
        .map(line -> line.split(" "))
        .forEach(line -> properties.put(line[0], new Property(line[2], Form.valueOf(line[1]))));
    return Map.copyOf(properties);
  }

  /** Puts a field where it belongs. */
  static void put(
      String name, String text, Map<EventColumn, Object> columns, Map<String, Object> properties) {
    EventColumn column = TEXTS.get(name);
    column = column == null ? CURRENCIES.get(name) : column;
    if (column != null) {
      columns.put(column, text);
      return;
    }
    Property property = PROPERTIES.get(name);
    if (property != null) {
      properties.put(property.name(), value(property.form(), text));
      return;
    }
    EventColumn worth = WORTHS.get(name);
    Double number = worth == null ? null : WrittenValue.number(text);
    if (worth != null && number != null) {
      columns.put(worth, number);
    } else if (!putSize(name, text, columns, properties)) {
      properties.put(name, text);
    }
  }

  private static Object value(Form form, String text) {
    Object read =
        switch (form) {
          case TEXT -> text;
          case NUMBER -> WrittenValue.number(text);
          case FLAG -> flag(text);
        };
    return read == null ? text : read;
  }

  private static @Nullable Boolean flag(String text) {
    return switch (text) {
      case "1", "true", "TRUE" -> Boolean.TRUE;
      case "0", "false", "FALSE" -> Boolean.FALSE;
      default -> null;
    };
  }

  private static boolean putSize(
      String name, String text, Map<EventColumn, Object> columns, Map<String, Object> properties) {
    return switch (name) {
      case "res" ->
          WrittenValue.putSize(text, EventColumn.SCREEN_WIDTH, EventColumn.SCREEN_HEIGHT, columns);
      case "vp" ->
          WrittenValue.putSize(
              text, EventColumn.VIEWPORT_WIDTH, EventColumn.VIEWPORT_HEIGHT, columns);
      case "ds" -> {
        long size = WrittenValue.size(text);
        if (size >= 0) {
          properties.put("doc_width", (double) (int) (size >> 32));
          properties.put("doc_height", (double) (int) size);
        }
        yield size >= 0;
      }
      default -> false;
    };
  }
}
