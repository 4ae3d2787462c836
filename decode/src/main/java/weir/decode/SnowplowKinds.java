package weir.decode;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The standard meanings of Snowplow's own events. */
final class SnowplowKinds {
  private static final Map<String, String> OF_SCHEMAS =
      Map.of(
          "link_click", "click",
          "button_click", "click",
          "submit_form", "form_submit",
          "site_search", "search",
          "application_error", "error",
          "application_install", "first_open",
          "application_background", "app_background",
          "add_to_cart", "add_to_cart",
          "remove_from_cart", "remove_from_cart");

  /** By the type of an e-commerce action. */
  private static final Map<String, String> OF_ACTIONS =
      Map.of(
          "product_view", "view_item",
          "list_view", "view_item_list",
          "list_click", "select_item",
          "add_to_cart", "add_to_cart",
          "remove_from_cart", "remove_from_cart",
          "checkout_step", "begin_checkout",
          "transaction", "purchase",
          "refund", "refund",
          "promo_view", "view_promotion",
          "promo_click", "select_promotion");

  private SnowplowKinds() {}

  /**
   * The kind of an event; null if it has no standard meaning.
   *
   * @param type as in the protocol's "e"
   * @param data what the event says itself
   */
  static @Nullable String of(String type, String name, Map<String, Object> data) {
    return switch (type) {
      case "pv" -> "page_view";
      case "pp" -> "user_engagement";
      case "tr" -> "purchase";
      case "ti" -> null;
      default -> {
        if (name.equals("snowplow_ecommerce_action") && data.get("type") instanceof String action) {
          yield OF_ACTIONS.get(action);
        }
        if (!type.equals("ue")) {
          yield EventKinds.of(name);
        }
        String kind = OF_SCHEMAS.get(name);
        yield kind != null ? kind : EventKinds.ofFolded(name); // as a schema's name is
      }
    };
  }
}
