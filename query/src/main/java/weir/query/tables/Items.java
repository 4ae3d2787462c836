package weir.query.tables;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The view {@code items}: a row for each product of an order, a cart or a list, out of the property
 * {@code products} (Segment) or {@code items} (GA4) of any event.
 */
final class Items {
  static final String NAME = "items";

  /** What of its event each item shows. */
  private static final List<String> EVENT =
      List.of(
          "event",
          "event_id",
          "kind",
          "timestamp",
          "actor",
          "user_id",
          "anonymous_id",
          "session_id",
          "source",
          "page_path",
          "country",
          "currency");

  private Items() {}

  /** The columns of {@code events} that it reads. */
  static Set<String> columns() {
    Set<String> columns = new TreeSet<>(EVENT);
    columns.add("properties");
    return columns;
  }

  /**
   * The statement of the view.
   *
   * @param events a SELECT of all events with {@link #columns()} and person_id
   */
  static String select(String events) {
    return "SELECT "
        + String.join(", ", EVENT)
        + ", person_id, item_no"
        + text("item_id", "product_id", "item_id", "sku", "id")
        + text("name", "name", "item_name")
        + text("brand", "brand", "item_brand")
        + text("category", "category", "item_category")
        + text("variant", "variant", "item_variant")
        + text("coupon", "coupon")
        + ", TRY_CAST(item->>'$.price' AS DOUBLE) AS price"
        + ", coalesce(TRY_CAST(item->>'$.quantity' AS DOUBLE), 1) AS quantity"
        + ", CAST(item AS VARCHAR) AS item"
        + " FROM (SELECT *, unnest(list) AS item, generate_subscripts(list, 1) AS item_no"
        + " FROM (SELECT *, CAST(CASE WHEN json_type(properties, '$.products') = 'ARRAY'"
        + " THEN properties->'$.products' ELSE properties->'$.items' END AS JSON[]) AS list"
        + " FROM ("
        + events
        + ") WHERE (contains(properties, '\"products\"') OR contains(properties, '\"items\"'))"
        + " AND (json_type(properties, '$.products') = 'ARRAY'"
        + " OR json_type(properties, '$.items') = 'ARRAY')))"
        + " WHERE json_type(item) = 'OBJECT'";
  }

  private static String text(String column, String... fields) {
    StringBuilder first = new StringBuilder(", coalesce(");
    for (int i = 0; i < fields.length; i++) {
      first.append(i == 0 ? "" : ", ").append("item->>'$.").append(fields[i]).append('\'');
    }
    return first.append(") AS ").append(column).toString();
  }
}
