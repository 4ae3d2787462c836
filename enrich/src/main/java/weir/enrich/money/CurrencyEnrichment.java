package weir.enrich.money;

import java.util.Locale;
import java.util.OptionalDouble;
import weir.enrich.Draft;
import weir.enrich.Enrichment;
import weir.enrich.Verdict;
import weir.event.EventColumn;

/** An event's worth in the project's own currency, beside what was sent. */
public final class CurrencyEnrichment implements Enrichment {
  private static final String WORTH = "base_value";
  private static final String CURRENCY = "base_currency";

  private final RatesFile rates;
  private final String base;

  /**
   * @param base three letters in upper case
   */
  public CurrencyEnrichment(RatesFile rates, String base) {
    this.rates = rates;
    this.base = base;
  }

  @Override
  public String name() {
    return "currency";
  }

  @Override
  public String description() {
    return "base_value, base_currency: the worth in your own currency (set --currency)";
  }

  @Override
  public Verdict enrich(Draft event) {
    if (event.get(EventColumn.VALUE) instanceof Double value
        && event.get(EventColumn.CURRENCY) instanceof String currency
        && currency.length() == 3) {
      long at =
          event.get(EventColumn.TIMESTAMP) instanceof Long timestamp
              ? timestamp
              : event.sender().receivedAt();
      OptionalDouble worth =
          rates.rates().convert(value, currency.toUpperCase(Locale.ROOT), base, at);
      if (worth.isPresent()) {
        event.properties().putIfAbsent(WORTH, worth.getAsDouble());
        event.properties().putIfAbsent(CURRENCY, base);
      }
    }
    return Verdict.PASS;
  }
}
