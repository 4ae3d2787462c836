package weir.enrich.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.enrich.Draft;
import weir.enrich.Sender;
import weir.event.EventColumn;

class CurrencyEnrichmentTest {
  private static final String TABLE =
      """
      date,currency,rate
      2026-01-01,EUR,1
      2026-01-01,USD,1.10
      2026-02-01,USD,1.20
      2026-01-01,JPY,160
      """;

  @TempDir Path folder;

  private Map<String, Object> enriched(String table, double value, String currency, String at)
      throws IOException {
    Path file = Files.writeString(folder.resolve("rates.csv"), table);
    RatesFile rates = new RatesFile(Optional.of(file));
    rates.refresh();
    EnumMap<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
    columns.put(EventColumn.VALUE, value);
    columns.put(EventColumn.CURRENCY, currency);
    columns.put(EventColumn.TIMESTAMP, Instant.parse(at).toEpochMilli() * 1_000);
    Draft event = new Draft(new Sender("p", "s", 0, null, true), columns, new LinkedHashMap<>());
    new CurrencyEnrichment(rates, "EUR").enrich(event);
    return event.properties();
  }

  @Test
  void worthIsCountedInTheProjectsCurrencyAsOfTheDay() throws IOException {
    assertThat(enriched(TABLE, 11, "USD", "2026-01-15T00:00:00Z"))
        .containsEntry("base_value", 11 / 1.10)
        .containsEntry("base_currency", "EUR");
    assertThat(enriched(TABLE, 12, "usd", "2026-02-01T00:00:00Z"))
        .containsEntry("base_value", 12 / 1.20);
    assertThat(enriched(TABLE, 11, "USD", "2025-01-15T00:00:00Z"))
        .as("before the first rate the first holds")
        .containsEntry("base_value", 11 / 1.10);
    assertThat(enriched(TABLE, 5, "EUR", "2026-01-15T00:00:00Z")).containsEntry("base_value", 5.0);
  }

  @Test
  void whatHasNoRateStaysAsItIs() throws IOException {
    assertThat(enriched(TABLE, 5, "GBP", "2026-01-15T00:00:00Z")).isEmpty();
    assertThat(enriched(TABLE, 5, "points", "2026-01-15T00:00:00Z")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "EUR",
        "EUR,0",
        "EUR,-1",
        "EUR,x",
        "EUR,NaN",
        "EUR,Infinity",
        "2026-13-01,EUR,1",
        "a,b,c,d",
        "euro,1"
      })
  void wrongFilesAreRefused(String table) throws IOException {
    Path file = Files.writeString(folder.resolve("wrong.csv"), table);
    assertThatThrownBy(() -> Rates.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  void theLastGoodFileStays() throws IOException {
    Path file = Files.writeString(folder.resolve("rates.csv"), "EUR,1\nUSD,2\n");
    RatesFile rates = new RatesFile(Optional.of(file));
    rates.refresh();
    Files.writeString(file, "no rates at all");
    rates.refresh();
    assertThat(rates.trouble()).hasValueSatisfying(why -> assertThat(why).contains("line 1"));
    assertThat(rates.rates().convert(4, "USD", "EUR", 0)).hasValue(2);
    Files.writeString(file, "EUR,1\nUSD,4\n# good again\n");
    rates.refresh();
    assertThat(rates.trouble()).isEmpty();
    assertThat(rates.rates().convert(4, "USD", "EUR", 0)).hasValue(1);
  }
}
