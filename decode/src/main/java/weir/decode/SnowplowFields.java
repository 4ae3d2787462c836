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

  /** Where a field goes: to a column, else to a property. */
  private record Home(@Nullable EventColumn column, String property, Form form) {}

  /** The field, what it is, and its column or its name as a property. */
  private static final Map<String, Home> HOMES =
      homes(
          """
          url TEXT page_url
          page TEXT page_title
          refr TEXT referrer
          lang TEXT locale
          tz TEXT timezone
          ip TEXT ip
          uid TEXT user_id
          duid TEXT anonymous_id
          sid TEXT session_id
          tr_cu TEXT currency
          ti_cu TEXT currency
          se_va NUMBER value
          tr_tt NUMBER value
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

  private static Map<String, Home> homes(String table) {
    Map<String, Home> homes = new HashMap<>();
    table
        .lines()
        .map(line -> line.split(" "))
        .forEach(line ->
            homes.put(
                line[0],
                new Home(EventColumn.named(line[2]).orElse(null), line[2], Form.valueOf(line[1]))));
    return homes;
  }

  /** Puts a field where it belongs. */
  static void put(
      String name, String text, Map<EventColumn, Object> columns, Map<String, Object> properties) {
    Home home = HOMES.get(name);
    if (home == null) {
      if (!putSize(name, text, columns, properties)) {
        properties.put(Utf8.wellFormed(name), text);
      }
    } else if (home.column() == null) {
      properties.put(home.property(), value(home.form(), text));
    } else if (home.form() == Form.TEXT) {
      columns.put(home.column(), text);
    } else {
      Double number = WrittenValue.number(text);
      if (number != null) {
        columns.put(home.column(), number);
      } else {
        properties.put(name, text);
      }
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
