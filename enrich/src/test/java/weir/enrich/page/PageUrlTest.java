package weir.enrich.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          https://Shop.Example:8443/a/b?x=1#y        | shop.example   | /a/b      | x=1   | y
          HTTP://user:p@ss@example.org               | example.org    | /         | ''    | ''
          https://münchen.example/straße             | xn--mnchen-3ya.example | /stra%C3%9Fe | '' | ''
          https://[2001:DB8::1]:80/                  | [2001:db8::1]  | /         | ''    | ''
          //cdn.example/x                            | cdn.example    | /x        | ''    | ''
          /menu/desserts?table=4                     | -              | /menu/desserts | table=4 | ''
          file:///home/me/menu.html                  | -              | /home/me/menu.html | '' | ''
          android-app://com.google.android.gm/       | com.google.android.gm | / | '' | ''
          http:\\\\example.com\\a\\..\\b             | example.com    | /b        | ''    | ''
          http://0x7f.1/                             | 127.0.0.1      | /         | ''    | ''
          about:blank                                | -              | blank     | ''    | ''
          """)
  void addressesHaveParts(
      String address, @Nullable String host, String path, String query, String fragment) {
    assertThat(PageUrl.of(address.replace("\\\\", "\\")))
        .isEqualTo(new PageUrl(host, path, query, fragment));
  }

  @ParameterizedTest
  @CsvSource({
    "http://",
    "http://a b/",
    "https://exa%00mple/",
    "http://1.2.3.4.5/",
    "http://x:99999/"
  })
  void whatABrowserRefusesIsNone(String address) {
    assertThat(PageUrl.of(address)).isNull();
  }

  /** The cases of the web platform's own tests that are absolute and of the web. */
  @Test
  @EnabledIfEnvironmentVariable(
      named = "WEIR_TEST_DATA",
      matches = ".+",
      disabledReason = "skipped: WEIR_TEST_DATA names no folder with URLs")
  void theWebPlatformsCases() throws IOException {
    Path file =
        Path.of(System.getenv("WEIR_TEST_DATA"), "referrer-channel", "wpt_urltestdata.json");
    List<String> wrong = new ArrayList<>();
    int cases = 0;
    for (JsonNode each : new ObjectMapper().readTree(file.toFile())) {
      String input = each.path("input").asText("");
      boolean web =
          input.strip().toLowerCase(java.util.Locale.ROOT).matches("(?s)(https?|ftp|wss?)://.*");
      if (!each.isObject()
          || !web
          || (each.hasNonNull("base") && !each.path("base").asText().equals("about:blank"))) {
        continue;
      }
      cases++;
      PageUrl found = PageUrl.of(input);
      String expected =
          each.path("failure").asBoolean()
              ? "refused"
              : each.path("hostname").asText() + " " + each.path("pathname").asText();
      String got =
          found == null ? "refused" : Objects.toString(found.host(), "") + " " + found.path();
      if (!got.equals(expected)) {
        wrong.add(input + ": " + got + ", not " + expected);
      }
    }
    System.out.printf("URLs: %d of %d%n", cases - wrong.size(), cases);
    assertThat(cases).isGreaterThan(200);
    assertThat(wrong.size()).as(String.join("\n", wrong)).isLessThanOrEqualTo(cases / 20);
  }
}
