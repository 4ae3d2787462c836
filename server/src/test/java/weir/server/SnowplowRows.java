package weir.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Rows of Snowplow's own table of events: as its tracker sent them, and as Weir has them. */
final class SnowplowRows {
  /** The columns that {@link #columns} has, in its order. */
  static final String SELECT =
      """
      coalesce(event_id::text, ''), coalesce(event::text, ''), coalesce(user_id::text, ''),
      coalesce(anonymous_id::text, ''), coalesce(session_id::text, ''),
      coalesce(page_url::text, ''), coalesce(page_title::text, ''),
      coalesce(page_path::text, ''), coalesce(referrer::text, ''),
      coalesce(referrer_host::text, ''), coalesce(utm_source::text, ''),
      coalesce(utm_medium::text, ''), coalesce(utm_campaign::text, ''),
      coalesce(click_id::text, ''), coalesce(locale::text, ''), coalesce(timezone::text, ''),
      coalesce(screen_width::text, ''), coalesce(screen_height::text, ''),
      coalesce(viewport_width::text, ''), coalesce(viewport_height::text, ''),
      coalesce(platform::text, ''), coalesce(library || '-' || library_version, ''),
      coalesce(strftime(original_timestamp at time zone 'UTC', '%Y-%m-%d %H:%M:%S.%g'), ''),
      coalesce(p_doc_height::text, ''), coalesce(p_page_view_id::text, ''),
      coalesce(p_pp_yoffset_max::text, '')
      """;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");
  private static final Map<String, String> TYPES =
      Map.of("page_view", "pv", "page_ping", "pp", "struct", "se", "unstruct", "ue");
  private static final String IGLU = "iglu:com.snowplowanalytics.snowplow/";

  private SnowplowRows() {}

  static List<Map<String, String>> read(Path file) throws Exception {
    List<Map<String, String>> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "select * from read_csv('" + file + "', all_varchar = true, header = true)")) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 1; i <= columns; i++) {
          String value = result.getString(i);
          row.put(result.getMetaData().getColumnName(i), value == null ? "" : value);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** The first of each event id, by id. */
  static Collection<Map<String, String>> distinct(List<Map<String, String>> rows) {
    Map<String, Map<String, String>> byId = new TreeMap<>();
    rows.forEach(row -> byId.putIfAbsent(text(row, "event_id"), row));
    return byId.values();
  }

  /** The tracker's request for some rows. */
  static String request(List<Map<String, String>> rows) throws Exception {
    ObjectNode request = JSON.createObjectNode();
    request.put("schema", IGLU + "payload_data/jsonschema/1-0-4");
    ArrayNode data = request.putArray("data");
    for (Map<String, String> row : rows) {
      ObjectNode event = data.addObject();
      fields(row)
          .forEach((name, value) -> {
            if (!value.isEmpty()) {
              event.put(name, value);
            }
          });
    }
    return request.toString();
  }

  private static Map<String, String> fields(Map<String, String> row) throws Exception {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("e", TYPES.get(text(row, "event")));
    fields.put("eid", text(row, "event_id"));
    fields.put("aid", "site-" + text(row, "app_id"));
    fields.put("p", text(row, "platform"));
    fields.put("dtm", millis(text(row, "dvce_created_tstamp")));
    fields.put("stm", millis(text(row, "dvce_sent_tstamp")));
    fields.put("res", size(row, "dvce_screen"));
    fields.put("vp", size(row, "br_view"));
    fields.put("ds", size(row, "doc_"));
    for (String pair : PLAIN.split("\\s+")) {
      String[] names = pair.split("=");
      fields.put(names[0], text(row, names[1]));
    }
    ObjectNode contexts = JSON.createObjectNode();
    contexts.put("schema", IGLU + "contexts/jsonschema/1-0-0");
    contexts
        .putArray("data")
        .addObject()
        .put("schema", IGLU + "web_page/jsonschema/1-0-0")
        .putObject("data")
        .put("id", pageView(row));
    fields.put("co", contexts.toString());
    if (text(row, "event").equals("unstruct")) {
      fields.put("ue_pr", data(row).toString());
    }
    return fields;
  }

  private static final String PLAIN =
      """
      tna=name_tracker tv=v_tracker uid=user_id duid=domain_userid sid=domain_sessionid \
      vid=domain_sessionidx nuid=network_userid url=page_url page=page_title refr=page_referrer \
      lang=br_lang tz=os_timezone ua=useragent cs=doc_charset cd=br_colordepth cookie=br_cookies \
      se_ca=se_category se_ac=se_action se_la=se_label se_pr=se_property se_va=se_value \
      pp_mix=pp_xoffset_min pp_max=pp_xoffset_max pp_miy=pp_yoffset_min pp_may=pp_yoffset_max\
      """;

  private static ObjectNode data(Map<String, String> row) throws Exception {
    ObjectNode event = JSON.createObjectNode();
    event.put("schema", IGLU + "unstruct_event/jsonschema/1-0-0");
    ObjectNode inner = event.putObject("data");
    inner.put(
        "schema",
        "iglu:%s/%s/jsonschema/%s"
            .formatted(
                text(row, "event_vendor"), text(row, "event_name"), text(row, "event_version")));
    String column =
        "unstruct_event_com_snowplowanalytics_snowplow_%s_1_0_0".formatted(text(row, "event_name"));
    String said = row.getOrDefault(column, "");
    inner.set("data", said.isEmpty() ? JSON.createObjectNode() : JSON.readTree(said).get(0));
    return event;
  }

  private static String pageView(Map<String, String> row) throws Exception {
    String said = text(row, "contexts_com_snowplowanalytics_snowplow_web_page_1_0_0");
    return JSON.readTree(said).findValue("id").asText();
  }

  private static String millis(String time) {
    return String.valueOf(LocalDateTime.parse(time, TIME).toInstant(ZoneOffset.UTC).toEpochMilli());
  }

  private static String size(Map<String, String> row, String what) {
    String width = text(row, what + "width");
    return width.isEmpty() ? "" : width + "x" + text(row, what + "height");
  }

  /** What Weir's columns are to have for a row. */
  static List<String> columns(Map<String, String> row) {
    try {
      List<String> columns = new ArrayList<>();
      columns.add(text(row, "event_id"));
      columns.add(
          switch (text(row, "event")) {
            case "page_view" -> "page_viewed";
            case "struct" -> text(row, "se_action");
            default -> text(row, "event_name");
          });
      for (String column :
          "user_id domain_userid domain_sessionid page_url page_title page_urlpath page_referrer"
              .split(" ")) {
        columns.add(text(row, column));
      }
      columns.add(text(row, "refr_urlhost").replace("-dummy-row", ""));
      for (String column : "mkt_source mkt_medium mkt_campaign mkt_clickid".split(" ")) {
        columns.add(text(row, column));
      }
      columns.add(Locale.forLanguageTag(text(row, "br_lang")).toLanguageTag());
      columns.add(text(row, "os_timezone"));
      for (String column :
          "dvce_screenwidth dvce_screenheight br_viewwidth br_viewheight platform v_tracker dvce_created_tstamp"
              .split(" ")) {
        columns.add(text(row, column));
      }
      columns.add(decimal(text(row, "doc_height")));
      columns.add(pageView(row));
      columns.add(decimal(text(row, "pp_yoffset_max")));
      return columns;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Map<String, String> row, String column) {
    return row.getOrDefault(column, "");
  }

  private static String decimal(String number) {
    return number.isEmpty() ? "" : Double.valueOf(number).toString();
  }
}
