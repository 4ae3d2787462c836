package weir.server.api;

import com.google.common.util.concurrent.Uninterruptibles;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import weir.delivery.Deliveries;
import weir.delivery.DeliveryOptions;
import weir.enrich.Enrichment;
import weir.enrich.geo.GeoFiles;
import weir.enrich.money.RatesFile;
import weir.enrich.settings.EnrichmentSettings;
import weir.enrich.settings.StandardEnrichments;
import weir.event.ProjectProperties;
import weir.log.MemoryLog;
import weir.process.MetaDatabase;
import weir.server.enrichment.ProjectSettings;
import weir.server.plugins.PluginReport;
import weir.server.schemas.Schemas;
import weir.server.stream.Taps;
import weir.server.tables.Snapshots;
import weir.server.tables.Tables;
import weir.server.webhook.Webhooks;
import weir.tap.CleanEvents;
import weir.tap.EventStream;
import weir.tools.importing.ImportId;
import weir.tools.undo.Imports;

/** An engine whose answers are known. */
final class KnownEngine implements Engine {
  final KnownTables tables = new KnownTables();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final CleanEvents events =
      new CleanEvents(new MemoryLog(), project -> ProjectProperties.NONE);
  private final Taps taps = new Taps(events, EventStream.start(events, System::nanoTime, meters));

  private volatile CountDownLatch answers = new CountDownLatch(0);
  private volatile Readiness readiness = new Readiness(true, "");

  void setReadiness(Readiness now) {
    readiness = now;
  }

  /** From now on it says whether it is ready only once that is counted down. */
  void answerAfter(CountDownLatch latch) {
    answers = latch;
  }

  @Override
  public String ledger(String project, LedgerQuestion question) {
    return "{\"project\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"limit\":%d,\"source\":\"%s\"}"
        .formatted(
            project, question.from(), question.to(), question.limit(), question.after().source());
  }

  @Override
  public String status() throws IOException {
    throw new IOException("broken on purpose");
  }

  @Override
  public String metrics() {
    return "# HELP weir_x X.\nweir_x 1\n";
  }

  @Override
  public Webhooks webhooks() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, Long> keyUsage() {
    return Map.of();
  }

  @Override
  public Tables tables() {
    return tables;
  }

  @Override
  public Snapshots snapshots() {
    return new KnownSnapshots();
  }

  @Override
  public Readiness readiness() {
    Uninterruptibles.awaitUninterruptibly(answers);
    return readiness;
  }

  @Override
  public Imports imports() {
    return new Imports() {
      @Override
      public String describe(String project, ImportId id, Duration wait) {
        return "{\"import\":\"" + id.text() + "\",\"wait\":" + wait.toSeconds() + "}";
      }

      @Override
      public String undo(String project, ImportId id) {
        return "{\"import\":\"" + id.text() + "\"}";
      }
    };
  }

  @Override
  public Taps taps() {
    return taps;
  }

  /** How many read the stream. */
  double subscribers() {
    return meters.get("weir_stream_subscribers").gauge().value();
  }

  @Override
  public ProjectSettings enrichments() {
    return new ProjectSettings() {
      private final StandardEnrichments all =
          new StandardEnrichments(
              new GeoFiles(List.of(), Path.of("target")),
              new RatesFile(Optional.empty()),
              () -> 0,
              new SimpleMeterRegistry());
      private EnrichmentSettings settings = EnrichmentSettings.DEFAULTS;

      @Override
      public synchronized EnrichmentSettings settings(String project) {
        return settings;
      }

      @Override
      public List<Enrichment> inForce(String project) {
        return all.of(project).all();
      }

      @Override
      public PluginReport pluginReport() {
        return new PluginReport("plugins", List.of(), List.of());
      }

      @Override
      public synchronized void set(String project, EnrichmentSettings wanted) {
        settings = wanted;
        all.set(project, wanted);
      }
    };
  }

  /** Of one database for all tests, which none delivers from. */
  private static final class Delivering {
    static final Deliveries NOTHING = nothing();

    private static Deliveries nothing() {
      try {
        Path folder = Files.createTempDirectory("weir-known-engine");
        Path file = folder.resolve("meta.db");
        folder.toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        return Deliveries.start(
            MetaDatabase.open(file).jdbi(),
            new CleanEvents(new MemoryLog(), project -> ProjectProperties.NONE),
            (project, key) -> true,
            new DeliveryOptions(
                List.of(),
                Duration.ofSeconds(1),
                1,
                Duration.ofSeconds(1),
                1_000,
                2,
                10,
                1_000,
                Duration.ofDays(1),
                1_000),
            InstantSource.system(),
            new SimpleMeterRegistry());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public Deliveries deliveries() {
    return Delivering.NOTHING;
  }

  @Override
  public Schemas schemas() {
    return new Schemas() {
      @Override
      public List<Column> list(String project) {
        return Stream.of("a", "b", "c").map(name -> column(name, State.USED)).toList();
      }

      @Override
      public ProjectProperties properties(String project) {
        return ProjectProperties.of(
            List.of(new ProjectProperties.Property("category", Optional.empty(), true)), true);
      }

      @Override
      public List<Column> drop(String project, Set<String> names, Optional<String> source) {
        List<String> all = new ArrayList<>(new TreeSet<>(names));
        source.ifPresent(all::add);
        return all.stream().map(name -> column(name, State.DROPPED)).toList();
      }

      private Column column(String name, State state) {
        return new Column(name, "p_" + name, "string", "web", Instant.EPOCH, state);
      }
    };
  }
}
