package weir.enrich.page;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.decode.PercentQuery;
import weir.event.EventColumn;

/**
 * What the query of a page's address says of the campaign that brought its visitor.
 *
 * @param columns utm_* and click_id; empty if it says none
 * @param network whose click id it is, such as {@code google}; null if there is none
 */
public record Campaign(Map<EventColumn, String> columns, @Nullable String network) {
  private static final Campaign NONE = new Campaign(Map.of(), null);
  private static final int LONGEST = 512;
  private static final String ESCAPED = "amp;";

  private static final Map<String, EventColumn> UTM =
      Map.of(
          "utm_source", EventColumn.UTM_SOURCE,
          "utm_medium", EventColumn.UTM_MEDIUM,
          "utm_campaign", EventColumn.UTM_CAMPAIGN,
          "utm_term", EventColumn.UTM_TERM,
          "utm_content", EventColumn.UTM_CONTENT);

  /** By parameter: the network that adds it to the addresses of its advertisements. */
  private static final Map<String, String> NETWORKS = networks();

  private static Map<String, String> networks() {
    Map<String, String> networks = new HashMap<>();
    for (String google : new String[] {"gclid", "gbraid", "wbraid", "dclid"}) {
      networks.put(google, "google");
    }
    networks.put("msclkid", "bing");
    networks.put("fbclid", "facebook");
    networks.put("igshid", "instagram");
    networks.put("ttclid", "tiktok");
    networks.put("twclid", "twitter");
    networks.put("li_fat_id", "linkedin");
    networks.put("epik", "pinterest");
    networks.put("rdt_cid", "reddit");
    networks.put("sccid", "snapchat");
    networks.put("yclid", "yandex");
    networks.put("qclid", "quora");
    return Map.copyOf(networks);
  }

  /** Networks whose click id comes from paid clicks alone; others put theirs on every link. */
  public boolean isPaid() {
    return network != null && !network.equals("facebook") && !network.equals("instagram");
  }

  /** What a page's address says. */
  public static Campaign of(PageUrl url) {
    boolean inFragment = url.fragment().contains("utm_");
    if (url.query().isEmpty() && !inFragment) {
      return NONE;
    }
    Map<EventColumn, String> columns = new EnumMap<>(EventColumn.class);
    String network = read(url.query(), columns);
    if (inFragment) {
      String fragment = url.fragment();
      String inside = read(fragment.substring(fragment.indexOf('?') + 1), columns);
      network = network == null ? inside : network;
    }
    return columns.isEmpty() ? NONE : new Campaign(columns, network);
  }

  private static @Nullable String read(String query, Map<EventColumn, String> columns) {
    String network = null;
    int from = 0;
    while (from < query.length()) {
      int end = query.indexOf('&', from);
      end = end < 0 ? query.length() : end;
      int equals = query.indexOf('=', from);
      if (equals > from && equals < end - 1) {
        String name = name(query.substring(from, equals));
        EventColumn utm = UTM.get(name);
        String by = utm != null ? null : NETWORKS.get(name);
        EventColumn column = utm != null ? utm : by != null ? EventColumn.CLICK_ID : null;
        if (column != null
            && put(columns, column, query.substring(equals + 1, end))
            && by != null) {
          network = by;
        }
      }
      from = end + 1;
    }
    return network;
  }

  /** Links that were escaped once too often, as in mails, have {@code &amp;utm_medium=}. */
  private static String name(String written) {
    String name = written.startsWith(ESCAPED) ? written.substring(ESCAPED.length()) : written;
    return name.equals("ScCid") ? "sccid" : name;
  }

  /** Of a name that is there twice the first counts, as in a browser's own reading. */
  private static boolean put(Map<EventColumn, String> columns, EventColumn column, String written) {
    String value = PercentQuery.decoded(written, true).strip();
    if (value.isEmpty()) {
      return false;
    }
    String kept = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
    return columns.putIfAbsent(column, kept) == null;
  }
}
