package weir.enrich.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.enrich.Draft;
import weir.enrich.Sender;
import weir.event.EventColumn;

class PageEnrichmentTest {
  private final PageFacts.Known pages = new PageFacts.Known();

  private Draft enriched(Map<EventColumn, Object> sent) {
    Draft event =
        new Draft(
            new Sender("p", "web", 0, null, true),
            sent.isEmpty() ? new EnumMap<>(EventColumn.class) : new EnumMap<>(sent),
            new LinkedHashMap<>());
    new PageEnrichment(pages).enrich(event);
    new LocaleEnrichment().enrich(event);
    return event;
  }

  @Test
  void thePageAndItsCampaign() {
    Draft event =
        enriched(
            Map.of(
                EventColumn.PAGE_URL,
                "https://Shop.example/menu?utm_source=News+Letter&utm_medium=e%2Dmail&gclid=abc",
                EventColumn.REFERRER,
                "https://www.google.de/search?q=x"));
    assertThat(event.text(EventColumn.PAGE_HOST)).isEqualTo("shop.example");
    assertThat(event.text(EventColumn.PAGE_PATH)).isEqualTo("/menu");
    assertThat(event.text(EventColumn.UTM_SOURCE)).isEqualTo("News Letter");
    assertThat(event.text(EventColumn.UTM_MEDIUM)).isEqualTo("e-mail");
    assertThat(event.text(EventColumn.CLICK_ID)).isEqualTo("abc");
    assertThat(event.text(EventColumn.REFERRER_HOST)).isEqualTo("www.google.de");
  }

  @Test
  void whatTheClientSaysStands() {
    Draft event =
        enriched(
            Map.of(
                EventColumn.PAGE_URL, "https://a.example/x?utm_source=url",
                EventColumn.PAGE_PATH, "/virtual",
                EventColumn.UTM_SOURCE, "client"));
    assertThat(event.text(EventColumn.PAGE_PATH)).isEqualTo("/virtual");
    assertThat(event.text(EventColumn.UTM_SOURCE)).isEqualTo("client");
  }

  @Test
  void theFirstOfTwoCounts() {
    Draft event =
        enriched(
            Map.of(EventColumn.PAGE_URL, "https://a/?utm_source=&utm_source=b&utm_source=c&x&=y&"));
    assertThat(event.text(EventColumn.UTM_SOURCE)).isEqualTo("b");
  }

  @Test
  void linksThatWereEscapedOnceTooOften() {
    Draft event =
        enriched(
            Map.of(
                EventColumn.PAGE_URL,
                "https://a/?utm_source=news&amp;utm_medium=email&amp;gclid=1&amp;amp=2"));
    assertThat(event.text(EventColumn.UTM_SOURCE)).isEqualTo("news");
    assertThat(event.text(EventColumn.UTM_MEDIUM)).isEqualTo("email");
    assertThat(event.text(EventColumn.CLICK_ID)).isEqualTo("1");
  }

  @Test
  void whatSaysWhereAClickIsFromIsNoClickId() {
    Draft event = enriched(Map.of(EventColumn.PAGE_URL, "https://a/?gclsrc=aw.ds&gclid=abc"));
    assertThat(event.text(EventColumn.CLICK_ID)).isEqualTo("abc");
    Draft alone = enriched(Map.of(EventColumn.PAGE_URL, "https://a/?gclsrc=aw.ds"));
    assertThat(alone.has(EventColumn.CLICK_ID)).isFalse();
  }

  @Test
  void campaignsBehindTheHash() {
    Draft event =
        enriched(
            Map.of(
                EventColumn.PAGE_URL, "https://a.example/#/menu?utm_source=qr&utm_medium=table"));
    assertThat(event.text(EventColumn.UTM_SOURCE)).isEqualTo("qr");
    assertThat(event.text(EventColumn.UTM_MEDIUM)).isEqualTo("table");
  }

  @Test
  void withoutAPageNothing() {
    Draft event = enriched(Map.of());
    for (EventColumn column : EventColumn.values()) {
      assertThat(event.has(column)).as(column.columnName()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "en_us,en-US", "EN-us,en-US", "de,de", "de_DE.UTF-8@euro,de-DE", "zh-hans-cn,zh-Hans-CN",
    "pt-BR,pt-BR", "C,C", "'en-US,en;q=0.9',en-US", "x!,x!", "fil,fil"
  })
  void localesHaveOneSpelling(String sent, String kept) {
    assertThat(enriched(Map.of(EventColumn.LOCALE, sent)).text(EventColumn.LOCALE)).isEqualTo(kept);
  }
}
