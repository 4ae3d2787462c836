package weir.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PropertyNameTest {
  @Test
  void foldsToLowerSnakeCase() {
    Map<String, String> cases =
        Map.ofEntries(
            Map.entry("price", "price"),
            Map.entry("priceUSD", "price_usd"),
            Map.entry("PriceUSD", "price_usd"),
            Map.entry("HTTPServer", "http_server"),
            Map.entry("orderId", "order_id"),
            Map.entry("order-id", "order_id"),
            Map.entry("  Order  ID ", "order_id"),
            Map.entry("$set.once", "set_once"),
            Map.entry("a1B2", "a1_b2"),
            Map.entry("utf8", "utf8"),
            Map.entry("größeÜber", "größe_über"),
            Map.entry("A\u03d2", "a\u03d2"),
            Map.entry("e\u0301te\u0301", "\u00e9t\u00e9"),
            Map.entry("価格", "価格"),
            Map.entry("क़ीमत", PropertyName.fold("क़ीमत")),
            Map.entry("__", ""),
            Map.entry("😀", ""),
            Map.entry("", ""));
    cases.forEach((name, folded) -> assertThat(PropertyName.fold(name)).as(name).isEqualTo(folded));
    assertThat(PropertyName.fold("क़ीमत")).doesNotContain("_");
  }

  @Property
  void foldedNamesStayAsTheyAre(@ForAll String name) {
    String folded = PropertyName.fold(name);
    assertThat(PropertyName.fold(folded)).isEqualTo(folded);
    assertThat(folded).doesNotContain(" ", ".", "\"", "'", "__").doesNotStartWith("_");
  }

  @Test
  void namesThatNoDatabaseKeepsApartDoNotFit() {
    assertThat(PropertyName.fits("a\u0000b")).isFalse();
    assertThat(PropertyName.fits("a\ud800")).isFalse();
    assertThat(PropertyName.fits("a".repeat(255))).isTrue();
    assertThat(PropertyName.fits("a".repeat(256))).isFalse();
    assertThat(PropertyName.fits("ä".repeat(127))).isTrue();
    assertThat(PropertyName.fits("ä".repeat(128))).isFalse();
  }

  @Test
  void suffixesAreTheNextFree() {
    Set<String> taken = new HashSet<>(Set.of("p_price", "p_price_2"));
    assertThat(PropertyName.column("price", taken)).isEqualTo("p_price_3");
    assertThat(PropertyName.column("price_2", taken)).isEqualTo("p_price_2_2");
    assertThat(PropertyName.column("other", taken)).isEqualTo("p_other");
    assertThat(PropertyName.column("a".repeat(254), taken)).isEmpty();
  }
}
