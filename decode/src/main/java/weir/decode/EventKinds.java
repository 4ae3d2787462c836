package weir.decode;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The standard meaning of event names, whatever their spelling: names are compared in lower snake
 * case. The meanings are named as GA4 names them.
 */
final class EventKinds {
  /** Each line: the kind, then the further names that mean it. */
  private static final String TABLE =
      """
      page_view page_viewed pageview viewed_page
      screen_view screen_viewed viewed_screen
      identify identified
      group grouped
      alias aliased
      session_start session_started start_session application_opened app_opened app_open
      session_end session_ended end_session
      first_open application_installed app_installed
      app_update application_updated app_updated
      app_background application_backgrounded app_backgrounded
      error application_crashed app_crashed app_exception exception error_occurred
      click clicked button_clicked link_clicked element_clicked autocapture
      scroll scrolled page_scrolled
      search searched products_searched product_searched search_performed
      view_search_results search_results_viewed
      view_item_list product_list_viewed product_list_filtered
      select_item product_clicked product_selected
      view_item product_viewed viewed_product item_viewed
      add_to_cart product_added added_to_cart addtocart
      remove_from_cart product_removed removed_from_cart
      view_cart cart_viewed viewed_cart
      begin_checkout checkout_started started_checkout initiate_checkout
      add_shipping_info shipping_info_entered
      add_payment_info payment_info_entered
      purchase order_completed order_placed purchased completed_order
      refund order_refunded refunded
      view_promotion promotion_viewed
      select_promotion promotion_clicked
      add_to_wishlist product_added_to_wishlist added_to_wishlist
      apply_coupon coupon_applied
      share shared product_shared cart_shared
      review product_reviewed
      sign_up signed_up user_signed_up signup account_created registered
      login logged_in signed_in user_logged_in
      logout logged_out signed_out user_logged_out
      generate_lead lead_generated lead_created
      form_start form_started
      form_submit form_submitted
      file_download file_downloaded
      video_start video_playback_started video_started
      video_complete video_playback_completed video_completed
      """;

  private static final Map<String, String> BY_NAME = byName();

  private EventKinds() {}

  private static Map<String, String> byName() {
    Map<String, String> map = new HashMap<>();
    TABLE
        .lines()
        .map(line -> line.split(" "))
        .forEach(names -> {
          for (String name : names) {
            map.put(name, names[0]);
          }
        });
    return Map.copyOf(map);
  }

  /** The kind of an event of this name, or null. */
  static @Nullable String of(String event) {
    return ofFolded(fold(event));
  }

  /** The same of a name in lower snake case. */
  static @Nullable String ofFolded(String name) {
    return BY_NAME.get(name);
  }

  /** Lower snake case: {@code Product Viewed}, {@code productViewed} are product_viewed. */
  static String fold(String name) {
    StringBuilder folded = new StringBuilder(name.length() + 4);
    char before = '_';
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean word = Character.isLetterOrDigit(c);
      boolean hump =
          Character.isUpperCase(c) && (Character.isLowerCase(before) || Character.isDigit(before));
      if ((hump || !word) && !folded.isEmpty() && folded.charAt(folded.length() - 1) != '_') {
        folded.append('_');
      }
      if (word) {
        folded.append(Character.toLowerCase(c));
      }
      before = c;
    }
    int length = folded.length();
    if (length > 0 && folded.charAt(length - 1) == '_') {
      folded.setLength(length - 1);
    }
    return folded.toString();
  }
}
