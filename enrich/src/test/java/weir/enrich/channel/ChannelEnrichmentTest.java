package weir.enrich.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.enrich.Draft;
import weir.enrich.Sender;
import weir.enrich.page.PageEnrichment;
import weir.enrich.page.PageFacts;
import weir.event.EventColumn;

class ChannelEnrichmentTest {
  private final PageFacts.Known pages = new PageFacts.Known();

  private @Nullable String channel(
      List<ChannelRule> own, @Nullable String url, @Nullable String referrer) {
    EnumMap<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
    if (url != null) {
      columns.put(EventColumn.PAGE_URL, url);
    }
    if (referrer != null) {
      columns.put(EventColumn.REFERRER, referrer);
    }
    Draft event = new Draft(new Sender("p", "web", 0, null, true), columns, new LinkedHashMap<>());
    new PageEnrichment(pages).enrich(event);
    new ChannelEnrichment(pages, new Channels(own)).enrich(event);
    return event.text(EventColumn.CHANNEL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          https://a.example/ | - | Direct
          https://a.example/ | https://www.google.com/ | Organic Search
          https://a.example/ | https://duckduckgo.com/ | Organic Search
          https://a.example/?gclid=1 | https://www.google.com/ | Paid Search
          https://a.example/?fbclid=1 | https://l.facebook.com/ | Organic Social
          https://a.example/?utm_source=google&gclid=1 | - | Paid Search
          https://a.example/?utm_source=google&utm_medium=organic&gclid=1 | - | Organic Search
          https://a.example/?utm_source=facebook&fbclid=1 | - | Organic Social
          https://a.example/?utm_source=google&utm_medium=cpc&gad_source=1&gclid=1 | - | Paid Search
          https://a.example/?gclsrc=aw.ds | - | Direct
          https://a.example/?utm_source=facebook&utm_medium=cpc | - | Paid Social
          https://a.example/?utm_source=newsletter&utm_medium=email | - | Email
          https://a.example/?utm_source=qr&utm_medium=table | - | Unassigned
          https://a.example/ | https://t.co/x | Organic Social
          https://a.example/ | https://m.youtube.com/watch | Organic Video
          https://a.example/ | https://mail.google.com/ | Email
          https://a.example/ | https://docs.google.com/ | Referral
          https://a.example/ | android-app://com.google.android.gm/ | Email
          https://a.example/ | android-app://com.google.android.googlequicksearchbox/https/www.google.com | Organic Search
          https://a.example/ | android-app://com.facebook.katana/ | Organic Social
          https://a.example/ | android-app://com.reddit.frontpage | Organic Social
          https://a.example/ | android-app://com.google.android.youtube/ | Organic Video
          https://a.example/ | android-app://com.slack/ | Referral
          https://a.example:8443/2 | https://a.example/1 | -
          http://192.168.0.10:3000/2 | http://192.168.0.10:3000/1 | -
          https://xn--mnchen-3ya.example/2 | https://münchen.example/1 | -
          https://a.example/ | http://shop.other.example/category/20%-off-selected/ | Referral
          https://a.example/ | http://www.ask.com/web?q=site:.nl .nl&frstpgo=0&page=1 | Organic Search
          https://a.example/ | http://bigcommerce%20wordpress%20plugin/ | -
          https://a.example/ | https:/ | -
          https://a.example./2 | https://a.example/1 | -
          https://a.example/ | https://www.google.com./ | Organic Search
          https://a.example/ | https://blog.other.example/ | Referral
          https://a.example/2 | https://a.example/1 | -
          https://shop.firm.co.uk/ | https://www.firm.co.uk/ | -
          https://one.co.uk/ | https://two.co.uk/ | Referral
          - | - | -
          """)
  void visitsHaveAChannel(
      @Nullable String url, @Nullable String referrer, @Nullable String channel) {
    assertThat(channel(List.of(), url, referrer)).isEqualTo(channel);
  }

  @Test
  void aProjectsOwnRulesComeFirst() {
    List<ChannelRule> own = List.of(ChannelRule.of("Tables", "qr", null, null, null));
    String table = "https://a.example/?utm_source=QR&utm_medium=table";
    assertThat(channel(own, table, null)).isEqualTo("Tables");
    assertThat(channel(own, "https://a.example/", null)).isEqualTo("Direct");
  }

  @Test
  void wrongRulesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChannelRule.of("x", "(", null, null, null))
        .withMessageContaining("source is not a regular expression");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChannelRule.of("x", null, null, null, "sea"))
        .withMessageContaining("search, social");
  }

  @Test
  @EnabledIfEnvironmentVariable(
      named = "WEIR_TEST_DATA",
      matches = ".+",
      disabledReason = "skipped: WEIR_TEST_DATA names no folder with channels")
  void publishedVectors() throws IOException {
    Channels channels = new Channels(List.of());
    List<String> wrong = new ArrayList<>();
    JsonNode all = new ObjectMapper().readTree(file("ga4_channel_grouping_vectors.json").toFile());
    for (JsonNode each : all) {
      Visit visit =
          new Visit(lower(each, "source"), lower(each, "medium"), lower(each, "campaign"));
      String found = channels.of(visit);
      if (!found.equals(each.path("expected_channel").asText())) {
        wrong.add(each + ": " + found);
      }
    }
    System.out.printf("channels: %d of %d%n", all.size() - wrong.size(), all.size());
    assertThat(all).hasSize(30);
    assertThat(wrong).isEmpty();
  }

  private static Path file(String name) {
    return Path.of(System.getenv("WEIR_TEST_DATA"), "referrer-channel", name);
  }

  private static String lower(JsonNode row, String field) {
    return row.path(field).asText().toLowerCase(java.util.Locale.ROOT);
  }

  @Test
  @EnabledIfEnvironmentVariable(
      named = "WEIR_TEST_DATA",
      matches = ".+",
      disabledReason = "skipped: WEIR_TEST_DATA names no folder with public suffixes")
  void registrableDomains() throws IOException {
    Pattern line = Pattern.compile("checkPublicSuffix\\('([^']*)', (?:'([^']*)'|null)\\);");
    List<String> wrong = new ArrayList<>();
    int cases = 0;
    for (String each : Files.readAllLines(file("psl_test_psl.txt"))) {
      Matcher found = line.matcher(each);
      if (!each.startsWith("//") && found.matches()) {
        cases++;
        String domain = RegistrableDomain.of(found.group(1));
        if (!java.util.Objects.equals(domain, found.group(2))) {
          wrong.add(each + ": " + domain);
        }
      }
    }
    System.out.printf("registrable domains: %d of %d%n", cases - wrong.size(), cases);
    assertThat(cases).isGreaterThan(50);
    assertThat(wrong).isEmpty();
  }

  @Test
  void longAndStrangeTextsEnd() {
    String strange = "shop".repeat(2_000);
    Map<String, String> hostile =
        Map.of(
            "https://a.example/?utm_campaign=" + strange,
            "Organic Shopping",
            "https://a.example/?utm_source=%00%FF&utm_medium=%",
            "Unassigned");
    hostile.forEach((url, channel) -> assertThat(channel(List.of(), url, null)).isEqualTo(channel));
  }
}
