package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedOriginTest {
  @ParameterizedTest
  @CsvSource({
    "https://shop.example,https://shop.example,true",
    "https://shop.example,HTTPS://Shop.Example,true",
    "HTTPS://Shop.Example,https://shop.example,true",
    "https://shop.example,https://shop.example:443,true",
    "https://shop.example:443,https://shop.example,true",
    "https://shop.example,http://shop.example,false",
    "https://shop.example,https://shop.example:8443,false",
    "https://shop.example,https://shop.example.evil,false",
    "https://shop.example,https://www.shop.example,false",
    "https://shop.example,https://evil-shop.example,false",
    "shop.example,http://shop.example,true",
    "shop.example,https://shop.example,true",
    "shop.example,http://shop.example:443,false",
    "shop.example,ftp://shop.example,false",
    "shop.example:8080,http://shop.example:8080,true",
    "shop.example:8080,http://shop.example,false",
    "localhost:*,http://localhost:5173,true",
    "localhost:*,http://localhost,true",
    "*.shop.example,https://www.shop.example,true",
    "*.shop.example,https://a.b.shop.example,true",
    "*.shop.example,https://shop.example,false",
    "*.shop.example,https://.shop.example,false",
    "*.shop.example,https://evilshop.example,false",
    "*.shop.example,https://www.shop.example:81,false",
    "https://*.shop.example:*,https://www.shop.example:81,true",
    "https://*.shop.example,http://www.shop.example,false",
    "[2001:db8::1],http://[2001:db8::1],true",
    "[2001:db8::1]:8080,http://[2001:db8::1]:8080,true",
    "[2001:db8::1],http://[2001:db8::1]:8080,false",
    "capacitor://localhost,capacitor://localhost,true",
    "https://München.example,https://xn--mnchen-3ya.example,true",
    "*.münchen.example:8443,https://www.xn--mnchen-3ya.example:8443,true",
    "münchen.example,https://munchen.example,false",
    "null,null,true",
    "null,https://null,false",
    "shop.example,null,false",
    "shop.example,shop.example,false"
  })
  void pagesAreToldByTheirOrigin(String rule, String origin, boolean allowed) {
    assertThat(AllowedOrigin.of(rule).matches(origin)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "https://a.example,https://b.example/x,https://a.example",
        "-,https://b.example:81/x?y=/z,https://b.example:81",
        "-,https://b.example,https://b.example",
        "-,about:blank,-",
        "-,-,-"
      })
  void anImageNamesItsPage(
      @Nullable String origin, @Nullable String referer, @Nullable String page) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    if (origin != null) {
      headers.add("Origin", origin);
    }
    if (referer != null) {
      headers.add("Referer", referer);
    }
    assertThat(AllowedOrigin.ofPage(headers)).isEqualTo(page);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "a*.example",
        "https://",
        "https://shop.example/",
        "shop.example/a",
        "shop.example:",
        "shop.example:x",
        "a b",
        "ü b",
        "https://*.[::1]",
        "user@shop.example"
      })
  void whatIsNoOriginIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowedOrigin.of(text))
        .withMessageContaining("is not an origin: write");
  }
}
