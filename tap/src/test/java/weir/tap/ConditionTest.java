package weir.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.CleanEvent;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.ProjectProperties;
import weir.event.RawPosition;

class ConditionTest {
  private final CleanEvent event =
      CleanEvent.builder()
          .set(EventColumn.EVENT, "ordered")
          .set(EventColumn.EVENT_ID, "1")
          .set(EventColumn.TIMESTAMP, 1_000_000L)
          .set(EventColumn.COUNTRY, "SE")
          .set(EventColumn.IS_BOT, false)
          .set(EventColumn.PROPERTIES, "{\"big\":9007199254740993,\"my name\":\"it's\"}")
          .properties(Map.of("p_dish", "pea soup", "p_price", 9.5, "p_paid", true))
          .build(new Origin("p", "web", 1, 2, new RawPosition(0, 0)));

  private final ProjectProperties known =
      ProjectProperties.of(
          List.of(
              new ProjectProperties.Property("dish", Optional.of("p_dish"), false),
              new ProjectProperties.Property("price", Optional.of("p_price"), false),
              new ProjectProperties.Property("paid", Optional.of("p_paid"), false)),
          false);

  private String of(String text) {
    Boolean holds = ConditionParser.parse(text).of(new PropertyValues(event, known));
    return holds == null ? "unknown" : holds.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "price = 9.5 | true",
        "price <> 9.5 | false",
        "price > 9 and price < 10 | true",
        "PRICE > 9 | unknown",
        "price BETWEEN 9 AND 9.5 | true",
        "price not between 9 and 9.5 | false",
        "dish = 'pea soup' | true",
        "dish in ('pie', 'pea soup') | true",
        "dish NOT IN ('pie') | true",
        "dish like 'pea%' | true",
        "dish like '_ea s%p' | true",
        "dish like 'pea' | false",
        "dish not like '%pie%' | true",
        "dish = 3 | unknown",
        "not dish = 3 | unknown",
        "paid = true and is_bot = false | true",
        "country = 'SE' or nothing = 1 | true",
        "country = 'DE' or nothing = 1 | unknown",
        "country = 'DE' and nothing = 1 | false",
        "country = 'SE' and nothing = 1 | unknown",
        "nothing is null and country is not null | true",
        "big = 9007199254740993 | true",
        "big = 9007199254740992 | false",
        "\"my name\" = 'it''s' | true",
        "timestamp = '1970-01-01T00:00:01Z' | true",
        "timestamp >= '1970-01-01T02:00:01+02:00' | true",
        "timestamp > 'yesterday' | unknown",
        "(country = 'DE' or price > 1) and not (dish = 'pie') | true",
      })
  void conditionsSayWhatSqlSays(String text, String says) {
    assertThat(of(text)).isEqualTo(says);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "price",
        "price =",
        "price = 'x",
        "price = name",
        "= 1",
        "price = 1 price = 2",
        "(price = 1",
        "price in ()",
        "price in (1",
        "price is 3",
        "price not = 1",
        "price like 1",
        "price between 1",
        "price = 1; drop table x",
        "f(price) = 1",
      })
  void whatIsNoConditionIsRefused(String text) {
    assertThatThrownBy(() -> ConditionParser.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hostileConditionsEndSoon() {
    for (String text :
        List.of(
            "(".repeat(9_000),
            "not ".repeat(2_400) + "a = 1",
            "a = '" + "''".repeat(4_900),
            "a = '" + "x".repeat(20_000) + "'")) {
      assertThatThrownBy(() -> ConditionParser.parse(text))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(ConditionParser.parse("a = 1" + " or a = 1".repeat(1_000))).isNotNull();
    assertThat(LikePattern.matches("%a".repeat(2_000) + "b", "a".repeat(20_000))).isFalse();
  }

  /** Beside the slow way: a regular expression. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void patternsMatchAsRegularExpressionsDo(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      String pattern = text(random, "ab%_", random.nextInt(7));
      String text = text(random, "ab", random.nextInt(9));
      String slow = pattern.replace("%", ".*").replace('_', '.');
      assertThat(LikePattern.matches(pattern, text))
          .as("'%s' like '%s'", text, pattern)
          .isEqualTo(Pattern.matches(slow, text));
    }
  }

  private static String text(Random random, String letters, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }
}
