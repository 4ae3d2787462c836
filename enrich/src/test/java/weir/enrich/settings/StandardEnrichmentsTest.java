package weir.enrich.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.enrich.Draft;
import weir.enrich.Enrichment;
import weir.enrich.Enrichments;
import weir.enrich.Sender;
import weir.enrich.Verdict;
import weir.enrich.geo.GeoFiles;
import weir.enrich.money.RatesFile;
import weir.event.EventColumn;

class StandardEnrichmentsTest {
  private static final String PHONE =
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
          + " Gecko) Version/18.3 Mobile/15E148 Safari/604.1";
  private static final String CRAWLER =
      "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

  @TempDir Path folder;

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final AtomicLong ticks = new AtomicLong();

  private StandardEnrichments standard() {
    StandardEnrichments standard =
        new StandardEnrichments(
            new GeoFiles(List.of(), folder),
            new RatesFile(Optional.empty()),
            () -> ticks.addAndGet(1_000),
            metrics);
    standard.refresh();
    return standard;
  }

  private static Draft visit(String agent) {
    EnumMap<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
    columns.put(
        EventColumn.PAGE_URL, "https://menu.example/?utm_source=newsletter&utm_medium=email");
    columns.put(EventColumn.IP, "8.8.8.8");
    columns.put(EventColumn.LOCALE, "de_at");
    return new Draft(new Sender("p", "web", 0, agent, true), columns, new LinkedHashMap<>());
  }

  @Test
  void aVisitIsFilledInOneOrder() {
    StandardEnrichments standard = standard();
    Draft event = visit(PHONE);
    assertThat(standard.of("p").apply(event)).isEqualTo(Verdict.PASS);
    assertThat(
            List.of(
                EventColumn.PAGE_HOST,
                EventColumn.UTM_SOURCE,
                EventColumn.CHANNEL,
                EventColumn.COUNTRY,
                EventColumn.BROWSER,
                EventColumn.OS,
                EventColumn.DEVICE_TYPE,
                EventColumn.LOCALE,
                EventColumn.IP))
        .extracting(event::get)
        .containsExactly(
            "menu.example",
            "newsletter",
            "Email",
            "US",
            "Mobile Safari",
            "iOS",
            "mobile",
            "de-AT",
            "8.8.8.8");
    assertThat(event.get(EventColumn.IS_BOT)).isEqualTo(false);
    assertThat(standard.of("p").all().stream().map(Enrichment::name))
        .isSubsetOf(Enrichments.NAMES)
        .containsExactly("page", "locale", "agent", "bots", "geo", "internal", "channel", "ip");
  }

  @Test
  void eachProjectHasItsOwn() {
    StandardEnrichments standard = standard();
    standard.set(
        "p",
        SettingsJson.read(
            """
            {"off":["geo","locale"],"bots":"drop","ip":"mask",
             "internal":{"networks":["8.8.8.0/24"]},
             "channels":[{"channel":"Letters","medium":"email"}]}\
            """));
    Draft event = visit(PHONE);
    assertThat(standard.of("p").apply(event)).isEqualTo(Verdict.PASS);
    assertThat(event.has(EventColumn.COUNTRY)).isFalse();
    assertThat(event.text(EventColumn.LOCALE)).isEqualTo("de_at");
    assertThat(event.text(EventColumn.IP)).isEqualTo("8.8.8.0");
    assertThat(event.text(EventColumn.CHANNEL)).isEqualTo("Letters");
    assertThat(event.properties()).containsEntry("traffic_type", "internal");
    assertThat(standard.of("p").apply(visit(CRAWLER))).isEqualTo(new Verdict.Drop("bot"));
    assertThat(standard.of("other").apply(visit(CRAWLER))).isEqualTo(Verdict.PASS);
  }

  @Test
  void policiesLeaveOutAndQuarantine() {
    StandardEnrichments standard = standard();
    standard.set("p", SettingsJson.read("{\"bots\":\"quarantine\"}"));
    assertThat(standard.of("p").apply(visit(CRAWLER)))
        .isInstanceOfSatisfying(
            Verdict.Quarantine.class, bad -> assertThat(bad.reason()).isEqualTo("bot"));
    standard.set(
        "p", SettingsJson.read("{\"internal\":{\"networks\":[\"8.8.8.8\"],\"policy\":\"drop\"}}"));
    assertThat(standard.of("p").apply(visit(PHONE)))
        .isEqualTo(new Verdict.Drop("internal_traffic"));
  }

  @Test
  void timeIsMeasuredForOneOfMany() {
    StandardEnrichments standard = standard();
    for (int i = 0; i < 1_024; i++) {
      standard.of("p").apply(visit(PHONE));
    }
    assertThat(metrics.get("weir_enrich_seconds").tag("enrichment", "agent").timer().count())
        .isEqualTo(4);
  }

  @Test
  void whatFailsIsPassedOver() {
    Enrichment failing =
        new Enrichment() {
          @Override
          public String name() {
            return "failing";
          }

          @Override
          public String description() {
            return "fails";
          }

          @Override
          public Verdict enrich(Draft event) {
            throw new IllegalStateException("on purpose");
          }
        };
    Enrichments all = new Enrichments(List.of(failing), () -> 0, metrics);
    assertThat(all.apply(visit(PHONE))).isEqualTo(Verdict.PASS);
    assertThat(metrics.get("weir_enrich_failures").counter().count()).isEqualTo(1);
  }

  @Test
  void settingsAreWrittenAsTheyAreRead() {
    String text =
        "{\"off\":[\"agent\",\"geo\"],\"bots\":\"drop\",\"ip\":\"drop\",\"internal\":{\"networks\":"
            + "[\"10.0.0.0/8\",\"2001:db8::/32\"],\"policy\":\"drop\"},\"currency\":\"EUR\","
            + "\"channels\":[{\"channel\":\"QR\",\"source\":\"qr\",\"category\":\"social\"}],"
            + "\"plugins\":[{\"name\":\"dishes\",\"settings\":{\"menu\":[1,2]}}]}";
    assertThat(SettingsJson.write(SettingsJson.read(text))).hasToString(text);
    assertThat(SettingsJson.read("{}").off()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                                  | must be an object
          {"of":[]}                           | there are off, bots, ip
          {"off":["geoip"]}                   | no enrichment 'geoip'; there are page
          {"off":"geo"}                       | must be a list of texts
          {"bots":"allow"}                    | one of flag, drop, quarantine
          {"ip":7}                            | one of keep, mask, drop
          {"internal":{"networks":["x"]}}     | is not a network
          {"internal":7}                      | must be an object
          {"currency":"euro"}                 | three letters
          {"channels":[{"channel":""}]}       | channels[0]: a channel's name
          {"channels":[{"chanel":"x"}]}       | channels[0] has no 'chanel'
          {"channels":[{"channel":"x","source":"("}]} | not a regular expression
          {                                   | not JSON
          """)
  void wrongSettingsSayWhatIsWrong(String text, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SettingsJson.read(text))
        .withMessageContaining(why);
  }
}
