package weir.enrich.settings;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import weir.enrich.Enrichment;
import weir.enrich.Enrichments;
import weir.enrich.ProjectEnrichments;
import weir.enrich.agent.AgentEnrichment;
import weir.enrich.agent.BotEnrichment;
import weir.enrich.agent.UserAgents;
import weir.enrich.channel.ChannelEnrichment;
import weir.enrich.channel.Channels;
import weir.enrich.geo.AddressEnrichment;
import weir.enrich.geo.GeoEnrichment;
import weir.enrich.geo.GeoFiles;
import weir.enrich.geo.InternalEnrichment;
import weir.enrich.money.CurrencyEnrichment;
import weir.enrich.money.RatesFile;
import weir.enrich.page.LocaleEnrichment;
import weir.enrich.page.PageEnrichment;
import weir.enrich.page.PageFacts;

/**
 * The enrichments that Weir brings, for each project as it wants them. What they keep of agents,
 * pages and addresses all projects share.
 */
public final class StandardEnrichments implements ProjectEnrichments {
  private final GeoFiles places;
  private final RatesFile rates;
  private final LongSupplier ticker;
  private final MeterRegistry metrics;
  private final PageFacts.Known pages = new PageFacts.Known();
  private final UserAgents agents = new UserAgents();
  private final Channels channels = new Channels(List.of());
  private final Enrichments defaults;
  private final Map<String, Enrichments> own = new ConcurrentHashMap<>();

  /**
   * @param ticker nanoseconds, for durations
   */
  public StandardEnrichments(
      GeoFiles places, RatesFile rates, LongSupplier ticker, MeterRegistry metrics) {
    this.places = places;
    this.rates = rates;
    this.ticker = ticker;
    this.metrics = metrics;
    this.defaults = made(EnrichmentSettings.DEFAULTS);
  }

  @Override
  public Enrichments of(String project) {
    return own.getOrDefault(project, defaults);
  }

  /** Events that are decided from now on pass those that these settings ask for. */
  public void set(String project, EnrichmentSettings settings) {
    own.put(project, made(settings));
  }

  /** Looks for files that have changed. May take seconds; on one thread. */
  public void refresh() {
    places.refresh();
    rates.refresh();
  }

  /** What is wrong with a file. */
  public Optional<String> trouble() {
    return places.trouble().or(rates::trouble);
  }

  private Enrichments made(EnrichmentSettings settings) {
    List<Enrichment> all = new ArrayList<>();
    all.add(new PageEnrichment(pages));
    all.add(new LocaleEnrichment());
    all.add(new AgentEnrichment(agents));
    all.add(new BotEnrichment(agents, settings.bots()));
    all.add(new GeoEnrichment(places));
    all.add(new InternalEnrichment(settings.internalNetworks(), settings.dropsInternal()));
    all.add(
        new ChannelEnrichment(
            pages, settings.channels().isEmpty() ? channels : new Channels(settings.channels())));
    settings.currency().ifPresent(base -> all.add(new CurrencyEnrichment(rates, base)));
    all.add(new AddressEnrichment(settings.ip()));
    all.removeIf(each -> !settings.isOn(each.name()));
    return new Enrichments(all, ticker, metrics);
  }
}
