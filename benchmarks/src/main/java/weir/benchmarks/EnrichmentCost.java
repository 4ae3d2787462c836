package weir.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import weir.enrich.Draft;
import weir.enrich.Enrichment;
import weir.enrich.Sender;
import weir.enrich.agent.UserAgents;
import weir.enrich.geo.GeoFiles;
import weir.enrich.money.RatesFile;
import weir.enrich.settings.StandardEnrichments;
import weir.event.EventColumn;

/**
 * What each enrichment costs an event, over visits of many agents, addresses and pages; and what
 * agents cost that were never seen.
 */
final class EnrichmentCost {
  private static final int VISITS = 200_000;
  private static final int AGENTS = 2_000;
  private static final int NEW_AGENTS = 10_000;
  private static final double MOST = 4;

  private final Path work;
  private final int rounds;
  private final LongSupplier ticker;
  private final PrintStream out;

  EnrichmentCost(Path work, int rounds, LongSupplier ticker, PrintStream out) {
    this.work = work;
    this.rounds = rounds;
    this.ticker = ticker;
    this.out = out;
  }

  void run(Figures figures) throws IOException {
    java.nio.file.Files.createDirectories(work);
    StandardEnrichments standard =
        new StandardEnrichments(
            new GeoFiles(List.of(), work),
            new RatesFile(Optional.empty()),
            ticker,
            new SimpleMeterRegistry());
    standard.refresh();
    UserAgents.prepare();
    List<Enrichment> all = standard.of("default").all();
    Map<String, List<Double>> costs = new LinkedHashMap<>();
    List<Double> sums = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      List<Draft> visits = visits(round);
      double sum = 0;
      for (Enrichment each : all) {
        double micros = micros(visits, each);
        sum += micros;
        if (round > 0) {
          costs.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(micros);
        }
      }
      if (round > 0) {
        sums.add(sum);
      }
    }
    Table table = new Table("enrichment", "us an event");
    costs.forEach((name, measured) -> table.row(name, "%.2f".formatted(median(measured))));
    table.print(out);
    figures.atMost("all default enrichments, us an event", median(sums), MOST);
    double unknown = median(newAgents());
    figures.note("an agent that was never seen, us", Math.round(unknown));
    figures.atMost(
        "10,000 new agents a second, share of one processor", unknown * NEW_AGENTS / 1e6, 1);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private double micros(List<Draft> visits, Enrichment enrichment) {
    long began = ticker.getAsLong();
    visits.forEach(enrichment::enrich);
    return (ticker.getAsLong() - began) / 1e3 / visits.size();
  }

  private List<Double> newAgents() {
    List<Double> micros = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      UserAgents agents = new UserAgents();
      SplittableRandom random = new SplittableRandom(round);
      List<String> all = new ArrayList<>();
      for (int i = 0; i < NEW_AGENTS; i++) {
        all.add(agent(random, random.nextInt()));
      }
      long began = ticker.getAsLong();
      all.forEach(agents::of);
      if (round > 0) {
        micros.add((ticker.getAsLong() - began) / 1e3 / NEW_AGENTS);
      }
    }
    return micros;
  }

  private static String agent(SplittableRandom random, int version) {
    return switch (random.nextInt(4)) {
      case 0 ->
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/"
              + version
              + ".0.0.0 Safari/537.36";
      case 1 ->
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
              + " Gecko) Version/"
              + version
              + " Mobile/15E148 Safari/604.1";
      case 2 ->
          "Mozilla/5.0 (Linux; Android 15; Pixel "
              + version
              + ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36";
      default ->
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:"
              + version
              + ") Gecko/20100101 Firefox/144.0";
    };
  }

  private static List<Draft> visits(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> agents = new ArrayList<>();
    for (int i = 0; i < AGENTS; i++) {
      agents.add(agent(random, i));
    }
    List<Draft> visits = new ArrayList<>();
    for (int i = 0; i < VISITS; i++) {
      int person = random.nextInt(VISITS / 10);
      EnumMap<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
      columns.put(
          EventColumn.PAGE_URL,
          "https://shop.example/product/"
              + random.nextInt(3_000)
              + "?utm_source=newsletter&utm_medium=email&sort=price");
      columns.put(EventColumn.REFERRER, "https://www.google.com/");
      columns.put(EventColumn.LOCALE, "de-DE");
      columns.put(
          EventColumn.IP,
          (person % 200 + 11) + "." + (person >> 4 & 255) + "." + (person >> 2 & 255) + ".7");
      visits.add(
          new Draft(
              new Sender("default", "web", 0, agents.get(person % AGENTS), true),
              columns,
              new LinkedHashMap<>()));
    }
    return visits;
  }
}
