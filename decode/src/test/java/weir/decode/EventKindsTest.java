package weir.decode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventKindsTest {
  @Test
  void theSameInEverySpelling() {
    for (String name :
        new String[] {
          "Product Viewed", "product_viewed", "productViewed", "PRODUCT-VIEWED", "view_item"
        }) {
      assertThat(EventKinds.of(name)).as(name).isEqualTo("view_item");
    }
  }

  @Test
  void specNames() {
    assertThat(EventKinds.of("page_viewed")).isEqualTo("page_view");
    assertThat(EventKinds.of("$pageview")).isEqualTo("page_view");
    assertThat(EventKinds.of("Products Searched")).isEqualTo("search");
    assertThat(EventKinds.of("Add to Cart")).isEqualTo("add_to_cart");
    assertThat(EventKinds.of("Checkout Started")).isEqualTo("begin_checkout");
    assertThat(EventKinds.of("Order Completed")).isEqualTo("purchase");
    assertThat(EventKinds.of("Application Opened")).isEqualTo("session_start");
    assertThat(EventKinds.of("something else")).isNull();
    assertThat(EventKinds.of("")).isNull();
    assertThat(EventKinds.of("___")).isNull();
  }
}
